import { requestCookies } from '../cookies/request-cookies.ts'
import { type CookieExchange, responseCookies } from '../cookies/response-cookies.ts'
import { identityAt } from '../model/identity.ts'
import type { ResolvedOrigin } from '../request/origins.ts'
import type { HeaderList, Incoming } from '../request/request-like.ts'
import { uncached } from '../request/response.ts'
import type { SessionRecord } from '../session/record.ts'
import { renewSession } from '../session/refresh.ts'
import type { Wiring } from './auth-context.ts'

/** One request and the response that it will have, as far as origin, cookies and session go. */
export interface Exchange {
  readonly incoming: Incoming
  readonly own: ResolvedOrigin
  readonly cookies: CookieExchange
  /** The session as far as this request knows it by now. */
  record: SessionRecord | null
  readonly native: unknown
}

/** Reads what a request brought. */
export async function openExchange(wiring: Wiring, incoming: Incoming, native: unknown): Promise<Exchange> {
  const own = wiring.origins.resolve(incoming)
  const sent = requestCookies(incoming.headers.get('cookie'))
  const record = await heldOn(wiring, await wiring.sessions.read(sent, own.audience), own.tenant)
  return { incoming, own, cookies: { sent, response: responseCookies() }, record, native }
}

/** A session without the identities that may not be used on this host, or that the app has ended. */
async function heldOn(
  wiring: Wiring,
  record: SessionRecord | null,
  tenant: string | null,
): Promise<SessionRecord | null> {
  if (record === null) return null
  const all = Object.entries(record.identities)
  const isHeld = await Promise.all(
    all.map(async ([provider, identity]) => {
      const isHere = wiring.providers.get(provider)?.holds?.(identity, { tenant }) ?? true
      return isHere && !(await wiring.endedPeople.hasEnded(identity))
    }),
  )
  if (isHeld.every(Boolean)) return record
  const identities = Object.fromEntries(all.filter((_, index) => isHeld[index]))
  return identityAt(identities, record.primary) === undefined ? null : { ...record, identities }
}

/**
 * Renews what is due in the session of a request, and prolongs the session when half its idle time is gone; its cookies
 * are set by the response.
 */
export async function refreshExchange(wiring: Wiring, exchange: Exchange): Promise<void> {
  const before = exchange.record
  if (before === null) return
  const renewal = await renewSession(wiring, before)
  if (renewal === 'ended') await wiring.sessions.end(exchange.cookies, before)
  if (typeof renewal === 'string') {
    exchange.record = null
  } else if (renewal !== null || wiring.sessions.isDueForWriting(before)) {
    exchange.record = await wiring.sessions.update(exchange.cookies, before, renewal ?? ((record) => record))
  }
}

/** The headers of a response that read or wrote a session: no cache may keep it. */
export function exchangeHeaders(exchange: Exchange): HeaderList {
  const setCookies = exchange.cookies.response.lines().map((line) => ['set-cookie', line] as const)
  return [...uncached, ...setCookies]
}

/** Adds the headers of the response: they are made when they are read, so that what ended by then is not written back. */
export function withHeaders<Result extends object>(
  result: Result,
  exchange: Exchange,
): Result & { readonly headers: HeaderList } {
  return Object.defineProperty(result, 'headers', {
    enumerable: true,
    get: () => exchangeHeaders(exchange),
  }) as Result & { readonly headers: HeaderList }
}
