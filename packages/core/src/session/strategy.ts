import type { RequestCookies } from '../cookies/request-cookies.ts'
import type { Cookies } from '../cookies/response-cookies.ts'
import type { Awaitable } from '../model/json.ts'
import type { NewSessionRecord, SessionChange, SessionRecord } from './record.ts'
import type { ReadMarks } from './revocation.ts'

/** A session as it was read. It may be used as soon as all its marks are known: those that were not read are asked for. */
export interface ReadSession {
  readonly record: SessionRecord
  /** The marks that were read with it. */
  readonly marks: ReadMarks
}

/** A session that begins. */
export interface Beginning {
  /** The live session that the request came with: its place is taken. */
  readonly previous: SessionRecord | null
  /** Whether the new session was decided about in view of the previous: then that must not have ended meanwhile. */
  readonly continues: boolean
  /**
   * Makes the new session. Gets what the previous has become by now, as far as that is known; null where none continues.
   */
  make(present: SessionRecord | null): NewSessionRecord
}

/** Where session records are kept between requests. */
export interface SessionStrategy {
  /** The live session of these cookies, at this origin; null for anything else. */
  read(sent: RequestCookies, origin: string): Awaitable<ReadSession | null>
  /**
   * A session that was read before, as far as its end is known by now; null once it has ended. Writes nothing. Where the
   * cookie holds the session, the idle time does not count: the cookies that prolong it reach others than who asks.
   *
   * @throws `auth/store_unavailable`
   */
  readAgain(sent: RequestCookies, before: SessionRecord): Awaitable<ReadSession | null>
  /**
   * Begins a session in place of the one that the request came with.
   *
   * @returns The record as it is kept; null where none is.
   * @throws `core/session_too_large`, `auth/session_changed`, `auth/store_unavailable`, and what `make` throws
   */
  begin(cookies: Cookies, beginning: Beginning): Promise<SessionRecord | null>
  /**
   * Changes a session, and begins its idle time anew.
   *
   * @returns The record as it is kept; null if the session has ended meanwhile.
   * @throws `core/session_too_large`, `auth/store_unavailable`
   */
  update(cookies: Cookies, before: SessionRecord, change: SessionChange): Promise<SessionRecord | null>
  /** Whether so much of the idle time is gone that the record is to be written again. */
  isDueForWriting(record: SessionRecord): boolean
  /**
   * Ends a session; nothing brings it back. Removes its cookies from the browser, also where there is no session.
   *
   * @throws `auth/store_unavailable`
   */
  end(cookies: Cookies, record: SessionRecord | null): Promise<void>
}

/** Keeps no sessions: the app has its own. */
export const externalSessions: SessionStrategy = {
  read: () => null,
  readAgain: () => null,
  begin: async () => null,
  update: async () => null,
  isDueForWriting: () => false,
  end: async () => {},
}
