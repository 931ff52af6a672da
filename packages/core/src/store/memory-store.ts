import { systemClock } from '../clock.ts'
import { checkOptions, invalidOption } from '../options.ts'
import type { Seconds } from '../session/identity.ts'
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
  checkOptions('createMemoryStore', options, ['maxEntries', 'clock'])
  const { maxEntries = 10_000, clock = systemClock } = options
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw invalidOption('createMemoryStore', 'maxEntries', 'must be a whole number from 1')
  }
  const entries = new Map<string, Entry>()

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAt > clock()) return entry
    entries.delete(key)
    return undefined
  }
  const write = (key: string, value: string, lifetime: Seconds): void => {
    entries.delete(key)
    entries.set(key, { value, expiresAt: clock() + lifetime })
    if (entries.size > maxEntries) evict(entries, maxEntries, clock())
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

function evict(entries: Map<string, Entry>, maxEntries: number, now: Seconds): void {
  for (const [key, entry] of entries) if (entry.expiresAt <= now) entries.delete(key)
  for (const key of entries.keys()) {
    if (entries.size <= maxEntries) return
    entries.delete(key)
  }
}
