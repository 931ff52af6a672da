import { randomBytes, randomUUID } from 'node:crypto'
import { findPerson, fullName, people } from '../seed.ts'
import { setCookie } from '../server/cookies.ts'
import { html } from '../server/html.ts'
import { page, redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import {
  type AuthorizationRequest,
  callbackUrl,
  completeLogin,
  errorPage,
  openWinkSession,
  sessionCookie,
} from './authorization.ts'
import { type SsoSession, vendor, type WinkSession, type WinkState } from './state.ts'

export const capturePath = '/realms/wink/login-actions/authenticate'

const pageLifetimeSeconds = 300
const ssoLifetimeSeconds = 1800

/** The camera's stand-in: one button for each person's face, and one to cancel. */
export async function capturePage(
  state: WinkState,
  request: AuthorizationRequest,
  { cancelUrl }: WinkSession,
): Promise<Response> {
  const token = await state.captureRequests.sign({ ...request }, pageLifetimeSeconds)
  return page({
    vendor,
    title: 'Look into the camera',
    formTargets: [new URL(request.redirectUri).origin, new URL(cancelUrl).origin],
    content: html`<p>There is no camera here. Choose whose face it would see.</p>
<form method="post" action="${capturePath}">
<input type="hidden" name="req" value="${token}">
${Object.values(people).map(
  (person) => html`<button name="person" value="${person.name}">Look into the camera as ${fullName(person)}
<span>${person.winkTag}</span></button>`,
)}
<button class="plain" name="cancel" value="yes">Cancel</button>
</form>`,
  })
}

/** POST of the capture page: recognises that person, or cancels. */
export const capture =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const fields = new URLSearchParams(await request.text())
    const claims = await state.captureRequests.open(fields.get('req') ?? '')
    const authorization = claims as unknown as AuthorizationRequest | null
    const winkSession = authorization && openWinkSession(state, authorization)
    if (!authorization || !winkSession) return errorPage('This page has expired. Start again at the application.')
    if (fields.has('cancel')) {
      winkSession.used = true
      note('access_denied')
      return redirectTo(
        state.switches.cancel === 'cancel-url'
          ? winkSession.cancelUrl
          : callbackUrl(state, authorization, {
              error: 'access_denied',
              error_description: 'User cancelled the capture.',
            }),
      )
    }
    const person = findPerson(fields.get('person'))
    if (!person) return errorPage('Nobody was recognised.')
    winkSession.used = true
    const session: SsoSession = { sid: randomUUID(), person, authenticatedAt: state.clock.now(), ended: false }
    const id = randomBytes(32).toString('base64url')
    state.ssoSessions.set(id, session, ssoLifetimeSeconds)
    return redirectTo(completeLogin(state, authorization, session), { cookies: [setCookie(sessionCookie, id)] })
  }
