import type { AnyIdentity, Identities, ProviderName } from './identity.ts'
import type { Seconds } from './time.ts'

/**
 * Small data of the app's own in the session, filled by declaration merging:
 * `declare module '@latchkey/core' { interface SessionData { accountId?: string } }`.
 */
export interface SessionData {}

/** Members of the app's data to change: `undefined` removes one, absent leaves it. */
export type SessionPatch = { readonly [Name in keyof SessionData]?: SessionData[Name] | undefined }

/** A signed-in browser. Plain data without tokens: it can be serialised anywhere. */
export interface Session {
  /** Safe in logs: it opens nothing. New at every sign-in. */
  readonly id: string
  /** When it began. */
  readonly createdAt: Seconds
  /** When the session ends if nothing more is heard of it: the earlier of its idle and its absolute end. */
  readonly expiresAt: Seconds
  /** When tokens of the session, and with them the profile, were refreshed last; absent if never. */
  readonly refreshedAt?: Seconds | undefined
  /** Who this session began with. */
  readonly user: AnyIdentity
  /** Who is signed in, by provider. */
  readonly identities: { readonly [Name in ProviderName]?: Identities[Name] | undefined }
  /** Partial: a session whose sign-in gave no data has none. */
  readonly data: Readonly<Partial<SessionData>>
}
