import { randomBytes } from 'node:crypto'
import { clients, findPerson, fullName, people, type Tenant, tenants } from '../seed.ts'
import { setCookie } from '../server/cookies.ts'
import { html } from '../server/html.ts'
import { page, redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import { type AuthorizationRequest, completeLogin } from './authorize.ts'
import type { SsoSession, WristbandState } from './state.ts'
import { errorPage, sessionCookie, tenantOf, unknownTenantPage, vendor } from './tenant-host.ts'

const sessionLifetimeSeconds = 86_400

/** GET /login?req=… on a tenant's host: one button for each person of the tenant. */
export const showLogin =
  (state: WristbandState): Handler =>
  async (request) => {
    const tenant = tenantOf(request)
    if (!tenant) return unknownTenantPage()
    const token = new URL(request.url).searchParams.get('req') ?? ''
    const authorization = await openRequest(state, tenant, token)
    return authorization ? loginPage(tenant, authorization, token) : expiredPage()
  }

/** POST /login: signs that person in at this tenant and goes back to the application. */
export const submitLogin =
  (state: WristbandState): Handler =>
  async (request) => {
    const tenant = tenantOf(request)
    if (!tenant) return unknownTenantPage()
    const fields = new URLSearchParams(await request.text())
    const authorization = await openRequest(state, tenant, fields.get('req') ?? '')
    const person = findPerson(fields.get('person'))
    if (!authorization) return expiredPage()
    if (person?.tenant !== tenant.name) return errorPage(`${tenant.displayName} does not know this person.`)
    const session: SsoSession = { tenant, person, authenticatedAt: state.clock.now() }
    const id = randomBytes(32).toString('base64url')
    state.sessions.set(id, session, sessionLifetimeSeconds)
    return redirectTo(completeLogin(state, authorization, session), { cookies: [setCookie(sessionCookie, id)] })
  }

/** GET /login?client_id=… on the application's host: finds the tenant, then starts at the application again. */
export const showTenants: Handler = (request) => {
  const query = new URL(request.url).searchParams
  if (query.get('client_id') !== clients.wristband.clientId) return errorPage('The client is unknown.')
  return page({
    vendor,
    title: 'Which school are you from?',
    formTargets: [new URL(clients.wristband.loginUrl).origin],
    content: html`<form method="post" action="/login">${Object.values(tenants).map(
      ({ name, displayName }) => html`<button name="tenant" value="${name}">${displayName}</button>`,
    )}</form>`,
  })
}

/** POST /login on the application's host. */
export const submitTenant: Handler = async (request) => {
  const name = new URLSearchParams(await request.text()).get('tenant') ?? ''
  if (!Object.hasOwn(tenants, name)) return unknownTenantPage()
  return redirectTo(`${clients.wristband.loginUrl}?tenant_name=${name}`)
}

async function openRequest(state: WristbandState, tenant: Tenant, token: string): Promise<AuthorizationRequest | null> {
  const claims = await state.loginRequests.open(token)
  return claims?.tenant === tenant.name ? (claims as unknown as AuthorizationRequest) : null
}

const expiredPage = (): Response => errorPage('This login page has expired. Start again at the application.')

function loginPage(tenant: Tenant, { redirectUri, loginHint }: AuthorizationRequest, token: string): Response {
  const hinted = (email: string): boolean => email === loginHint
  const known = Object.values(people)
    .filter((person) => person.tenant === tenant.name)
    .toSorted((left, right) => Number(hinted(right.email)) - Number(hinted(left.email)))
  return page({
    vendor,
    title: `Sign in to ${tenant.displayName}`,
    formTargets: [new URL(redirectUri.replace('{tenant_name}', tenant.name)).origin],
    content: html`<p>Choose who you are. Nobody has a password here.</p>
<form method="post" action="/login">
<input type="hidden" name="req" value="${token}">
${known.map(
  (
    person,
    index,
  ) => html`<button${index === 0 && html` class="first"`} name="person" value="${person.name}">Sign in as ${fullName(person)}
<span>${person.email}, ${person.role}</span></button>`,
)}
</form>`,
  })
}
