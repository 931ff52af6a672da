import type { FrameworkRequest } from './framework-request.ts'
import type { UserKey } from './identity.ts'
import type { Json } from './json.ts'
import type { RouteKind } from './route-kind.ts'
import type { Seconds } from './time.ts'

// docs/events.md is made of this file: each event's comment says when it comes, and `@alert` what to do about it.

/** A stable, public error code: `acme/invalid_state`. Renaming one is a breaking change. */
export type ErrorCode = `${string}/${string}`

/** What every event says. */
interface EventOf<Type extends string> {
  /** When it was, in seconds since the epoch. */
  readonly at: Seconds
  readonly type: Type
}

/** Why something was refused or failed. */
interface Why {
  readonly code?: ErrorCode | undefined
  readonly reason?: string | undefined
  /** What to do about the code. */
  readonly hint?: string | undefined
}

/** A user has signed in. */
interface SignInSucceeded extends EventOf<'sign_in.succeeded'> {
  readonly provider: string
  readonly user: UserKey
}

/**
 * A login or its callback ended with an error.
 *
 * @alert More than a tenth of all sign-ins in 10 minutes; by `code`, which docs/errors.md explains.
 */
interface SignInRefused extends EventOf<'sign_in.refused'>, Why {
  readonly provider: string
  readonly user?: UserKey | undefined
}

/**
 * A callback could not be used, and the login began again by itself.
 *
 * @alert More than a twentieth of all sign-ins in an hour: users lose their login's cookie on the way.
 */
interface SignInRestarted extends EventOf<'sign_in.restarted'>, Why {
  readonly provider: string
  readonly user?: UserKey | undefined
}

/** The vendor gave new tokens. */
interface SessionRefreshed extends EventOf<'session.refreshed'> {
  readonly provider: string
  readonly user: UserKey
}

/**
 * A session ended, by a sign-out or by the vendor: `reason` says why.
 *
 * @alert Any `reason: tokens_lost`: new tokens were got and could not be kept.
 */
interface SessionEnded extends EventOf<'session.ended'>, Why {
  readonly reason: string
  readonly provider: string
  readonly user: UserKey
}

/**
 * The sealed session is over 3,600 bytes; proxies with default settings cut headers near 4 kB.
 *
 * @alert When it first comes: raise the proxy's header limits, or keep less in the session.
 */
interface SessionLarge extends EventOf<'session.large'> {
  readonly bytes: number
  readonly maxBytes: number
  readonly user: UserKey
}

/**
 * A guard or a route refused a request.
 *
 * @alert By `code`: `core/unknown_host` and `core/cross_origin` say that the proxy or an origin is set up wrong.
 */
interface RequestRefused extends EventOf<'request.refused'>, Why {
  readonly code: ErrorCode
  readonly provider?: string | undefined
  readonly user?: UserKey | undefined
}

/** A guard refused a request because the user's authentication is too old, or of another kind. */
interface StepUpRequired extends EventOf<'step_up.required'>, Why {
  readonly code: ErrorCode
  readonly provider?: string | undefined
  readonly user?: UserKey | undefined
}

/**
 * What a refresh said of the user did not fit; the new tokens are kept, with the old profile.
 *
 * @alert When it first comes: keep less in the session, or keep sessions in a store.
 */
interface SessionProfileKept extends EventOf<'session.profile_kept'>, Why {
  readonly provider: string
}

/**
 * New tokens did not fit; the session goes on without them.
 *
 * @alert Any: users must sign in again sooner. Keep sessions in a store.
 */
interface SessionTokensDropped extends EventOf<'session.tokens_dropped'>, Why {
  readonly provider: string
}

/**
 * Another process wrote a session more than 10 seconds in this one's future. At most once a minute.
 *
 * @alert Any: synchronize the clocks of all nodes.
 */
interface ClockSkewed extends EventOf<'clock.skewed'>, Why {
  readonly aheadSeconds: Seconds
}

/**
 * A call to the store failed or was late, and for what reason. At most once a second.
 *
 * @alert Any that lasts 10 seconds: while the store is out, requests that need it are answered with 503.
 */
interface StoreFailed extends EventOf<'store.failed'>, Why {
  readonly operation: 'get' | 'set' | 'add' | 'replace' | 'remove' | 'getMany'
  readonly reason: string
  readonly durationMilliseconds: number
}

/**
 * A request to a vendor ended, with a `status` or with the `code` of what failed.
 *
 * @alert Answers without a status, of 429 or of 500 and above: more than 5 in a minute and more than a twentieth.
 */
