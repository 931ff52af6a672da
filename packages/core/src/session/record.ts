import type { Credentials, Identity } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'

/** A session as it is sealed: what the app sees, what it never sees, and what the seal itself must prove. */
export interface SessionRecord {
  readonly id: string
  readonly createdAt: Seconds
  readonly idleExpiresAt: Seconds
  readonly absoluteExpiresAt: Seconds
  /** Counts the changes of what the session holds: of two records of one session the higher is the newer. */
  readonly generation: number
  /** The hostname that the session belongs to. */
  readonly audience: string
  readonly primary: string
  readonly identities: Readonly<Record<string, Identity>>
  readonly credentials: Readonly<Record<string, Credentials>>
  readonly data: JsonObject
}

/** What the app sees of a record. */
export function sessionOf(record: SessionRecord): Session {
  return {
    id: record.id,
    createdAt: record.createdAt,
    expiresAt: Math.min(record.idleExpiresAt, record.absoluteExpiresAt),
    primary: record.primary,
    identities: record.identities,
    data: record.data,
  }
}

/** A record whose idle time begins when it is written. */
export type NewSessionRecord = Omit<SessionRecord, 'idleExpiresAt'>

/**
 * What makes one record of a session into the next. Pure: it is done again on what another request has made of the
 * session meanwhile. The same record means that there is nothing left to change.
 */
export type SessionChange = (record: SessionRecord) => SessionRecord

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
