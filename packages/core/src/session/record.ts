import type { Identity, Tokens } from '../model/identity.ts'
import type { JsonObject } from '../model/json.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'

/** A session as it is sealed: what the app sees, what it never sees, and what the seal itself must prove. */
export interface SessionRecord {
  readonly id: string
  /**
   * The id of the session that this one goes on from, through any number of sign-ins that replaced one in place: a login that
   * was begun in one of them still belongs to it.
   */
  readonly familyId: string
  readonly createdAt: Seconds
  readonly idleExpiresAt: Seconds
  readonly absoluteExpiresAt: Seconds
  /** Counts the changes of what the session holds: of two records of one session the higher is the newer. */
  readonly generation: number
  /** The origin that the session belongs to. */
  readonly origin: string
  /** The provider of the identity that the session began with. */
  readonly userProvider: string
  readonly identities: Readonly<Record<string, Identity>>
  readonly tokens: Readonly<Record<string, Tokens>>
  /** What vendors call their own sessions, by provider: for back-channel logout. */
  readonly sids: Readonly<Record<string, string>>
  /** The epochs that the sign-ins carry, by provider: see `Revocations`. */
  readonly epochs: Readonly<Record<string, readonly string[]>>
  /** When tokens were refreshed last; null if never. */
  readonly refreshedAt: Seconds | null
  readonly data: JsonObject
}

/** What the app sees of a record. */
export function sessionFrom(record: SessionRecord): Session {
  return {
    id: record.id,
    createdAt: record.createdAt,
    expiresAt: Math.min(record.idleExpiresAt, record.absoluteExpiresAt),
    ...(record.refreshedAt === null ? {} : { refreshedAt: record.refreshedAt }),
    user: record.identities[record.userProvider] as Session['user'],
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

/**
 * Whether a record may be used now, at this origin. It lasts no longer than a session that begins now may: marks of ended
 * sign-ins live that long, also where `absoluteSeconds` was longer when it began.
 */
export function isLive(
  record: SessionRecord,
  {
    origin,
    now,
    absoluteSeconds,
  }: { readonly origin: string; readonly now: Seconds; readonly absoluteSeconds: Seconds },
): boolean {
  const end = Math.min(record.absoluteExpiresAt, record.createdAt + absoluteSeconds)
  return record.origin === origin && record.idleExpiresAt > now && end > now
}

/** When the idle time of a record that is written now ends. */
export function idleEnd(record: NewSessionRecord, idleSeconds: Seconds, now: Seconds): Seconds {
  return Math.min(now + idleSeconds, record.absoluteExpiresAt)
}

/** Whether half the idle time is gone, and more can be had. */
export function isDueForWriting(record: SessionRecord, idleSeconds: Seconds, now: Seconds): boolean {
  return record.idleExpiresAt < record.absoluteExpiresAt && record.idleExpiresAt - now < idleSeconds / 2
}

/** A record without one provider's identity and all that belongs to it. */
export function withoutProvider(record: SessionRecord, provider: string): SessionRecord {
  if (!Object.hasOwn(record.identities, provider)) return record
  const { [provider]: _identity, ...identities } = record.identities
  const { [provider]: _tokens, ...tokens } = record.tokens
  const { [provider]: _sid, ...sids } = record.sids
  const { [provider]: _epochs, ...epochs } = record.epochs
  return { ...record, generation: record.generation + 1, identities, tokens, sids, epochs }
}
