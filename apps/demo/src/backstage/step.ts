/** A system of the demo that is not the app. */
export type SystemName = 'wristband' | 'wink' | 'wise' | 'oidc'

/** One that the emulator knows. */
export type EmulatedName = Exclude<SystemName, 'oidc'>

/** An event of the app. */
export interface EventStep {
  readonly kind: 'event'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly framework: string
  readonly type: string
  readonly provider?: string | undefined
  readonly code?: string | undefined
  readonly reason?: string | undefined
  /** What to do about the code. */
  readonly hint?: string | undefined
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
  /** Null if there was no answer. */
  readonly status: number | null
  /** The short name of the endpoint. This and what follows are known where the system is emulated. */
  readonly endpoint?: string | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly error?: string | undefined
  readonly fault?: string | undefined
}

/** A request to the app by a script or a hidden frame of one of its pages. */
export interface ScriptStep {
  readonly kind: 'script'
  readonly at: number
  readonly framework: string
  readonly method: 'GET' | 'POST'
  /** Without its query. */
  readonly path: string
}

/** One step in the timeline of a browser. It holds no secret, no token and no name. */
export type Step = EventStep | WireStep | ScriptStep

/** What a server tells the runner about one browser. */
export type Report =
  | EventStep
  | WireStep
  /** It gets its time where it arrives. */
  | Omit<ScriptStep, 'at'>
  /** The browser was sent to a system, or came back from it. */
  | { readonly kind: 'redirect' | 'return'; readonly system: SystemName }
