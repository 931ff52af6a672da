import type { Credentials } from '../model/identity.ts'
import type { Session } from '../model/session.ts'
import type { BearerClaims } from '../provider/contract.ts'
import type { HeaderList } from '../request/request-like.ts'

/**
 * A request that may pass with its session. Add the headers to the response, and read them only when it is sent: what
 * ended or was renewed by then is not written back.
 */
export interface SessionGrant {
  readonly kind: 'session'
  readonly session: Session
  readonly headers: HeaderList
}

/** A request that may pass with its access token. */
export interface BearerGrant {
  readonly kind: 'bearer'
  readonly bearer: BearerClaims
  readonly headers: HeaderList
}

/** A request that may pass. */
export type Grant = SessionGrant | BearerGrant

/** The session of a request, if there is one, and headers as in {@link SessionGrant}. */
export interface SessionReading {
  readonly session: Session | null
  readonly headers: HeaderList
}

/** Tokens that are good now, and headers as in {@link SessionGrant}. */
export interface CredentialsReading {
  readonly credentials: Credentials
  readonly headers: HeaderList
}
