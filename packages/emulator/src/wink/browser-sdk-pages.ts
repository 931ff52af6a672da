import { createHash } from 'node:crypto'
import { clients } from '../seed.ts'
import type { Handler } from '../server/router.ts'
import { isWebOrigin, signedInSession } from './authorization.ts'
import type { WinkState } from './state.ts'

/** GET …/3p-cookies/step1.html: tells the page around it whether this browser keeps third-party cookies. */
export const thirdPartyCookies =
  (state: WinkState): Handler =>
  () =>
    framedScript(`parent.postMessage('${state.switches.thirdPartyCookies}', '*')`)

/** GET …/login-status-iframe.html: answers `<client id> <session>` with `unchanged`, `changed` or `error`. */
export const loginStatusFrame: Handler = () => framedScript(loginStatusScript)

/** GET …/login-status-iframe.html/init: what the frame's script asks before it answers a page of that origin. */
export const loginStatus =
  (state: WinkState): Handler =>
  (request, { note }) => {
    const query = new URL(request.url).searchParams
    if (query.get('client_id') !== clients.wink.clientId || !isWebOrigin(state, query.get('origin') ?? '')) {
      note('forbidden')
      return new Response('error', { status: 403, headers: { 'cache-control': 'no-store' } })
    }
    const known = signedInSession(state, request)?.sid ?? ''
    const status = known === query.get('session_state') ? 'unchanged' : 'changed'
    return new Response(status, { headers: { 'cache-control': 'no-store' } })
  }

const loginStatusScript = `
addEventListener('message', async ({ data, origin, source }) => {
  const [clientId = '', session = ''] = String(data).split(' ')
  const query = new URLSearchParams({ client_id: clientId, origin, session_state: session })
  const answer = await fetch('login-status-iframe.html/init?' + query).catch(() => null)
  source.postMessage(answer?.ok ? await answer.text() : 'error', origin)
})
`

/** A page without content, for a frame on any site: its policy allows this one script. */
function framedScript(script: string): Response {
  const hash = createHash('sha256').update(script).digest('base64')
  return new Response(
    `<!doctype html><html lang="en"><title>Wink emulator</title><script>${script}</script></html>\n`,
    {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; script-src 'sha256-${hash}'; connect-src 'self'; base-uri 'none'`,
        'x-content-type-options': 'nosniff',
      },
    },
  )
}
