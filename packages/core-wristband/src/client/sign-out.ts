import { checkOptions, type OptionRules, parseWebUrl, required, rule } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
import { createDomains, customDomainOrigin } from '../tenant/domains.ts'
import { knownTenant, type TenantReference } from '../tenant/reference.ts'

/** Where a sign-out at Wristband begins and ends. */
export interface SignOutOptions {
  /** The tenant whose sign-on at Wristband ends; null where it is not known. */
  readonly tenant: TenantReference | null
  /** Where Wristband sends the browser then: registered there, https, or http on loopback. */
  readonly returnTo?: URL | undefined
  /** Handed back in the query: 512 characters at most. */
  readonly state?: string | undefined
}

const maximumStateLength = 512

const rules: OptionRules<SignOutOptions> = {
  tenant: required(rule('must be `{ name }`, `{ customDomain }` or null', (value) => typeof value === 'object')),
  returnTo: rule(
    'must be an https URL (http on loopback) without a fragment',
    (value) => value instanceof URL && parseWebUrl(value.href) !== null,
  ),
  state: rule(
    `must be a text of at most ${maximumStateLength} characters`,
    (value) => typeof value === 'string' && value.length <= maximumStateLength,
  ),
}

/** The URL that ends a sign-on at Wristband. See {@link WristbandClient.signOutUrl}. */
export function signOutUrl(application: Application, options: SignOutOptions): URL {
  const { tenant, returnTo, state } = checkOptions('signOutUrl', options, rules)
  if (tenant === null) return returnTo ?? applicationUrl(application)
  return withQuery(`${tenantSignOutOrigin(application, tenant)}/api/v1/logout`, {
    client_id: application.clientId,
    ...(returnTo && { redirect_url: returnTo.href }),
    ...(state !== undefined && { state }),
  })
}

/** The origins that a sign-out of a tenant may go to: several while its form of host is not known yet. */
export function signOutOrigins({ configuration, applicationDomain }: Application, tenant: TenantReference): string[] {
  const { name, customDomain } = knownTenant(tenant)
  if (customDomain !== null) return [customDomainOrigin(customDomain)]
  if (name === null) return []
  const known = configuration.known()
  const domains = known ? [known.domains] : [false, true].map((active) => createDomains(applicationDomain, active))
  return domains.map(({ tenantOrigin }) => tenantOrigin(name))
}

/**
 * The same for a tenant that may be any of the application's, as CSP writes it: a pattern with a `*` for the first label.
 *
 * @see https://www.w3.org/TR/CSP3/#match-hosts
 */
export function anyTenantOrigins(application: Application): string[] {
  return signOutOrigins(application, { name: 'tenant' }).map((origin) => origin.replace(/\/\/[^.]+\./, '//*.'))
}

/**
 * The page where users look for their tenant. It hands a `state` of at most 450 characters back to our login route.
 *
 * @throws the codes of `ConfigurationSource.read`
 */
export async function applicationLoginUrl({ clientId, configuration }: Application, state?: string): Promise<URL> {
  return withQuery((await configuration.read()).loginPageUrl, {
    client_id: clientId,
    ...(state !== undefined && { state }),
  })
}

/** Where a user without a tenant begins: our own login route if it takes them, else the page of the application. */
function applicationUrl(application: Application): URL {
  const { applicationAuthorization, loginUrl, loginPageUrl } = knownConfiguration(application)
  if (applicationAuthorization && loginUrl !== null && !loginUrl.includes('{')) return new URL(loginUrl)
  return withQuery(loginPageUrl, { client_id: application.clientId })
}

function tenantSignOutOrigin(application: Application, tenant: TenantReference): string {
  const { name, customDomain } = knownTenant(tenant)
  if (customDomain !== null) return customDomainOrigin(customDomain)
  if (name === null) throw wristbandError('wristband/tenant_name_invalid')
  return knownConfiguration(application).domains.tenantOrigin(name)
}

function knownConfiguration({ configuration }: Application): NonNullable<ReturnType<typeof configuration.known>> {
  const known = configuration.known()
  if (known === null) throw wristbandError('wristband/configuration_unavailable')
  return known
}

function withQuery(endpoint: string, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}
