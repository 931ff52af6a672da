import type { CookieExchange } from '../cookies/cookie-exchange.ts'
import type { RequestCookies } from '../cookies/request-cookies.ts'
import type { Seconds } from './identity.ts'
import type { SessionRecord } from './session-record.ts'

/** A record whose idle time begins when it is written. */
export type NewSessionRecord = Omit<SessionRecord, 'idleExpiresAt'>

/**
 * What makes one record of a session into the next. Pure: it is done again on what another request has made of the
 * session meanwhile. The same record means that there is nothing left to change.
 */
export type SessionChange = (record: SessionRecord) => SessionRecord

/** The live session that a request came with, which a new one takes the place of. */
export interface Replaced {
  readonly previous: SessionRecord | null
  /** Whether the new session was decided about in view of the previous: then that must not have ended meanwhile. */
  readonly continues: boolean
}

/** Where session records are kept between requests. */
export interface SessionKeeper {
  /** The live session of these cookies, for this audience; null for anything else. */
  read(sent: RequestCookies, audience: string): Promise<SessionRecord | null>
  /**
   * Begins a session in place of the one that the request came with.
   *
   * @throws `core/session_too_large`, `auth/session_changed`, `auth/store_unavailable`
   */
  begin(cookies: CookieExchange, record: NewSessionRecord, replaced: Replaced): Promise<void>
  /**
   * Changes a session, and begins its idle time anew.
   *
   * @returns The record as it is kept; null if the session has ended meanwhile.
   * @throws `core/session_too_large`, `auth/store_unavailable`
   */
  update(cookies: CookieExchange, before: SessionRecord, change: SessionChange): Promise<SessionRecord | null>
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
  return record.audience === audience && record.idleExpiresAt > now && record.absoluteExpiresAt > now
}

/** When the idle time of a record that is written now ends. */
export function idleEnd(record: NewSessionRecord, idleSeconds: Seconds, now: Seconds): Seconds {
  return Math.min(now + idleSeconds, record.absoluteExpiresAt)
}

/** Whether half the idle time is gone, and more can be had. */
export function isDueForWriting(record: SessionRecord, idleSeconds: Seconds, now: Seconds): boolean {
  return record.idleExpiresAt < record.absoluteExpiresAt && record.idleExpiresAt - now < idleSeconds / 2
}
