/** A system of the demo that is not the app. */
export type SystemName = 'wristband' | 'wink' | 'wise'

/** What the app itself reported. */
export interface EventStep {
  readonly kind: 'event'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly framework: string
  readonly type: string
  readonly provider?: string
  readonly code?: string
  /** What to do about the code. */
  readonly hint?: string
}

/** A request to one of the systems: by the app's back end (`call`) or by the browser (`page`). */
export interface WireStep {
  readonly kind: 'call' | 'page'
  readonly at: number
  readonly system: SystemName
  readonly method: string
  readonly host: string
  /** Without its query. */
  readonly path: string
  /** Null where no answer came. */
  readonly status: number | null
  /** The short name of the endpoint, where the system is emulated, as what follows. */
  readonly endpoint?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly error?: string
  readonly fault?: string
}

/** One thing that happened on a user's way through the demo. It holds no secret, no token and no name. */
export type Step = EventStep | WireStep

/** What a server tells the runner about one browser. */
export type Report =
  | EventStep
  | WireStep
  /** The browser was sent to a system, or came back from it. */
  | { readonly kind: 'redirect' | 'return'; readonly system: SystemName }
