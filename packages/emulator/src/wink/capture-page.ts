import { randomBytes, randomUUID } from 'node:crypto'
import { findUser, fullName, initials, users } from '../seed.ts'
import { setCookie } from '../server/cookies.ts'
import { html } from '../server/html.ts'
import { loopbackSources } from '../server/loopback.ts'
import { page, redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import {
  type AuthorizationRequest,
  callbackUrl,
  completeLogin,
  errorPage,
  openWinkSession,
  restartCookie,
  sessionCookie,
} from './authorization.ts'
import { type Interruption, type SsoSession, vendor, type WinkSession, type WinkState } from './state.ts'

export const capturePath = '/realms/wink/login-actions/authenticate'

const pageLifetimeSeconds = 300
const ssoLifetimeSeconds = 1800

/** The camera's stand-in: one button for each user's face, and one to cancel. */
export async function capturePage(state: WinkState, request: AuthorizationRequest): Promise<Response> {
  const token = await state.captureRequests.sign({ ...request }, pageLifetimeSeconds)
  return page({
    vendor,
    title: 'Look into the camera',
    // The SDK's overlay is a frame in the application's page.
    frameAncestors: state.webOrigins.size === 0 ? loopbackSources : [...state.webOrigins],
    content: html`<p>There is no camera here. Choose whose face it would see.</p>
<form method="post" action="${capturePath}">
<input type="hidden" name="req" value="${token}">
${Object.values(users).map(
  (
    user,
  ) => html`<button name="user" value="${user.name}"><i aria-hidden="true">${initials(user)}</i>Look into the camera as ${fullName(user)}
<span>${user.winkTag}</span></button>`,
)}
<button class="plain" name="cancel" value="yes">Cancel</button>
<button class="plain" name="deny" value="yes">Deny access</button>
</form>`,
  })
}

/** POST of the capture page: recognises that user, or cancels. */
export const capture =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const fields = new URLSearchParams(await request.text())
    const claims = await state.captureRequests.open(fields.get('req') ?? '')
    const authorization = claims as unknown as AuthorizationRequest | null
    const winkSession = authorization && openWinkSession(state, authorization)
    if (!authorization || !winkSession) return errorPage('This page has expired. Start again at the application.')
    const cancelled = fields.has('cancel')
    const user = findUser(fields.get('user'))
    if (!cancelled && !fields.has('deny') && !user) return errorPage('Nobody was recognised.')
    winkSession.used = true
    if (!user) {
      note('access_denied')
      const leaves = cancelled && state.switches.cancel === 'cancel-url'
      return redirectTo(leaves ? winkSession.cancelUrl : callbackUrl(state, authorization, accessDenied))
    }
    const interruption = state.plannedInterruptions.take()
    if (interruption) {
      note(interruption)
      return interrupt(state, authorization, { winkSession, interruption })
    }
    const session: SsoSession = { sid: randomUUID(), user, authenticatedAt: state.clock.now(), ended: false }
    const id = randomBytes(32).toString('base64url')
    state.ssoSessions.set(id, session, ssoLifetimeSeconds)
    return redirectTo(completeLogin(state, authorization, session), { cookies: [setCookie(sessionCookie, id)] })
  }

const accessDenied = { error: 'access_denied', error_description: 'User cancelled the capture.' }

/** Back to the application without a code. This browser may start again once without a session of its own. */
function interrupt(
  state: WinkState,
  authorization: AuthorizationRequest,
  { winkSession, interruption }: { readonly winkSession: WinkSession; readonly interruption: Interruption },
): Response {
  const id = randomUUID()
  state.winkSessions.set(id, { ...winkSession, used: false }, pageLifetimeSeconds)
  return redirectTo(addressAfter(interruption, state, authorization), { cookies: [setCookie(restartCookie, id)] })
}

function addressAfter(interruption: Interruption, state: WinkState, authorization: AuthorizationRequest): string {
  if (interruption === 'authentication-expired') {
    const error = { error: 'temporarily_unavailable', error_description: 'authentication_expired' }
    return callbackUrl(state, authorization, error)
  }
  const url = new URL(authorization.redirectUri)
  url.searchParams.set('login_session_state', '1')
  return url.href
}
