import { findTenant, type Tenant, tenants } from '../seed.ts'
import { readCookie } from '../server/cookies.ts'
import { messagePage } from '../server/page.ts'
import type { SsoSession, WristbandState } from './state.ts'

export const vendor = 'Wristband'
export const sessionCookie = 'latchkey-emulator-wristband-sso'
/** The application's vanity host, without its port; its custom domain is plain `localhost`. */
export const vanityHost = 'app-example.localhost'

/** A tenant at one of its hosts. */
export interface TenantHost {
  readonly tenant: Tenant
  /** The host itself where it is the tenant's own domain. */
  readonly customDomain: string | null
}

/** Whether a host is a tenant's, or would be if there were such a tenant. */
export const isTenantHost = (hostname: string): boolean => hostname.endsWith('.localhost') && hostname !== vanityHost

/** The tenant that a request's host names: `acme.localhost:4001` is acme's while the custom domain is active. */
export function tenantHostOf({ application }: WristbandState, request: Request): TenantHost | undefined {
  const { host, hostname } = new URL(request.url)
  const owner = application.customDomains.get(hostname)
  if (owner) return { tenant: tenants[owner], customDomain: host }
  const suffix = tenantSuffix(application)
  const tenant = hostname.endsWith(suffix) ? findTenant(hostname.slice(0, -suffix.length)) : undefined
  return tenant && { tenant, customDomain: null }
}

/** Who is signed in at this tenant in this browser. */
export function currentSession(state: WristbandState, request: Request, tenant: Tenant): SsoSession | undefined {
  const session = state.sessions.get(readCookie(request, sessionCookie))
  return session?.tenant === tenant ? session : undefined
}

/** The origin of the application's own host, and the issuer. */
export const applicationUrl = ({ url, application }: WristbandState): string =>
  application.customDomainActive ? url : vanityUrl(url)

/** Whether tokens of ours may have this issuer: the application's other domain had its time, too. */
export const isIssuer = ({ url }: WristbandState, issuer: unknown): boolean =>
  issuer === url || issuer === vanityUrl(url)

/** The origin of a tenant's host: its own domain, if it has one. */
export function tenantUrl(state: WristbandState, tenant: Tenant): string {
  const host = customDomainOf(state, tenant)
  return `http://${host ?? `${tenant.name}${tenantSuffix(state.application)}:${new URL(state.url).port}`}`
}

/** Where a tenant's users begin at the application, or at Wristband itself if it has no login of its own. */
export function tenantLoginUrl(
  state: WristbandState,
  tenant: Tenant,
  customDomain: string | null = customDomainOf(state, tenant),
): URL {
  const { loginUrl } = state.application
  if (loginUrl === null) return new URL(`${applicationUrl(state)}/login`)
  const url = fillTenantName(loginUrl, tenant)
  if (customDomain !== null) url.searchParams.set('tenant_custom_domain', customDomain)
  return url
}

/** An address whose `{tenant_name}` is filled in, or to which the name is added. */
export function fillTenantName(address: string, tenant: Tenant): URL {
  const url = new URL(address.replace(placeholder, tenant.name))
  if (!address.includes(placeholder)) url.searchParams.set('tenant_name', tenant.name)
  return url
}

export const placeholder = '{tenant_name}'

/** Wristband shows its own page where it cannot trust the way back to the application. */
export const errorPage = (text: string, status = 400): Response =>
  messagePage(vendor, { status, title: 'This sign-in cannot go on', text })

export const unknownTenantPage = (): Response => errorPage('No tenant has this host.', 404)

const vanityUrl = (url: string): string => `http://${vanityHost}:${new URL(url).port}`

const tenantSuffix = ({ customDomainActive }: WristbandState['application']): string =>
  customDomainActive ? '.localhost' : `-${vanityHost}`

function customDomainOf({ url, application }: WristbandState, tenant: Tenant): string | null {
  const own = [...application.customDomains].find(([, owner]) => owner === tenant.name)
  return own ? `${own[0]}:${new URL(url).port}` : null
}
