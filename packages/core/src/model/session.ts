import type { Identities } from './identity.ts'
import type { Seconds } from './time.ts'

/**
 * Small data of the app's own in the session, filled by declaration merging:
 * `declare module '@latchkey/core' { interface SessionData { accountId?: string } }`.
 */
export interface SessionData {}

/** A signed-in browser. Plain data without tokens: it can be serialised anywhere. */
export interface Session {
  /** Safe in logs: it opens nothing. New at every sign-in. */
  readonly id: string
  readonly createdAt: Seconds
  /** When the session ends if nothing more is heard of it: the earlier of its idle and its absolute end. */
  readonly expiresAt: Seconds
  /** The provider of the identity that the session began with. */
  readonly primary: string
  readonly identities: Readonly<Partial<Identities>>
  readonly data: Readonly<SessionData>
}
