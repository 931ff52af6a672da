import type { AuthContext } from '../context/auth-context.ts'
import { requestCookies } from '../cookies/request-cookies.ts'
import { readState } from '../login/state.ts'
import type { Seconds } from '../model/time.ts'
import { type RequestLike, requestTarget } from '../request/request-like.ts'
import { seeOther } from '../request/response.ts'
import type { MountedRoute } from './route-table.ts'

/**
 * Sends a callback that came to the callback origin on to the host that its login began on, as its authenticated `state`
 * says. Opens no cookie. Null if the request is to be handled here.
 */
export async function relayCallback(
  context: AuthContext,
  request: RequestLike,
  { accepts, provider }: MountedRoute,
): Promise<Response | null> {
  const { callbackOrigin, origins } = context
  if (accepts !== 'provider-callback' || provider === null || callbackOrigin === null) return null
  const { path, query } = requestTarget(request)
  const content = await readState(context, provider, new URLSearchParams(query).get('state') ?? '')
  const origin = content?.origin ?? null
  const isHere = !origins.isCallbackOnly(request) && origins.resolve(request).origin === origin
  return origin === null || isHere ? null : seeOther(`${origin}${path}${query}`)
}

/** For how long after its answer a callback that comes again gets the same one. */
export const replaySeconds: Seconds = 30

/**
 * The key under which a callback is answered once: the same callback with the same cookies of ours, which comes while the
 * first is under way or within 30 seconds (a double click, a reloaded page, a proxy that tries again), gets the same answer
 * and with it the same session. Null for what is answered by itself: other routes, a callback whose `state` is not ours or
 * that comes without the cookie of a login, and with external sessions, whose cookie is not ours to repeat.
 */
export async function callbackKey(
  context: AuthContext,
  { request, origin, route }: { readonly request: RequestLike; readonly origin: string; readonly route: MountedRoute },
): Promise<string | null> {
  if (route.accepts !== 'provider-callback' || context.sessionSettings.strategy === 'external') return null
  const sent = requestCookies(request.headers.get('cookie'))
  const { cookieName } = context.sessionSettings
  if (sent.namesWith(`${cookieName}.${route.provider}.`).length === 0) return null
  const { path, query } = requestTarget(request)
  const state = new URLSearchParams(query).get('state') ?? ''
  if (route.provider === null || (await readState(context, route.provider, state)) === null) return null
  const cookies = sent.namesWith(cookieName).map((name) => [name, sent.only(name)])
  return `callback ${JSON.stringify([origin, path, query, cookies])}`
}

/** A response as plain data. */
type PlainResponse = {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** Whether an answer is remembered: what may go well in a moment is not. */
export function isFinal({ status }: PlainResponse): boolean {
  return status !== 429 && status !== 503
}

export async function toPlain(response: Response): Promise<PlainResponse> {
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

export function fromPlain({ status, headers, body }: PlainResponse): Response {
  return new Response(body === '' ? null : body, { status, headers: headers.map(([name, value]) => [name, value]) })
}
