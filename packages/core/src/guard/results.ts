import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { BearerToken } from '../provider/contract.ts'
import type { HeaderEntries } from '../request/request-like.ts'

/**
 * A request that may pass with its session. Add the headers to the response, and read them only when it is sent: what
 * ended or was refreshed by then is not written back.
 */
export interface AuthenticatedSession {
  readonly kind: 'session'
  readonly session: Session
  readonly headers: HeaderEntries
}

/** A request that may pass with its access token. */
export interface AuthenticatedBearer {
  readonly kind: 'bearer'
  readonly bearer: BearerToken
  readonly headers: HeaderEntries
}

/** A request that may pass; `kind` says by what. */
export type Authenticated = AuthenticatedSession | AuthenticatedBearer

/** The session of a request, if it has one. */
export interface SessionResult {
  readonly session: Session | null
  readonly headers: HeaderEntries
}

/** An access token of a session. */
export interface AccessTokenResult {
  readonly accessToken: string
  readonly expiresAt?: Seconds | undefined
  readonly headers: HeaderEntries
}
