import type { TestBrowser } from '@latchkey/testkit'
import type { Clock } from '../clock.ts'
import type { Provider } from '../provider/start-provider.ts'

/** What a relying party is set up with. */
export interface PartySetup {
  readonly provider: Pick<Provider, 'domain' | 'issuer'>
  readonly clock: Clock
  readonly scopes?: readonly string[]
  /** Whether the party knows the provider by its metadata alone, and takes its logout tokens. Wristband's has neither. */
  readonly discovers?: boolean
}

/** A relying party that serves the application. */
export interface RunningParty {
  /** Where it listens. */
  readonly server: string
  /** Where a user begins to sign in. */
  readonly loginUrl: string
  /** The access token that the application gets for this user's request, refreshed if it is due; null without one. */
  accessToken(browser: TestBrowser): Promise<string | null>
  /** What the application can know of the user who is signed in. */
  profile(browser: TestBrowser): Promise<object>
  close(): Promise<void>
}

/** A relying party, as the modules run through it. */
export interface Party {
  readonly name: string
  start(setup: PartySetup): Promise<RunningParty>
}
