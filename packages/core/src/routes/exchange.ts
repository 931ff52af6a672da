import type { CookieExchange } from '../cookies/cookie-exchange.ts'
import { requestCookies } from '../cookies/request-cookies.ts'
import { responseCookies } from '../cookies/response-cookies.ts'
import type { HeaderList, Incoming } from '../request/incoming.ts'
import type { ResolvedOrigin } from '../request/origins.ts'
import type { SessionRecord } from '../session/session-record.ts'
import type { Wiring } from './wiring.ts'

/** One request and the response that it will have, as far as origin, cookies and session go. */
export interface Exchange {
  readonly incoming: Incoming
  readonly own: ResolvedOrigin
  readonly cookies: CookieExchange
  /** The session as it was when the request arrived. */
  readonly record: SessionRecord | null
  readonly native: unknown
}

/** Reads what a request brought. */
export async function openExchange(wiring: Wiring, incoming: Incoming, native: unknown): Promise<Exchange> {
  const own = wiring.origins.resolve()
  const sent = requestCookies(incoming.headers.get('cookie'))
  const record = await wiring.sessions.read(sent, own.audience)
  return { incoming, own, cookies: { sent, response: responseCookies() }, record, native }
}

/** The headers of a response that read or wrote a session: no cache may keep it. */
export function exchangeHeaders(exchange: Exchange): HeaderList {
  const setCookies = exchange.cookies.response.lines().map((line) => ['set-cookie', line] as const)
  return [...uncached, ...setCookies]
}

/** What forbids every cache to keep a response. */
export const uncached: HeaderList = [
  ['cache-control', 'private, no-store'],
  ['vary', 'Cookie'],
]
