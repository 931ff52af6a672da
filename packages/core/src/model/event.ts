import type { PersonKey } from './identity.ts'
import type { Json } from './json.ts'
import type { Seconds } from './time.ts'

/** A stable, public error code: `acme/invalid_state`. Renaming one is a breaking change. */
export type ErrorCode = `${string}/${string}`

/** What core itself reports. */
export interface CoreEvent {
  readonly at: Seconds
  readonly type:
    | 'sign_in.succeeded'
    | 'sign_in.refused'
    | 'sign_in.restarted'
    | 'session.renewed'
    | 'session.ended'
    | 'bearer.refused'
    | 'step_up.required'
    | 'request.refused'
    | 'secret.outdated'
  readonly provider?: string
  readonly person?: PersonKey
  readonly code?: ErrorCode
  /** What to do about the code. */
  readonly hint?: string
  /** Facts behind the code: plain values without secrets. */
  readonly cause?: Readonly<Record<string, string | number | boolean | null>>
}

/** What a provider reports. */
export interface ProviderEvent {
  readonly at: Seconds
  readonly type: `provider.${string}`
  readonly provider: string
  readonly [key: string]: Json
}

/** Something that happened. Events hold no secret, no token, no name and no e-mail address. */
export type AuthEvent = CoreEvent | ProviderEvent

/** Takes events; see `onEvent`. */
export type EventListener = (event: AuthEvent, context: { readonly native: unknown }) => void

/** Reports an event to the app; whatever the listener does, the request goes on. */
export function emitEvent(listener: EventListener | undefined, event: AuthEvent, native: unknown): void {
  try {
    const result: unknown = listener?.(event, { native })
    if (result instanceof Promise) result.catch(() => {})
  } catch {
    // A listener's failure is the listener's.
  }
}
