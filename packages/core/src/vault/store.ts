import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { type Seconds, startDeadline } from '../model/time.ts'

/**
 * Where sessions and single-use marks are kept. Five methods, so that a store for another database is small; all
 * methods are atomic. Lifetimes are whole seconds and mandatory.
 */
export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string, lifetime: Seconds): Promise<void>
  /** Sets the key only if it is absent; true if it did. */
  add(key: string, value: string, lifetime: Seconds): Promise<boolean>
  /** Replaces the value only if the key holds exactly `expected`; never creates. True if it did. */
  replace(key: string, expected: string, value: string, lifetime: Seconds): Promise<boolean>
  /** Removes the key, with `expected` only if it holds exactly that. True if it did. */
  remove(key: string, expected?: string): Promise<boolean>
  /** Optional: reads several values in one round trip, in the order of the keys. Without it they are read one by one. */
  getMany?(keys: readonly string[]): Promise<readonly (string | null)[]>
}

/** What a store says of itself. */
export interface StoreHealth {
  /** Whether there is no problem. */
  readonly ok: boolean
  /**
   * What is wrong: it does not answer in time (`unreachable`), it answers but takes no writes (`read_only`), it drops
   * entries before their lifetime ends (`evicts`), or it loses them when it restarts (`not_persistent`).
   */
  readonly problems: readonly ('unreachable' | 'read_only' | 'evicts' | 'not_persistent')[]
}

/** A store that says whether it can be relied on. */
export interface HealthyStore extends Store {
  /** For readiness probes. Answers within 500 ms and never rejects. */
  health(): Promise<StoreHealth>
}

/** Reads several values: in one round trip if the store can, else all at once. */
export async function readMany(store: Store, keys: readonly string[]): Promise<readonly (string | null)[]> {
  if (keys.length > 1 && store.getMany !== undefined) return store.getMany(keys)
  return Promise.all(keys.map((key) => store.get(key)))
}

const timeoutSeconds = 0.5

/**
 * A store that answers within 500 ms or fails closed, whatever the store behind it does.
 *
 * @throws `auth/store_unavailable` from each of its methods
 */
export function boundedStore(store: Store): Store {
  return {
    get: (key) => bounded(() => store.get(key)),
    set: (key, value, lifetime) => bounded(() => store.set(key, value, lifetime)),
    add: (key, value, lifetime) => bounded(() => store.add(key, value, lifetime)),
    replace: (key, expected, value, lifetime) => bounded(() => store.replace(key, expected, value, lifetime)),
    remove: (key, expected) => bounded(() => store.remove(key, expected)),
    getMany: (keys) => bounded(() => readMany(store, keys)),
  }
}

async function bounded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await startDeadline(timeoutSeconds, () => new Error('deadline')).race(call())
  } catch (error) {
    throw coreError('auth/store_unavailable', { cause: { reason: reasonOf(error) } })
  }
}

/** What a store of ours says of its failure; of a foreign error nothing is kept, for its text may hold secrets. */
function reasonOf(error: unknown): string {
  const { reason } = (isAuthError(error) ? (error.cause ?? {}) : {}) as { reason?: unknown }
  return typeof reason === 'string' ? reason : 'failed or late'
}
