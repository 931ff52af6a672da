import { type Seconds, systemClock } from '../model/time.ts'
import type { Store } from './store.ts'
import { openVault, type Vault } from './vault.ts'

/** What {@link createWork} takes. */
export interface WorkSharingOptions {
  /** The first seals results, all open them. */
  readonly secrets: readonly [newest: string, ...older: string[]]
  /** Shares the work between processes. Without it each process does its own. */
  readonly store?: Store | undefined
  /** The time in whole seconds since 1970. */
  readonly clock?: (() => Seconds) | undefined
}

/**
 * Makes `once` for a client that has no auth around it: it does a piece of work once for all callers with the same key.
 * Results are sealed under keys that are derived from `secrets`.
 */
export function createWork({ secrets, store, clock = systemClock }: WorkSharingOptions): Pick<Vault, 'once'> {
  return openVault({ secrets, store, clock })
}
