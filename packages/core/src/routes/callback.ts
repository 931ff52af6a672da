import type { Wiring } from '../context/auth-context.ts'
import { requestCookies } from '../cookies/request-cookies.ts'
import { readState } from '../login/state.ts'
import type { Seconds } from '../model/time.ts'
import { type Incoming, requestTarget } from '../request/request-like.ts'
import { seeOther } from '../request/response.ts'
import type { MountedRoute } from './route-table.ts'

/**
 * Sends a callback that came to the callback origin on to the host that its login began on, as its authenticated `state`
 * says. Opens no cookie. Null where the request is to be handled here.
 */
export async function relayCallback(wiring: Wiring, incoming: Incoming, provider: string): Promise<Response | null> {
  const { callbackOrigin, origins, vault } = wiring
  if (callbackOrigin === null) return null
  const { path, query } = requestTarget(incoming)
  const content = await readState(vault, provider, new URLSearchParams(query).get('state') ?? '')
  const origin = content === null ? null : origins.ofHost(content.host)
  const isHere = !origins.isCallbackOnly(incoming) && origins.resolve(incoming).origin === origin
  return origin === null || isHere ? null : seeOther(`${origin}${path}${query}`)
}

/** For how long after its answer a callback that comes again gets the same one. */
const repeatSeconds: Seconds = 30

/** A response as plain data. */
type PlainResponse = {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/**
 * Answers a vendor's callback once: the same callback with the same cookies of ours, which comes while the first is under
 * way or within 30 seconds (a double click, a page that is loaded again, a proxy that tries again), gets the same answer and
 * with it the same session. With sessions of the app's own each is answered by itself: the app's cookie is not ours to
 * repeat.
 */
export async function answerOnce(
  wiring: Wiring,
  { incoming, origin, route }: { readonly incoming: Incoming; readonly origin: string; readonly route: MountedRoute },
  answer: () => Promise<Response>,
): Promise<Response> {
  if (route.from !== 'vendor' || wiring.sessionSettings.kind === 'own') return answer()
  const sent = requestCookies(incoming.headers.get('cookie'))
  const { cookieName } = wiring.sessionSettings
  // Without the cookie of a login there is none to be redeemed, and nothing to remember.
  if (sent.namesWith(`${cookieName}-${route.provider}-`).length === 0) return answer()
  const work = async (): Promise<PlainResponse> => plain(await answer())
  const { path, query } = requestTarget(incoming)
  const cookies = sent.namesWith(cookieName).map((name) => [name, sent.only(name)])
  const key = `callback ${JSON.stringify([origin, path, query, cookies])}`
  const { status, headers, body } = await wiring.vault.once(key, { lifetime: repeatSeconds, work })
  return new Response(body === '' ? null : body, { status, headers: headers.map(([name, value]) => [name, value]) })
}

async function plain(response: Response): Promise<PlainResponse> {
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}
