import { clients } from '../seed.ts'
import { clearCookie, readCookie } from '../server/cookies.ts'
import { html } from '../server/html.ts'
import { messagePage, page, redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import { errorPage, isApplicationUrl, sessionCookie } from './authorization.ts'
import { logoutByRefreshToken } from './back-channel-logout.ts'
import { vendor, type WinkState } from './state.ts'

/** GET and POST /realms/wink/protocol/openid-connect/logout: ends the single sign-on and its tokens, then goes on. */
export const logout =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const confirmed = request.method === 'POST'
    const fields = confirmed ? new URLSearchParams(await request.text()) : new URL(request.url).searchParams
    if (confirmed && fields.has('refresh_token')) return logoutByRefreshToken(state, { request, form: fields, note })
    const target = fields.get('post_logout_redirect_uri')
    if (target !== null) {
      const hinted = await hasHint(state, fields.get('id_token_hint'))
      if (fields.get('client_id') !== clients.wink.clientId && !hinted)
        return errorPage('Missing parameters: id_token_hint')
      if (!isApplicationUrl(state, target)) return errorPage('Invalid redirect uri')
    }
    if (state.switches.confirmLogout && !confirmed && !(await hasHint(state, fields.get('id_token_hint')))) {
      return confirmationPage(fields)
    }
    const id = readCookie(request, sessionCookie) ?? ''
    const session = state.ssoSessions.get(id)
    if (session) session.ended = true
    state.ssoSessions.delete(id)
    const cookies = [clearCookie(sessionCookie)]
    if (target === null) {
      const response = messagePage(vendor, {
        status: 200,
        title: 'You are signed out',
        text: 'You can close this page.',
      })
      response.headers.append('set-cookie', clearCookie(sessionCookie))
      return response
    }
    const url = new URL(target)
    const passedOn = fields.get('state')
    if (passedOn !== null) url.searchParams.set('state', passedOn)
    return redirectTo(url.href, { cookies })
  }

/** An expired ID token of ours is a hint, too. */
async function hasHint(state: WinkState, hint: string | null): Promise<boolean> {
  const verified = hint ? await state.keys.verify(hint) : null
  return verified?.claims.typ === 'ID'
}

function confirmationPage(fields: URLSearchParams): Response {
  return page({
    vendor,
    title: 'Do you want to sign out?',
    content: html`<form method="post">
${['client_id', 'post_logout_redirect_uri', 'state'].map((name) => {
  const value = fields.get(name)
  return value !== null && html`<input type="hidden" name="${name}" value="${value}">`
})}
<button class="go">Sign out</button>
</form>`,
  })
}
