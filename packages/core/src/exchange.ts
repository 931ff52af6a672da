import type { CookieExchange } from './cookies/cookie-exchange.ts'
import { requestCookies } from './cookies/request-cookies.ts'
import { responseCookies } from './cookies/response-cookies.ts'
import { renewSession } from './renewal/renew-session.ts'
import type { HeaderList, Incoming } from './request/incoming.ts'
import type { ResolvedOrigin } from './request/origins.ts'
import { identityAt } from './session/identity.ts'
import type { SessionRecord } from './session/session-record.ts'
import type { Wiring } from './wiring.ts'

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

/** What forbids every cache to keep a response. */
export const uncached: HeaderList = [
  ['cache-control', 'private, no-store'],
  ['vary', 'Cookie'],
]
