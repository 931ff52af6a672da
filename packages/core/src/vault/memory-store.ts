import { checkFunction, checkOptions, invalidOption } from '../errors/options.ts'
import { type Seconds, systemClock } from '../model/time.ts'
import type { Store } from './store.ts'

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** How many entries are kept before the oldest go. Default 10,000. */
  readonly maxEntries?: number
  /** The time now, in whole seconds. */
  readonly clock?: () => Seconds
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
  const { maxEntries = 10_000, clock = systemClock } = checkOptions('createMemoryStore', options, [
    'maxEntries',
    'clock',
  ])
  checkFunction('createMemoryStore', 'clock', clock)
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw invalidOption('createMemoryStore', 'maxEntries', 'must be a whole number from 1')
  }
  const entries = new Map<string, Entry>()
  let sweptAt = 0

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAt > clock()) return entry
    entries.delete(key)
    return undefined
  }
  const write = (key: string, value: string, lifetime: Seconds): void => {
    entries.delete(key)
    entries.set(key, { value, expiresAt: clock() + lifetime })
    if (entries.size > maxEntries) evict(clock())
  }
  const evict = (now: Seconds): void => {
    // Once a second is enough: a flood of writes must not look through all entries at each of them.
    if (now !== sweptAt) for (const [key, entry] of entries) if (entry.expiresAt <= now) entries.delete(key)
    sweptAt = now
    for (const key of entries.keys()) {
      if (entries.size <= maxEntries) return
      entries.delete(key)
    }
  }

  return {
    async get(key) {
      return live(key)?.value ?? null
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
