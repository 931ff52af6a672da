import { checkOptions, option } from '../errors/options.ts'
import { BoundedMap } from '../model/bounded-map.ts'
import { type Seconds, systemClock } from '../model/time.ts'
import type { MemoryStore, Store } from './store.ts'

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** How many entries are kept before the oldest go. Default 10,000. */
  readonly maxEntries?: number | undefined
  /** The time now, in whole seconds. */
  readonly clock?: (() => Seconds) | undefined
}

interface Entry {
  readonly value: string
  readonly expiresAt: Seconds
}

/**
 * A store in the memory of this process: for one process, for development and for tests. Bounded: when it is full, the
 * entries that were written longest ago go first.
 *
 * @throws `core/invalid_option`
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const checked = checkOptions('createMemoryStore', options, {
    maxEntries: option.wholeNumber(1, Number.MAX_SAFE_INTEGER),
    clock: option.function,
  })
  return openMemory(checked)
}

/** The same for core itself. */
export function openMemory({ maxEntries = 10_000, clock = systemClock }: MemoryStoreOptions): MemoryStore {
  const entries = new BoundedMap<string, Entry>(maxEntries)
  let sweptAt = 0

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAt > clock()) return entry
    entries.delete(key)
    return undefined
  }
  const write = (key: string, value: string, lifetime: Seconds): void => {
    const now = clock()
    if (entries.size >= maxEntries && now !== sweptAt) sweep(now)
    entries.set(key, { value, expiresAt: now + lifetime })
  }
  /** Once a second is enough: a flood of writes must not look through all entries at each of them. */
  const sweep = (now: Seconds): void => {
    for (const [key, entry] of entries) if (entry.expiresAt <= now) entries.delete(key)
    sweptAt = now
  }

  const peek = (key: string): string | null => live(key)?.value ?? null

  return {
    peek,
    isEmpty: () => entries.size === 0,
    async get(key) {
      return peek(key)
    },
    async set(key, value, lifetime) {
      write(key, value, lifetime)
    },
    async add(key, value, lifetime) {
      if (live(key) !== undefined) return false
      write(key, value, lifetime)
      return true
    },
    async replace(key, expected, value, lifetime) {
      if (live(key)?.value !== expected) return false
      write(key, value, lifetime)
      return true
    },
    async remove(key, expected) {
      const entry = live(key)
      if (entry === undefined || (expected !== undefined && entry.value !== expected)) return false
      return entries.delete(key)
    },
  }
}
