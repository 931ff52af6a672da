import { clients, findTenant, tenants } from '../seed.ts'
import { type Html, html } from '../server/html.ts'
import { page, redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import { callbackUrl, findProblem, readAuthorizationRequest } from './authorization-request.ts'
import type { WristbandState } from './state.ts'
import { errorPage, tenantLoginUrl, tenantUrl, unknownTenantPage, vendor } from './tenant-host.ts'

const discoveryLifetimeSeconds = 600

const mostStateCharacters = 450

/** GET /login on the application's host: finds the tenant, then starts at the application again. */
export const showApplicationLogin: Handler = (request) =>
  isOfOurClient(request)
    ? tenantPage({
        title: 'Which school are you from?',
        text: 'You sign in at your school.',
        hidden: carriedState(new URL(request.url).searchParams.get('state')),
      })
    : unknownClientPage()

/** GET /signup on the application's host. */
export const showSignup: Handler = (request) =>
  isOfOurClient(request)
    ? tenantPage({
        title: 'Sign up',
        text: 'Wristband would make a tenant and a user here. The emulator knows these schools; choose the one to go on with.',
      })
    : unknownClientPage()

/** GET /api/v1/oauth2/authorize on the application's host: finds the tenant, then asks that tenant's host the same. */
export const authorizeApplication =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const { search, searchParams: query } = new URL(request.url)
    if (!state.application.authorizationRequests) return errorPage('The tenant is missing.', 404)
    const authorization = readAuthorizationRequest(state, query, null)
    if (typeof authorization === 'string') return errorPage(authorization)
    const silent = query.get('prompt') === 'none'
    const problem = findProblem(state, query) ?? (silent ? ['login_required', 'The tenant is not known.'] : null)
    if (problem) {
      const [error, description] = problem
      note(error)
      // The application's own host would name the tenant, and there is none yet.
      if (authorization.hostNamesTenant) return errorPage(description)
      const fields = { error, error_description: description }
      return redirectTo(callbackUrl(state, authorization, { tenant: null, fields }))
    }
    const token = await state.loginRequests.sign({ search }, discoveryLifetimeSeconds)
    return tenantPage({
      title: 'Which school are you from?',
      text: 'You sign in at your school.',
      hidden: html`<input type="hidden" name="req" value="${token}">`,
    })
  }

/** POST /login on the application's host: on to that tenant's login at the application, or to its own authorization. */
export const submitTenant =
  (state: WristbandState): Handler =>
  async (request) => {
    const fields = new URLSearchParams(await request.text())
    const tenant = findTenant(fields.get('tenant') ?? '')
    if (!tenant) return unknownTenantPage()
    const token = fields.get('req')
    if (token === null) {
      const login = tenantLoginUrl(state, tenant)
      const carried = fields.get('state')
      if (carried !== null) login.searchParams.set('state', carried)
      return redirectTo(login.href)
    }
    const opened = await state.loginRequests.open(token)
    return typeof opened?.search === 'string'
      ? redirectTo(`${tenantUrl(state, tenant)}/api/v1/oauth2/authorize${opened.search}`)
      : errorPage('This page has expired. Start again at the application.')
  }

/** The application's own `state`, which comes back to its login with the tenant. */
const carriedState = (state: string | null): Html | undefined =>
  state === null || state.length > mostStateCharacters
    ? undefined
    : html`<input type="hidden" name="state" value="${state}">`

/** The client is optional here, but another's is refused. */
const isOfOurClient = (request: Request): boolean =>
  [null, clients.wristband.clientId].includes(new URL(request.url).searchParams.get('client_id'))

const unknownClientPage = (): Response => errorPage('The client is unknown.')

function tenantPage({ title, text, hidden }: { title: string; text: string; hidden?: Html | undefined }): Response {
  return page({
    vendor,
    title,
    content: html`<p>${text}</p>
<form method="post" action="/login">
${hidden}
${Object.values(tenants).map(
  ({ name, displayName }) =>
    html`<button name="tenant" value="${name}"><i aria-hidden="true">${displayName.charAt(0)}</i>${displayName}<span>${name}</span></button>`,
)}
</form>`,
  })
}
