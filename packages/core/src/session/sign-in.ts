import { randomToken } from '../crypto/index.ts'
import { AuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { ErrorCode } from '../model/event.ts'
import {
  type Credentials,
  type Identities,
  type Identity,
  identityAt,
  personOf,
  samePerson,
} from '../model/identity.ts'
import type { Awaitable, JsonObject } from '../model/json.ts'
import type { Session, SessionData } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import { type SessionRecord, sessionOf } from './record.ts'

/** What `onSignIn` is asked. */
export interface SignInRequest {
  /** Who has just signed in. */
  readonly identity: [keyof Identities] extends [never] ? Identity : Identities[keyof Identities]
  /** The session in which this sign-in began, if it is still alive. */
  readonly current: Session | null
  /** The framework's own request, as the adapter passed it. */
  readonly native: unknown
}

/**
 * What `onSignIn` answers. `start` begins a session with this identity alone, `join` adds it to the current session (the
 * app knows that both are one human), `refuse` leaves everything as it is.
 */
export type SignInDecision =
  | { readonly kind: 'start' | 'join'; readonly data?: SessionData }
  | { readonly kind: 'refuse'; readonly code?: ErrorCode }

/** Asked at each sign-in. See {@link SignInDecision}. */
export type OnSignIn = (request: SignInRequest) => Awaitable<SignInDecision>

/** A sign-in to decide about. */
export interface SignIn {
  readonly identity: Identity
  readonly credentials: Credentials | undefined
  readonly current: SessionRecord | null
  readonly audience: string
  readonly now: Seconds
  readonly absoluteSeconds: Seconds
}

/**
 * Makes the session that follows a sign-in. The same person's identity is replaced in place; identities of two people
 * share a session only if the app says `join`. Each has a new id.
 *
 * @throws `auth/sign_in_refused`, or the code that `onSignIn` gave
 */
export function sessionAfter(signIn: SignIn, decision: SignInDecision): Omit<SessionRecord, 'idleExpiresAt'> {
  const { identity, credentials, current, audience, now, absoluteSeconds } = signIn
  // An answer that is none of the three is a mistake in the app: it lets no one in.
  if (decision?.kind !== 'start' && decision?.kind !== 'join') throw refused((decision as Refusal | undefined)?.code)
  const fresh = {
    id: randomToken(16),
    createdAt: now,
    absoluteExpiresAt: now + absoluteSeconds,
    generation: 0,
    audience,
    primary: identity.provider,
    identities: { [identity.provider]: identity },
    credentials: credentials === undefined ? {} : { [identity.provider]: credentials },
    data: (decision.data ?? {}) as JsonObject,
  }
  const again = current !== null && isSamePerson(current, identity)
  if (current === null || (decision.kind === 'start' && !again)) {
    if (decision.kind === 'join') throw refused(undefined)
    return fresh
  }
  const { [identity.provider]: _replaced, ...otherCredentials } = current.credentials
  return {
    ...fresh,
    // Only a new proof by the person whom the session began with makes it last longer.
    ...(again && current.primary === identity.provider
      ? {}
      : { createdAt: current.createdAt, absoluteExpiresAt: current.absoluteExpiresAt }),
    primary: current.primary,
    identities: { ...current.identities, ...fresh.identities },
    credentials: { ...otherCredentials, ...fresh.credentials },
    data: { ...current.data, ...fresh.data },
  }
}

type Refusal = Extract<SignInDecision, { kind: 'refuse' }>

/** What the app is asked about a sign-in. */
export function signInRequest({ identity, current }: SignIn, native: unknown): SignInRequest {
  return {
    identity: identity as SignInRequest['identity'],
    current: current === null ? null : sessionOf(current),
    native,
  }
}

function isSamePerson(current: SessionRecord, identity: Identity): boolean {
  const held = identityAt(current.identities, identity.provider)
  return held !== undefined && samePerson(personOf(held), personOf(identity))
}

function refused(code: ErrorCode | undefined): AuthError {
  const { status, hint, message } = coreError.definitions['auth/sign_in_refused']
  return new AuthError(code ?? 'auth/sign_in_refused', { status, hint, message })
}
