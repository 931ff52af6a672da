import type { CookieExchange } from '../cookies/cookie-exchange.ts'
import type { RequestCookies } from '../cookies/request-cookies.ts'
import type { Seconds } from './identity.ts'
import { sessionHistory } from './session-history.ts'
import type { SessionRecord } from './session-record.ts'

/** A record whose idle time begins when it is written. */
export type NewSessionRecord = Omit<SessionRecord, 'idleExpiresAt'>

/** Where session records are kept between requests. */
export interface SessionKeeper {
  /** The live session of these cookies, for this audience; null for anything else. */
  read(sent: RequestCookies, audience: string): Promise<SessionRecord | null>
  /**
   * Begins a session in place of the one that the request came with.
   *
   * @throws `core/session_too_large`, `auth/store_unavailable`
   */
  begin(cookies: CookieExchange, record: NewSessionRecord, previous: SessionRecord | null): Promise<SessionRecord>
  /**
   * Keeps a changed record from now on, with its idle time begun anew.
   *
   * @returns The record as it is kept; null if the session has ended meanwhile.
   * @throws `core/session_too_large`, `auth/store_unavailable`
   */
  update(cookies: CookieExchange, before: SessionRecord, record: NewSessionRecord): Promise<SessionRecord | null>
  /** Whether so much of the idle time is gone that the record is to be written again. */
  isDueForWriting(record: SessionRecord): boolean
  /**
   * Ends a session; nothing brings it back. Removes its cookies from the browser, also where there is no session.
   *
   * @throws `auth/store_unavailable`
   */
  end(cookies: CookieExchange, record: SessionRecord | null): Promise<void>
}

/** Whether a record may be used now, on this host. */
export function isLive(record: SessionRecord, audience: string, now: Seconds): boolean {
  return (
    record.audience === audience &&
    record.idleExpiresAt > now &&
    record.absoluteExpiresAt > now &&
    !sessionHistory.hasEnded(record.id)
  )
}

/** When the idle time of a record that is written now ends. */
export function idleEnd(record: NewSessionRecord, idleSeconds: Seconds, now: Seconds): Seconds {
  return Math.min(now + idleSeconds, record.absoluteExpiresAt)
}

/** Whether half the idle time is gone, and more can be had. */
export function isDueForWriting(record: SessionRecord, idleSeconds: Seconds, now: Seconds): boolean {
  return record.idleExpiresAt < record.absoluteExpiresAt && record.idleExpiresAt - now < idleSeconds / 2
}
