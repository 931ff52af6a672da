import type { FrameworkRequest } from './framework-request.ts'
import type { UserKey } from './identity.ts'
import type { Json } from './json.ts'
import type { Seconds } from './time.ts'

/** A stable, public error code: `acme/invalid_state`. Renaming one is a breaking change. */
export type ErrorCode = `${string}/${string}`

/** What every event says. */
interface EventOf<Type extends string> {
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

/**
 * Something that happened; `type` says what. Events hold no secret, no token, no name and no e-mail address.
 *
 * - `sign_in.succeeded`, `sign_in.refused`, `sign_in.restarted`: the three ways in which a callback ends.
 * - `session.refreshed`: the vendor gave new tokens. `session.ended`: by a sign-out, or by the vendor.
 * - `session.large`: the sealed session is over 3,600 bytes; proxies with default settings cut headers near 4 kB.
 * - `request.refused`: a guard or a route refused a request. `step_up.required`: because the proof is too old.
 * - `session.profile_kept`: what a refresh said of the user did not fit; the new tokens are kept, with the old profile.
 * - `session.tokens_dropped`: new tokens did not fit; the session goes on without them.
 * - `clock.skewed`: another process wrote a session more than 10 seconds in this one's future. At most once a minute.
 * - `sign_out.incomplete`: the store kept a sign-out from ending everything; `reason` says what is left.
 * - `rate_limit.failed`: `rateLimit` threw or was late at a sign-out, which went on.
 * - `secret.outdated`: something opened that an older secret of the list sealed. At most once a minute.
 * - `store.failed`: a call to the store failed or was late, and for what reason. At most once a second.
 * - `provider.*`: what providers report.
 */
export type AuthEvent =
  | (EventOf<'sign_in.succeeded' | 'session.refreshed'> & { readonly provider: string; readonly user: UserKey })
  | (EventOf<'sign_in.refused' | 'sign_in.restarted'> &
      Why & { readonly provider: string; readonly user?: UserKey | undefined })
  | (EventOf<'session.ended'> & Why & { readonly reason: string; readonly provider: string; readonly user: UserKey })
  | (EventOf<'session.large'> & { readonly bytes: number; readonly maxBytes: number; readonly user: UserKey })
  | (EventOf<'request.refused' | 'step_up.required'> &
      Why & { readonly code: ErrorCode; readonly provider?: string | undefined; readonly user?: UserKey | undefined })
  | (EventOf<'session.profile_kept' | 'session.tokens_dropped'> & Why & { readonly provider: string })
  | (EventOf<'clock.skewed'> & Why & { readonly aheadSeconds: Seconds })
  | (EventOf<'store.failed'> &
      Why & {
        readonly operation: 'get' | 'set' | 'add' | 'replace' | 'remove' | 'getMany'
        readonly reason: string
        readonly durationMilliseconds: number
      })
  | (EventOf<'secret.outdated' | 'sign_out.incomplete' | 'rate_limit.failed'> & Why)
  | ProviderEvent

/** What a provider reports. */
export interface ProviderEvent {
  readonly at: Seconds
  readonly type: `provider.${string}`
  readonly provider: string
  readonly [key: string]: Json
}

/** Takes events; see `onEvent`. */
export type EventListener = (event: AuthEvent, context: { readonly frameworkRequest: FrameworkRequest }) => void

/** Reports an event to the app's listeners; whatever a listener does, the request goes on. */
export function emitEvent(
  listeners: readonly EventListener[],
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
