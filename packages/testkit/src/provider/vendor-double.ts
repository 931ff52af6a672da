import type { AuthProvider, Awaitable } from '@latchkey/core/provider'

/** Who comes back from the vendor, and how. */
export interface VisitOutcome {
  /** A name of the suite's own. The double takes each name for one user: the same for the same name. */
  readonly subject: string
  /** The tenant that the user is at. */
  readonly tenant?: string | undefined
  /** `denied`: the user, or the vendor, refuses. */
  readonly outcome: 'signed-in' | 'denied'
}

/** What a vendor of the provider's would do, so that the suite can sign in and fail in every way. */
export interface VendorDouble {
  /** Answers the URL that the login route redirects to with the URL that the browser is sent back to. */
  authorize(url: URL, as: VisitOutcome): Awaitable<URL>
  /**
   * Secrets and personal data of this double: client secrets, codes, tokens, e-mail addresses. None may appear in an event,
   * an error, an answer or the address of a request. It is read when a test has run: a list that grows is fine.
   */
  readonly canaries: readonly string[]
  /** The vendor's servers. Default: requests of the provider go out, as to an emulator on this machine. */
  answer?(request: Request): Awaitable<Response>
  /** Says how the vendor answers the next refresh. Absent: the provider keeps no tokens. */
  planRefresh?(outcome: 'refreshed' | 'failed' | 'ended'): Awaitable<void>
  /** An access token of a user for the app's own API. Absent: the provider verifies none. */
  bearer?(subject: string): Awaitable<string>
}

/** What the provider of one test is made with. */
export interface VendorSurroundings {
  /** Every request of the provider must go through it: it is watched, and fails where a test has the vendor fail. */
  readonly fetch: typeof fetch
  /** The time in whole seconds. It stands still until a test moves it, also for the double. */
  readonly clock: () => number
}

/** A provider, and the double of its vendor. */
export interface ProviderSubject {
  /** The provider to test. */
  readonly provider: AuthProvider
  /** The double of its vendor. */
  readonly vendor: VendorDouble
}
