import { randomToken } from '../crypto/index.ts'
import { AuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { ErrorCode } from '../model/event.ts'
import type { FrameworkRequest } from '../model/framework-request.ts'
import { type AnyIdentity, type Identity, identityAt, sameUser, type Tokens, userKey } from '../model/identity.ts'
import { type Awaitable, type JsonObject, plainCopy } from '../model/json.ts'
import type { Session, SessionPatch } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import { type SessionRecord, sessionFrom, withoutProvider } from './record.ts'

/** What `onSignIn` is asked. */
export interface SignInRequest {
  /** Who has just signed in. */
  readonly identity: AnyIdentity
  /** The live session, whether or not this sign-in was begun in it. */
  readonly current: Session | null
  /**
   * Whether a page of ours began the sign-in in that session, or the user confirmed it there. Only then `link` adds somebody
   * else: else it is refused.
   */
  readonly confirmed: boolean
  /** The framework's own request, as the adapter passed it. */
  readonly frameworkRequest: FrameworkRequest
}

/**
 * What `onSignIn` answers. `new` begins a session with this identity alone, `link` adds it to the current session (the
 * app knows that both are one human), `deny` leaves everything as it is.
 */
export type SignInDecision =
  | { readonly action: 'new' | 'link'; readonly data?: SessionPatch | undefined }
  | { readonly action: 'deny'; readonly code?: ErrorCode | undefined }

/** Asked at each sign-in. See {@link SignInDecision}. */
export type OnSignIn = (request: SignInRequest) => Awaitable<SignInDecision>

/** A sign-in to decide about. */
export interface SignIn {
  readonly identity: Identity
  readonly tokens: Tokens | undefined
  readonly sid: string | undefined
  /** The epochs that it carries from now on. */
  readonly epochs: readonly string[]
  /** The live session. */
  readonly current: SessionRecord | null
  /** Whether a page of ours began the sign-in in it, or the user confirmed it there. */
  readonly confirmed: boolean
  readonly origin: string
  readonly now: Seconds
  readonly absoluteSeconds: Seconds
}

/**
 * Makes the session that follows a sign-in. The same user's identity is replaced in place; identities of two users
 * share a session only if the app says `link`. Each has a new id.
 *
 * @throws `auth/sign_in_refused`, or the code that `onSignIn` gave
 */
export function sessionAfter(signIn: SignIn, decision: SignInDecision): Omit<SessionRecord, 'idleExpiresAt'> {
  const { identity, tokens, sid, epochs, origin, now, absoluteSeconds } = signIn
  const current = signIn.confirmed || isSameUserAgain(signIn) ? signIn.current : null
  // An answer that is none of the three is a mistake in the app: it lets no one in.
  if (decision?.action !== 'new' && decision?.action !== 'link') throw refused((decision as Denial | undefined)?.code)
  const id = randomToken(16)
  const fresh = {
    id,
    familyId: id,
    createdAt: now,
    absoluteExpiresAt: now + absoluteSeconds,
    generation: 0,
    origin,
    userProvider: identity.provider,
    identities: { [identity.provider]: identity },
    tokens: tokens === undefined ? {} : { [identity.provider]: tokens },
    sids: sid === undefined ? {} : { [identity.provider]: sid },
    epochs: epochs.length === 0 ? {} : { [identity.provider]: epochs },
    refreshedAt: null,
    data: (decision.data ?? {}) as JsonObject,
  }
  const again = isSameUserAgain(signIn)
  if (current === null || (decision.action === 'new' && !again)) {
    if (decision.action === 'link') throw refused(undefined)
    return fresh
  }
  const others = withoutProvider(current, identity.provider)
  return {
    ...fresh,
    // Only a new proof by the user whom the session began with makes it last longer.
    ...(again && current.userProvider === identity.provider
      ? {}
      : { createdAt: current.createdAt, absoluteExpiresAt: current.absoluteExpiresAt }),
    // Where another user took an identity's place, logins that were begun before are not for this session.
    ...(again || others === current ? { familyId: current.familyId } : {}),
    userProvider: current.userProvider,
    identities: { ...others.identities, ...fresh.identities },
    tokens: { ...others.tokens, ...fresh.tokens },
    sids: { ...others.sids, ...fresh.sids },
    epochs: { ...others.epochs, ...fresh.epochs },
    data: { ...current.data, ...fresh.data },
  }
}

type Denial = Extract<SignInDecision, { action: 'deny' }>

/** What the app is asked about a sign-in. */
export function signInRequest(
  { identity, current, confirmed }: SignIn,
  frameworkRequest: FrameworkRequest,
): SignInRequest {
  // Copies: what the app changes in them changes no session.
  return {
    identity: plainCopy(identity) as SignInRequest['identity'],
    current: current === null ? null : plainCopy(sessionFrom(current)),
    confirmed,
    frameworkRequest,
  }
}

/** Whether the live session holds this very user: then the identity is replaced in place, however the login began. */
export function isSameUserAgain({ current, identity }: Pick<SignIn, 'current' | 'identity'>): boolean {
  const held = current === null ? undefined : identityAt(current.identities, identity.provider)
  return held !== undefined && sameUser(userKey(held), userKey(identity))
}

function refused(code: ErrorCode | undefined): AuthError {
  const { status, hint, message } = coreError.definitions['auth/sign_in_refused']
  return new AuthError(code ?? 'auth/sign_in_refused', { status, hint, message })
}
