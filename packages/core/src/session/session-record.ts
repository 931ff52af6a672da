import type { JsonObject } from '../json.ts'
import type { Credentials, Identity, Seconds } from './identity.ts'
import type { Session } from './session.ts'

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
