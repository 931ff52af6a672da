import type { AuthContext } from '../context/auth-context.ts'
import { isChunkLine } from '../cookies/chunks.ts'
import { requestCookies } from '../cookies/request-cookies.ts'
import { type Arrival, judgeArrival } from '../login/arrival.ts'
import { readState } from '../login/state.ts'
import type { Seconds } from '../model/time.ts'
import { type Answer, bodyText } from '../request/answer.ts'
import { type RequestLike, requestQuery, requestTarget } from '../request/request-like.ts'
import { seeOther } from '../request/response.ts'
import type { SessionRecord } from '../session/record.ts'
import { sessionHistory } from '../session/session-history.ts'
import type { KeptKind } from '../vault/shared-work.ts'
import type { MountedRoute } from './route-table.ts'

/**
 * Sends a callback that came to the callback origin on to the host that its login began on, as its authenticated `state`
 * says. Opens no cookie. Null if the request is to be handled here.
 */
export async function relayCallback(
  context: AuthContext,
  request: RequestLike,
  { accepts, provider }: MountedRoute,
): Promise<Answer | null> {
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

/** A request at the origin of ours at which it arrived. */
interface ArrivedRequest {
  readonly request: RequestLike
  readonly origin: string
}

/** Judges a callback that names a `state`; null for every other request. */
export async function arrivalOf(
  context: AuthContext,
  { request, origin, route }: ArrivedRequest & { readonly route: MountedRoute },
): Promise<Arrival | null> {
  const { accepts, provider } = route
  if (accepts !== 'provider-callback' || provider === null) return null
  const state = requestQuery(request).get('state') ?? ''
  if (state === '') return null
  const { cookieName } = context.sessionSettings
  const sent = requestCookies(request.headers.get('cookie'))
  return judgeArrival({ ...context, cookieName }, { provider, origin, state, sent })
}

/**
 * The key under which a callback is answered once: the same callback with the same cookies of ours, which comes while the
 * first is under way or within 30 seconds (a double click, a reloaded page, a proxy that tries again), gets the same answer
 * and with it the same session. Null for what is answered by itself: a callback that does not bring the login of its
 * `state`, and with external sessions, whose cookie is not ours to repeat.
 */
export function callbackKey(
  { sessionSettings }: AuthContext,
  { request, origin }: ArrivedRequest,
  arrival: Arrival | null,
): string | null {
  if (arrival?.brings !== 'login' || sessionSettings.strategy === 'external') return null
  const sent = requestCookies(request.headers.get('cookie'))
  const { path, query } = requestTarget(request)
  const cookies = sent.namesWith(sessionSettings.cookieName).map((name) => [name, sent.only(name)])
  return `callback ${JSON.stringify([origin, path, query, cookies])}`
}

/**
 * Whether this process knows that the login of a callback is redeemed. If the answer to it is not remembered here, there is
 * none but a refusal: nobody makes the store work by one login that is sent again and again.
 */
export async function isSpent({ vault }: AuthContext, arrival: Arrival | null): Promise<boolean> {
  return arrival?.brings === 'login' && arrival.state !== null && vault.isKnownUsed('transaction', arrival.state)
}

/** What a route answered. */
export interface RouteAnswer {
  readonly answer: Answer
  /** Whether a vendor has vouched for a user in it. */
  readonly isSignIn: boolean
  /** The session that the browser has with it. */
  readonly record: SessionRecord | null
}

/** An answer as plain JSON. */
type PlainAnswer = {
  /** See {@link RouteAnswer}. */
  readonly isSignIn: boolean
  /** The session that it sets, as it was then; null for none. */
  readonly session: { readonly id: string; readonly generation: number } | null
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/**
 * Among which an answer is remembered: those of users whom a vendor vouches for apart from refusals, which anybody can
 * have. What may go well in a moment is not remembered.
 */
export function keptAs({ status, isSignIn }: PlainAnswer): KeptKind | null {
  if (status === 429 || status === 503) return null
  return isSignIn ? 'sign-in' : 'refusal'
}

export async function toPlain({ answer, isSignIn, record }: RouteAnswer): Promise<PlainAnswer> {
  const session = record === null ? null : { id: record.id, generation: record.generation }
  return { isSignIn, session, status: answer.status, headers: answer.headers, body: await bodyText(answer) }
}

/** The answer as it was; its session is left out where this process knows that it has gone on or ended since. */
export function fromPlain({ sessionSettings }: AuthContext, plain: PlainAnswer): Answer {
  const { status, headers, body, session } = plain
  const isOutdated = session !== null && sessionHistory.isOutdated(session)
  const isOld = (name: string, value: string): boolean =>
    isOutdated && name === 'set-cookie' && isChunkLine(sessionSettings.cookieName, value)
  const kept = headers.filter(([name, value]) => !isOld(name, value))
  return { status, headers: kept, body: body === '' ? null : body }
}
