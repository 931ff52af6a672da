import { findTenant, type Tenant, tenants } from '../seed.ts'
import { readCookie } from '../server/cookies.ts'
import { isLoopbackUrl } from '../server/loopback.ts'
import { messagePage } from '../server/page.ts'
import type { SsoSession, WristbandState } from './state.ts'

export const vendor = 'Wristband'
export const sessionCookie = 'latchkey-emulator-wristband-sso'

/** A tenant at one of its hosts. */
export interface TenantHost {
  readonly tenant: Tenant
  /** The host itself where it is the tenant's own domain. */
  readonly customDomain: string | null
}

/** Whether a host is a tenant's, or would be if there were such a tenant. */
export const isTenantHost =
  (url: string) =>
  (hostname: string): boolean =>
    hostname.endsWith(`.${new URL(url).hostname}`) && hostname !== new URL(vanityUrl(url)).hostname

/** The tenant that a request's host names: `acme.localhost:4001` is acme's while the custom domain is active. */
export function tenantHostOf({ application, url }: WristbandState, request: Request): TenantHost | undefined {
  const { host, hostname } = new URL(request.url)
  const owner = application.customDomains.get(hostname)
  if (owner) return { tenant: tenants[owner], customDomain: host }
  const suffix = tenantSuffix({ application, url })
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
  const host = customDomainOf(state, tenant) ?? withPortOf(state.url, `${tenant.name}${tenantSuffix(state)}`)
  return `${new URL(state.url).protocol}//${host}`
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

/** Whether an address, with any tenant filled in, is on this machine: what is accepted while nothing is registered. */
export const isOfThisMachine = (address: string): boolean => isLoopbackUrl(address.replace(placeholder, 'tenant'))

/** Wristband shows its own page where it cannot trust the way back to the application. */
export const errorPage = (text: string, status = 400): Response =>
  messagePage(vendor, { status, title: 'This sign-in cannot go on', text })

export const unknownTenantPage = (): Response => errorPage('No tenant has this host.', 404)

/** The origin of the application's vanity domain; its custom domain is the host of our own URL. */
export const vanityUrl = (url: string): string => {
  const { protocol, host } = new URL(url)
  return `${protocol}//app-example.${host}`
}

const tenantSuffix = ({ application, url }: Pick<WristbandState, 'application' | 'url'>): string =>
  application.customDomainActive ? `.${new URL(url).hostname}` : `-${new URL(vanityUrl(url)).hostname}`

/** A host at which the port is our own. */
export function withPortOf(url: string, hostname: string): string {
  const { port } = new URL(url)
  return port === '' ? hostname : `${hostname}:${port}`
}

function customDomainOf({ url, application }: WristbandState, tenant: Tenant): string | null {
  const own = [...application.customDomains].find(([, owner]) => owner === tenant.name)
  return own ? withPortOf(url, own[0]) : null
}
