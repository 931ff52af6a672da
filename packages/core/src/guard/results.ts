import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { BearerToken } from '../provider/contract.ts'
import type { HeaderEntries } from '../request/request-like.ts'

/**
 * A request that may pass with its session. Add the headers to the response, and read them only when it is sent: what
 * ended or was refreshed by then is not written back.
 */
export interface AuthenticatedSession {
  /** A session, not an access token. */
  readonly kind: 'session'
  /** The session that the guard let pass. */
  readonly session: Session
  /** For the answer: the cookies of a refresh. */
  readonly headers: HeaderEntries
}

/** A request that may pass with its access token. */
export interface AuthenticatedBearer {
  /** An access token, not a session. */
  readonly kind: 'bearer'
  /** What the verified token says. */
  readonly bearer: BearerToken
  /** For the answer. */
  readonly headers: HeaderEntries
}

/** A request that may pass; `kind` says by what. */
export type Authenticated = AuthenticatedSession | AuthenticatedBearer

/** The session of a request, if it has one. */
export interface SessionResult {
  /** The session; null where nobody is signed in. */
  readonly session: Session | null
  /** For the answer: cookies, and what keeps it out of caches. */
  readonly headers: HeaderEntries
}

/** An access token of a session. */
export interface AccessTokenResult {
  /** The token to send. */
  readonly accessToken: string
  /** When it expires; absent where the provider did not say. */
  readonly expiresAt?: Seconds | undefined
  /** For the answer: the cookies of a refresh. */
  readonly headers: HeaderEntries
}
