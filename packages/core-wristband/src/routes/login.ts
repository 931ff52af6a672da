import {
  isAuthError,
  type Outcome,
  type ProviderRoute,
  type ReturnTarget,
  type RouteContext,
} from '@latchkey/core/provider'
import { loadProtocol } from '../client/load-protocol.ts'
import { applicationLoginUrl } from '../client/sign-out.ts'
import type { StartLoginOptions } from '../client/start-login.ts'
import { wristbandError } from '../model/errors.ts'
import type { WristbandTransaction } from '../model/identity.ts'
import {
  type CustomDomain,
  type KnownTenant,
  parseTenantName,
  tenantName,
  tenantReference,
  toCustomDomain,
} from '../tenant/reference.ts'
import { configuredTenant } from '../tenant/tenancy.ts'
import type { MountedApplication } from './mount.ts'

/** Begins a sign-in at the tenant that the host, the query or the options name; without one, where the user finds it. */
export function loginRoute(mounted: MountedApplication): ProviderRoute<'wristband'> {
  return {
    method: 'GET',
    path: '/login',
    accepts: 'navigation',
    async handle(request, context) {
      const { search, searchParams: query } = new URL(request.url)
      const options = loginOptions(query)
      const returnTo = context.returnTarget(single(query, 'return_url'))
      const tenant = await tenantOf(mounted, query, context)
      const elsewhere = await wayToTenant(mounted, tenant, { context, search, returnTo })
      if (elsewhere !== null) return { kind: 'redirect', to: elsewhere }
      return redirect(mounted, context, { ...options, tenant: tenantReference(tenant), returnTo })
    },
  }
}

async function redirect(
  { application, redirectUri }: MountedApplication,
  context: RouteContext,
  options: StartLoginOptions,
): Promise<Outcome<'wristband'>> {
  const { startLogin } = await loadProtocol()
  const state = await context.newState()
  const { url, id, transaction } = await startLogin(application, {
    ...options,
    redirectUri: redirectUri(context),
    state,
  })
  await context.transactions<WristbandTransaction>('login').put(id, transaction)
  return { kind: 'redirect', to: url }
}

/** @throws `wristband/tenant_mismatch` for another tenant than the one of this host, and the codes of the names */
async function tenantOf(
  { tenancy, isAllowedDomain }: MountedApplication,
  query: URLSearchParams,
  context: RouteContext,
): Promise<KnownTenant> {
  const fixed = tenancy.kind === 'single' ? tenancy.tenant : tenancy.kind === 'subdomain' ? context.tenant : null
  const named = single(query, 'tenant_name')
  const domain = single(query, 'tenant_custom_domain')
  const name = named === undefined ? null : tenantName(named)
  if (fixed !== null && name !== null && name !== parseTenantName(fixed)) {
    throw wristbandError('wristband/tenant_mismatch')
  }
  const known = name ?? parseTenantName(fixed)
  const asked = domain === undefined ? null : toCustomDomain(domain)
  const isConfirmed = asked !== null && (await isUsable(asked, { isAllowedDomain, isNeeded: known === null }))
  if (isConfirmed) return { name: known, customDomain: asked }
  return { name: known ?? parseTenantName(configuredTenant(tenancy)), customDomain: null }
}

/**
 * Whether a sign-in goes to a domain. Where the tenant's name is known, the host of that name serves in its place: a
 * domain that is not confirmed, or cannot be, is no outage then.
 *
 * @throws `wristband/custom_domain_not_allowed`, `wristband/custom_domain_unconfirmed` where nothing else leads to the
 *   tenant
 */
async function isUsable(
  domain: CustomDomain,
  { isAllowedDomain, isNeeded }: Pick<MountedApplication, 'isAllowedDomain'> & { readonly isNeeded: boolean },
): Promise<boolean> {
  try {
    if (await isAllowedDomain(domain)) return true
  } catch (error) {
    if (isNeeded || !isAuthError(error)) throw error
  }
  if (isNeeded) throw wristbandError('wristband/custom_domain_not_allowed')
  return false
}

/** What a browser brings that must go elsewhere first. */
interface ComingFrom {
  readonly context: RouteContext
  readonly search: string
  readonly returnTo: ReturnTarget
}

/**
 * Where a browser goes for which no login can begin here: to its tenant's own host, or to the page where users find
 * their tenant. Null if it can: then login and callback share this host, whose cookies are its own.
 */
async function wayToTenant(
  { application, tenantRoot, loginPath }: MountedApplication,
  { name, customDomain }: KnownTenant,
  { context, search, returnTo }: ComingFrom,
): Promise<URL | null> {
  const discovery = async (): Promise<URL> => applicationLoginUrl(application, await context.newTicket(returnTo))
  if (tenantRoot !== null) {
    if (context.tenant !== null) return null
    return name === null ? discovery() : new URL(`${tenantRoot.replace('{tenant}', name)}${loginPath}${search}`)
  }
  if (name !== null || customDomain !== null) return null
  const { applicationAuthorization } = await application.configuration.read()
  return applicationAuthorization ? null : discovery()
}

function loginOptions(query: URLSearchParams): Omit<StartLoginOptions, 'tenant'> {
  const loginHint = single(query, 'login_hint')
  const idpHint = single(query, 'idp_hint')
  const prompt = single(query, 'prompt')
  const maxAge = single(query, 'max_age')
  if (prompt !== undefined && prompt !== 'login' && prompt !== 'none') throw invalid('prompt')
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) throw invalid('max_age')
  // No sign-in fulfils both.
  if (prompt === 'none' && Number(maxAge) === 0) throw invalid('max_age')
  return { loginHint, idpHint, prompt, maxAuthAgeSeconds: maxAge === undefined ? undefined : Number(maxAge) }
}

function single(query: URLSearchParams, parameter: string): string | undefined {
  const [value, ...others] = query.getAll(parameter)
  if (others.length > 0) throw wristbandError('wristband/duplicate_parameter', { cause: { parameter } })
  return value
}

function invalid(parameter: string): Error {
  return wristbandError('wristband/parameter_invalid', { cause: { parameter } })
}
