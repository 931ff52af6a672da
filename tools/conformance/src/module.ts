import type { TestBrowser } from '@latchkey/testkit'
import type { Clock } from './clock.ts'
import type { PartySetup, RunningParty } from './party/party.ts'
import type { Misbehaviour } from './provider/misbehaviour.ts'
import type { Provider } from './provider/start-provider.ts'

/** Everyone who takes part in a run of a module. */
export interface World {
  readonly provider: Provider
  readonly party: RunningParty
  readonly browser: TestBrowser
  readonly clock: Clock
}

/** One module of the conformance suite. */
export interface Module {
  /** Its number in our table. */
  readonly id: string
  /** Its name in the suite, without the prefix of its plan. */
  readonly name: string
  /** What the provider does wrong, and what the party must do, in a few words. */
  readonly misbehaviour: string
  readonly required: string
  /** What the provider does wrong; several are run one after the other, and all must pass. */
  readonly knobs: Misbehaviour | readonly Misbehaviour[]
  readonly setup?: Pick<PartySetup, 'scopes'>
  /** Throws what the party did wrong. */
  run(world: World): Promise<void>
}

/** Modules that belong together. */
export interface Plan {
  readonly name: string
  /** What the names of its modules begin with in the suite. */
  readonly prefix: string
  readonly modules: readonly Module[]
}
