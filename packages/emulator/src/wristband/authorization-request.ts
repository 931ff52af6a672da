import { clients, externalIdentityProvider, type Tenant } from '../seed.ts'
import { duplicatedField } from '../server/oauth.ts'
import type { WristbandState } from './state.ts'
import { isOfThisMachine, placeholder, type TenantHost } from './tenant-host.ts'

/** What an authorization request keeps on its way through the login page. */
export interface AuthorizationRequest {
  /** As the application wrote it: the token endpoint expects the same. */
  readonly redirectUri: string
  /** Whether the application's own host names the tenant, so that the callback need not. */
  readonly hostNamesTenant: boolean
  /** The host of the tenant's own at which the request came. */
  readonly customDomain: string | null
  readonly scope: string
  readonly state: string | null
  readonly nonce: string | null
  readonly codeChallenge: string | null
  readonly loginHint: string | null
  readonly identityProvider: string
}

/** An OAuth error of an authorization request. */
export type AuthorizationProblem = readonly [error: string, description: string]

/** The request, or the reason why there is no trusted way back to the application. */
export function readAuthorizationRequest(
  { application }: WristbandState,
  query: URLSearchParams,
  host: TenantHost | null,
): AuthorizationRequest | string {
  const redirectUri = query.get('redirect_uri') ?? ''
  const repeated = duplicatedField(query)
  if (query.get('client_id') !== clients.wristband.clientId || repeated === 'client_id') return 'The client is unknown.'
  const registered = registeredRedirectUri(application.redirectUris, redirectUri, host?.tenant)
  if (registered === undefined || repeated === 'redirect_uri') {
    return 'The redirect URI is not registered for this client.'
  }
  const idpHint = query.get('idp_hint')
  return {
    redirectUri,
    hostNamesTenant: registered.includes(placeholder),
    customDomain: host?.customDomain ?? null,
    scope: query.get('scope') ?? '',
    state: query.get('state'),
    nonce: query.get('nonce'),
    codeChallenge: query.get('code_challenge'),
    loginHint: query.get('login_hint'),
    identityProvider: idpHint === externalIdentityProvider ? idpHint : 'wristband',
  }
}

/** What the application is told about a request that cannot be answered. */
export function findProblem({ application }: WristbandState, query: URLSearchParams): AuthorizationProblem | null {
  const requested = (query.get('scope') ?? '').split(' ')
  const challenge = query.get('code_challenge')
  const prompt = query.get('prompt')
  const maxAge = query.get('max_age')
  if (duplicatedField(query)) return ['invalid_request', 'A parameter is repeated.']
  if (query.get('response_type') !== 'code') return ['unsupported_response_type', 'Only code is supported.']
  if (!requested.includes('openid')) return ['invalid_scope', 'The scope openid is required.']
  if (!requested.every((scope) => scopes.has(scope))) return ['invalid_scope', 'A scope is unknown.']
  if (challenge === null && application.publicClient) return ['invalid_request', 'A public client needs PKCE.']
  if (challenge !== null && query.get('code_challenge_method') !== 'S256')
    return ['invalid_request', 'PKCE is S256 only.']
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge))
    return ['invalid_request', 'The code challenge is malformed.']
  if (prompt !== null && prompt !== 'login' && prompt !== 'none') return ['invalid_request', 'The prompt is unknown.']
  if (maxAge !== null && !/^\d{1,9}$/.test(maxAge)) return ['invalid_request', 'max_age is not a number of seconds.']
  return null
}

/** A callback with `state` and, unless the redirect URI itself names the tenant, `tenant_name`. */
export function callbackUrl(
  state: WristbandState,
  request: AuthorizationRequest,
  { tenant, fields }: { readonly tenant: Tenant | null; readonly fields: Readonly<Record<string, string>> },
): string {
  const url = new URL(tenant ? request.redirectUri.replace(placeholder, tenant.name) : request.redirectUri)
  const { searchParams: answer } = url
  for (const [name, value] of Object.entries(fields)) answer.set(name, value)
  if (request.state !== null) answer.set('state', request.state)
  if (tenant && !request.hostNamesTenant) answer.set('tenant_name', tenant.name)
  if (request.customDomain !== null) answer.set('tenant_custom_domain', request.customDomain)
  state.callbacks.apply(answer)
  return url.href
}

const scopes = new Set(['openid', 'offline_access', 'profile', 'email', 'phone', 'roles'])

/** The registered redirect URI that this one is: to the letter, or with this tenant's name filled in; itself while none is. */
const registeredRedirectUri = (
  registered: ReadonlySet<string>,
  given: string,
  tenant: Tenant | undefined,
): string | undefined =>
  registered.size === 0
    ? isOfThisMachine(given)
      ? given
      : undefined
    : [...registered].find((uri) => uri === given || (tenant && uri.replace(placeholder, tenant.name) === given))
