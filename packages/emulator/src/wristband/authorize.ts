import { randomBytes } from 'node:crypto'
import { clients, type Person, people, type Tenant, tenants } from '../seed.ts'
import { duplicatedField } from '../server/oauth.ts'
import { redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import type { Family, SsoSession, WristbandState } from './state.ts'
import { currentSession, errorPage, tenantOf, unknownTenantPage } from './tenant-host.ts'

/** What an authorization request keeps on its way through the login page. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly scope: string
  readonly state: string | null
  readonly nonce: string | null
  readonly codeChallenge: string | null
  readonly loginHint: string | null
}

const codeLifetimeSeconds = 60
const loginLifetimeSeconds = 600
const scopes = new Set(['openid', 'offline_access', 'profile', 'email', 'phone', 'roles'])

/** GET /api/v1/oauth2/authorize on a tenant's host. */
export const authorize =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const tenant = tenantOf(request)
    if (!tenant) return unknownTenantPage()
    const query = new URL(request.url).searchParams
    const redirectUri = query.get('redirect_uri') ?? ''
    const repeated = duplicatedField(query)
    if (query.get('client_id') !== clients.wristband.clientId || repeated === 'client_id') {
      return errorPage('The client is unknown.')
    }
    if (!state.redirectUris.has(redirectUri) || repeated === 'redirect_uri') {
      return errorPage('The redirect URI is not registered for this client.')
    }
    const authorization: AuthorizationRequest = {
      redirectUri,
      scope: query.get('scope') ?? '',
      state: query.get('state'),
      nonce: query.get('nonce'),
      codeChallenge: query.get('code_challenge'),
      loginHint: query.get('login_hint'),
    }
    const refuse = (error: string, description: string): Response => {
      note(error)
      return redirectTo(callbackUrl(authorization, tenant, { error, error_description: description }))
    }
    if (repeated) return refuse('invalid_request', 'A parameter is repeated.')
    const problem = findProblem(query)
    if (problem) return refuse(...problem)

    const session = currentSession(state, request, tenant)
    const prompt = query.get('prompt')
    const maxAge = query.get('max_age')
    if (prompt === 'none' && !session) return refuse('login_required', 'Nobody is signed in.')
    if (session && prompt !== 'login' && maxAge !== null) {
      const elapsed = state.clock.now() - session.authenticatedAt > Number(maxAge)
      if (elapsed) {
        return refuse('login_required', 'User must re-authenticate because the specified max_age value has elapsed')
      }
    }
    if (session && prompt !== 'login') return redirectTo(completeLogin(state, authorization, session))
    const token = await state.loginRequests.sign({ ...authorization, tenant: tenant.name }, loginLifetimeSeconds)
    return redirectTo(`/login?req=${token}`)
  }

/** Issues a code for a signed-in person: the address of the application's callback. */
export function completeLogin(state: WristbandState, request: AuthorizationRequest, session: SsoSession): string {
  const code = randomBytes(32).toString('base64url')
  const family: Family = { ...sessionOfPlannedTenant(state, session), scope: request.scope, revoked: false }
  const { redirectUri, codeChallenge, nonce } = request
  state.codes.set(code, { family, redirectUri, codeChallenge, nonce, used: false }, codeLifetimeSeconds)
  return callbackUrl(request, session.tenant, { code })
}

/** A callback with `state` and, unless the redirect URI itself names the tenant, `tenant_name`. */
function callbackUrl(request: AuthorizationRequest, tenant: Tenant, fields: Record<string, string>): string {
  const url = new URL(request.redirectUri.replace('{tenant_name}', tenant.name))
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  if (request.state !== null) url.searchParams.set('state', request.state)
  if (!request.redirectUri.includes('{tenant_name}')) url.searchParams.set('tenant_name', tenant.name)
  return url.href
}

function findProblem(query: URLSearchParams): readonly [error: string, description: string] | null {
  const requested = (query.get('scope') ?? '').split(' ')
  const challenge = query.get('code_challenge')
  const prompt = query.get('prompt')
  const maxAge = query.get('max_age')
  if (query.get('response_type') !== 'code') return ['unsupported_response_type', 'Only code is supported.']
  if (!requested.includes('openid')) return ['invalid_scope', 'The scope openid is required.']
  if (!requested.every((scope) => scopes.has(scope))) return ['invalid_scope', 'A scope is unknown.']
  if (challenge !== null && query.get('code_challenge_method') !== 'S256')
    return ['invalid_request', 'PKCE is S256 only.']
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge))
    return ['invalid_request', 'The code challenge is malformed.']
  if (prompt !== null && prompt !== 'login' && prompt !== 'none') return ['invalid_request', 'The prompt is unknown.']
  if (maxAge !== null && !/^\d{1,9}$/.test(maxAge)) return ['invalid_request', 'max_age is not a number of seconds.']
  return null
}

/** The session itself, or that of somebody at the tenant of which a fault wants the next code to be. */
function sessionOfPlannedTenant(state: WristbandState, session: SsoSession): SsoSession {
  const name = state.plannedTenants.take()
  const person = Object.values(people).find((candidate: Person) => candidate.tenant === name)
  return name && person ? { ...session, tenant: tenants[name], person } : session
}
