import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import type { Seconds } from '../model/time.ts'

/**
 * Where sessions and single-use marks are kept. Five methods, so that a store for another database is small; all
 * methods are atomic. Lifetimes are whole seconds and mandatory.
 */
export interface Store {
  /** The value of a key; null where there is none, or where its lifetime is over. */
  get(key: string): Promise<string | null>
  /** Writes a value, whatever was there. Its lifetime begins anew. */
  set(key: string, value: string, lifetime: Seconds): Promise<void>
  /** Sets the key only if it is absent; true if it did. */
  add(key: string, value: string, lifetime: Seconds): Promise<boolean>
  /** Replaces the value only if the key holds exactly `expected`; never creates. True if it did. */
  replace(key: string, expected: string, value: string, lifetime: Seconds): Promise<boolean>
  /** Removes the key, with `expected` only if it holds exactly that. True if it did. */
  remove(key: string, expected?: string): Promise<boolean>
  /**
   * Optional: reads several values in one round trip, in the order of the keys, of which one may come twice. Without it each
   * costs a `get`, all at once.
   */
  getMany?(keys: readonly string[]): Promise<readonly (string | null)[]>
}

/** A store in the memory of this process, where nothing has to be waited for. */
export interface MemoryStore extends Store {
  /** As `get`, at once. */
  peek(key: string): string | null
  /** Whether there is nothing in it. */
  isEmpty(): boolean
}

/** Whether a store of a vault is the memory of this process. */
export function isMemory(store: Store): store is MemoryStore {
  return 'peek' in store
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

/**
 * Reads several values: in one round trip if the store can, else all at once.
 *
 * @throws TypeError if the store does not give one for each key: none would stand for what is absent.
 */
export async function readMany(store: Store, keys: readonly string[]): Promise<readonly (string | null)[]> {
  const [first] = keys
  if (keys.length === 1 && first !== undefined) return [await store.get(first)]
  if (keys.length === 0 || store.getMany === undefined) return Promise.all(keys.map((key) => store.get(key)))
  const values = await store.getMany(keys)
  if (values.length !== keys.length) throw new TypeError('getMany gave more or fewer values than it was asked for')
  return values
}

/** A call to a store that failed. */
export interface StoreFailure {
  readonly operation: keyof Store
  /** What a store of ours says of it, or `failed` or `late`: no text of the store's own. */
  readonly reason: string
  readonly durationMilliseconds: number
}

/** A call has 500 ms in which this process could have heard of it: a stall of ours counts as one of five parts. */
const parts = { count: 5, milliseconds: 100 }

/**
 * A store that answers within 500 ms or fails closed, whatever the store behind it does.
 *
 * @param onFailed Called for each call that fails or is late.
 * @throws `auth/store_unavailable` from each of its methods
 */
export function boundedStore(store: Store, onFailed: (failure: StoreFailure) => void = () => {}): Store {
  const bounded = async <T>(operation: keyof Store, call: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now()
    try {
      return await inTime(call)
    } catch (error) {
      const reason = error === late ? 'late' : reasonOf(error)
      onFailed({ operation, reason, durationMilliseconds: Math.round(performance.now() - startedAt) })
      throw coreError('auth/store_unavailable', { cause: { reason } })
    }
  }
  return {
    get: (key) => bounded('get', () => store.get(key)),
    set: (key, value, lifetime) => bounded('set', () => store.set(key, value, lifetime)),
    add: (key, value, lifetime) => bounded('add', () => store.add(key, value, lifetime)),
    replace: (key, expected, value, lifetime) =>
      bounded('replace', () => store.replace(key, expected, value, lifetime)),
    remove: (key, expected) => bounded('remove', () => store.remove(key, expected)),
    ...(store.getMany && { getMany: (keys) => bounded('getMany', () => readMany(store, keys)) }),
  }
}

const late = /* @__PURE__ */ new Error('late')

/** Between the parts the event loop hears what has arrived: where it stood still, the store is given what is left. */
async function inTime<T>(call: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = new Promise<never>((_, reject) => {
    const wait = (left: number): void => {
      timer = setTimeout(() => (left === 0 ? reject(late) : wait(left - 1)), parts.milliseconds)
    }
    wait(parts.count - 1)
  })
  try {
    return await Promise.race([end, call()])
  } finally {
    clearTimeout(timer)
  }
}

/** What a store of ours says of its failure; of a foreign error nothing is kept, for its text may hold secrets. */
function reasonOf(error: unknown): string {
  const { reason } = (isAuthError(error) ? (error.cause ?? {}) : {}) as { reason?: unknown }
  return typeof reason === 'string' ? reason : 'failed'
}
