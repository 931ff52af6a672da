import { randomBytes } from 'node:crypto'
import { tenants, type User, users } from '../seed.ts'
import { redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import {
  type AuthorizationProblem,
  type AuthorizationRequest,
  callbackUrl,
  findProblem,
  readAuthorizationRequest,
} from './authorization-request.ts'
import type { Family, SsoSession, WristbandState } from './state.ts'
import { currentSession, errorPage, tenantHostOf, unknownTenantPage } from './tenant-host.ts'

const codeLifetimeSeconds = 60
const loginLifetimeSeconds = 600

/** GET /api/v1/oauth2/authorize on a tenant's host. */
export const authorize =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const host = tenantHostOf(state, request)
    if (!host) return unknownTenantPage()
    const query = new URL(request.url).searchParams
    const authorization = readAuthorizationRequest(state, query, host)
    if (typeof authorization === 'string') return errorPage(authorization)
    const { tenant } = host
    const session = currentSession(state, request, tenant)
    const problem = findProblem(state, query) ?? findSessionProblem(state, query, session)
    if (problem) {
      const [error, description] = problem
      note(error)
      return redirectTo(
        callbackUrl(state, authorization, { tenant, fields: { error, error_description: description } }),
      )
    }
    if (session && query.get('prompt') !== 'login') return redirectTo(completeLogin(state, authorization, session))
    const token = await state.loginRequests.sign({ ...authorization, tenant: tenant.name }, loginLifetimeSeconds)
    return redirectTo(`/login?req=${token}`)
  }

/** Issues a code for a signed-in user: the address of the application's callback. */
export function completeLogin(state: WristbandState, request: AuthorizationRequest, session: SsoSession): string {
  const code = randomBytes(32).toString('base64url')
  const family: Family = { ...sessionOfPlannedTenant(state, session), scope: request.scope, revoked: false }
  const { redirectUri, codeChallenge, nonce } = request
  state.codes.set(code, { family, redirectUri, codeChallenge, nonce, used: false }, codeLifetimeSeconds)
  return callbackUrl(state, request, { tenant: session.tenant, fields: { code } })
}

function findSessionProblem(
  { clock }: WristbandState,
  query: URLSearchParams,
  session: SsoSession | undefined,
): AuthorizationProblem | null {
  const prompt = query.get('prompt')
  const maxAge = query.get('max_age')
  if (!session) return prompt === 'none' ? ['login_required', 'Nobody is signed in.'] : null
  const elapsed = maxAge !== null && clock.now() - session.authenticatedAt > Number(maxAge)
  return elapsed && prompt !== 'login'
    ? ['login_required', 'User must re-authenticate because the specified max_age value has elapsed']
    : null
}

/** The session itself, or that of somebody at the tenant of which a fault wants the next code to be. */
function sessionOfPlannedTenant(state: WristbandState, session: SsoSession): SsoSession {
  const name = state.plannedTenants.take()
  const user = Object.values(users).find((candidate: User) => candidate.tenant === name)
  return name && user ? { ...session, tenant: tenants[name], user } : session
}
