import { randomBytes } from 'node:crypto'
import { findUser, fullName, initials, type Tenant, users } from '../seed.ts'
import { setCookie } from '../server/cookies.ts'
import { html } from '../server/html.ts'
import { page, redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { completeLogin } from './authorize.ts'
import type { SsoSession, WristbandState } from './state.ts'
import { errorPage, sessionCookie, tenantHostOf, unknownTenantPage, vendor } from './tenant-host.ts'

const sessionLifetimeSeconds = 86_400

/** GET /login?req=… on a tenant's host: one button for each user of the tenant. */
export const showLogin =
  (state: WristbandState): Handler =>
  async (request) => {
    const tenant = tenantHostOf(state, request)?.tenant
    if (!tenant) return unknownTenantPage()
    const token = new URL(request.url).searchParams.get('req') ?? ''
    const authorization = await openRequest(state, tenant, token)
    return authorization ? loginPage(tenant, authorization, token) : expiredPage()
  }

/** POST /login: signs that user in at this tenant and goes back to the application. */
export const submitLogin =
  (state: WristbandState): Handler =>
  async (request) => {
    const tenant = tenantHostOf(state, request)?.tenant
    if (!tenant) return unknownTenantPage()
    const fields = new URLSearchParams(await request.text())
    const authorization = await openRequest(state, tenant, fields.get('req') ?? '')
    const user = findUser(fields.get('user'))
    if (!authorization) return expiredPage()
    if (user?.tenant !== tenant.name) return errorPage(`${tenant.displayName} does not know this user.`)
    const session: SsoSession = {
      tenant,
      user,
      authenticatedAt: state.clock.now(),
      identityProvider: authorization.identityProvider,
    }
    const id = randomBytes(32).toString('base64url')
    state.sessions.set(id, session, sessionLifetimeSeconds)
    return redirectTo(completeLogin(state, authorization, session), { cookies: [setCookie(sessionCookie, id)] })
  }

async function openRequest(state: WristbandState, tenant: Tenant, token: string): Promise<AuthorizationRequest | null> {
  const claims = await state.loginRequests.open(token)
  return claims?.tenant === tenant.name ? (claims as unknown as AuthorizationRequest) : null
}

const expiredPage = (): Response => errorPage('This login page has expired. Start again at the application.')

function loginPage(tenant: Tenant, { loginHint, identityProvider }: AuthorizationRequest, token: string): Response {
  const external = identityProvider !== 'wristband'
  const hinted = (email: string): boolean => email === loginHint
  const known = Object.values(users)
    .filter((user) => user.tenant === tenant.name)
    .toSorted((left, right) => Number(hinted(right.email)) - Number(hinted(left.email)))
  return page({
    vendor,
    title: `Sign in to ${tenant.displayName}${external ? ` with ${identityProvider}` : ''}`,
    content: html`<p>Choose who you are. Nobody has a password here.</p>
<form method="post" action="/login">
<input type="hidden" name="req" value="${token}">
${known.map(
  (
    user,
    index,
  ) => html`<button${index === 0 && html` class="first"`} name="user" value="${user.name}"><i aria-hidden="true">${initials(user)}</i>Sign in as ${fullName(user)}
<span>${user.email}, ${user.role}</span></button>`,
)}
</form>`,
  })
}