interface VendorRequest extends EventOf<'vendor.request'>, Why {
  readonly provider: string
  /** The name of the endpoint, such as `token` or `userinfo`; never its URL. */
  readonly endpoint: string
  /** Missing where no answer came. */
  readonly status?: number | undefined
  /** To the last byte of the answer, with the second attempt of a request that was sent twice. */
  readonly durationMilliseconds: number
}

/**
 * A route of ours answered a request.
 *
 * @alert A `status` of 500 or above: more than 5 in a minute. A slow `callback` means a slow vendor or store.
 */
interface RouteAnswered extends EventOf<'route.answered'> {
  /**
   * What the route is for: `login`, `callback`, `launch`, `token`, `session`, `logout`, `logout_next`, `confirm`, `other`; or
   * `unknown` where no route takes the request.
   */
  readonly route: RouteKind
  readonly provider?: string | undefined
  readonly status: number
  readonly durationMilliseconds: number
}

/**
 * Something opened that an older secret of the list sealed. At most once a minute.
 *
 * @alert Later than the longest session (`absoluteSeconds`) after a rotation: a process still seals with the old secret.
 */
interface SecretOutdated extends EventOf<'secret.outdated'>, Why {}

/**
 * The store kept a sign-out from ending everything; `reason` says what is left.
 *
 * @alert Any: a user believes to be signed out. Call `revokeSessions` once the store is back.
 */
interface SignOutIncomplete extends EventOf<'sign_out.incomplete'>, Why {}

/**
 * `rateLimit` threw or was late at a sign-out, which went on.
 *
 * @alert Any: at other routes such a failure is answered with 503.
 */
interface RateLimitFailed extends EventOf<'rate_limit.failed'>, Why {}

/**
 * Something that happened; `type` says what. Events hold no secret, no token, no name and no e-mail address. `user` is the
 * key of a user: personal data.
 */
export type AuthEvent =
  | SignInSucceeded
  | SignInRefused
  | SignInRestarted
  | SessionRefreshed
  | SessionEnded
  | SessionLarge
  | RequestRefused
  | StepUpRequired
  | SessionProfileKept
  | SessionTokensDropped
  | ClockSkewed
  | StoreFailed
  | VendorRequest
  | RouteAnswered
  | SecretOutdated
  | SignOutIncomplete
  | RateLimitFailed
  | ProviderEvent

/**
 * What a provider reports. Ours report:
 *
 * - `provider.refresh_failed`: the vendor gave no new tokens for now; the session goes on with the old ones.
 * - `provider.identity_ended`: the vendor ended an identity that the session goes on without.
 * - `provider.sign_out_failed`: the vendor's side of a sign-out could not be ended; `code` says why.
 * - `provider.profile_kept`: userinfo failed at a refresh; the profile stays as it was.
 * - `provider.metadata_changed`: a discovery document moved an endpoint to another origin, and is not used.
 * - `provider.metadata_failed`: a discovery document could not be had, or is bad.
 *
 * @alert `provider.refresh_failed`, as for `vendor.request`. Any `provider.metadata_changed`: ask the vendor, then restart.
 */
export interface ProviderEvent {
  readonly at: Seconds
  readonly type: `provider.${string}`
  readonly provider: string
  readonly [key: string]: Json
}

/** What an event comes with. */
export interface EventContext {
  readonly frameworkRequest: FrameworkRequest
}

/** Takes events; see `onEvent`. */
export interface EventListener {
  (event: AuthEvent, context: EventContext): void
  /** Whether it takes events now; asked before work that only its events need. Always, where this is missing. */
  readonly isListening?: (() => boolean) | undefined
  /**
   * Called around work that ends with an event of this type, such as to make a span of it: calls `work` at once, which
   * resolves with that event and never rejects. The work is done once and its caller waits for nothing else, whatever this
   * does.
   */
  readonly around?:
    | ((type: 'route.answered' | 'vendor.request', work: () => Promise<AuthEvent>) => Promise<unknown>)
    | undefined
}

/** Whether a listener takes events now. */
export function isListening(listener: EventListener): boolean {
  try {
    return listener.isListening === undefined || listener.isListening()
  } catch {
    return true
  }
}

/** Reports an event to the app's listeners; whatever a listener does, the request goes on. */
export function emitEvent(
  listeners: Iterable<EventListener>,
  event: AuthEvent,
  frameworkRequest: FrameworkRequest,
): void {
  for (const listener of listeners) {
    try {
      const result: unknown = listener(event, { frameworkRequest })
      if (result instanceof Promise) result.catch(() => {})
    } catch {
      // A listener's failure is the listener's.
    }
  }
}

/** An event without the key of its user, for readers who must hold no personal data. */
export function withoutUser(event: AuthEvent): AuthEvent {
  const { user: _user, ...rest } = event as AuthEvent & { readonly user?: unknown }
  return rest as AuthEvent
}
