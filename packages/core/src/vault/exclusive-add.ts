import { idle, type Seconds } from '../model/time.ts'
import type { Store } from './store.ts'

/** An entry that only one may hold, under every name that it has. */
export interface ExclusiveEntry {
  /** Its keys, in an order on which all processes agree. */
  readonly keys: readonly string[]
  /** Random, so that only who added the entry removes it. */
  readonly owner: string
  readonly lifetime: Seconds
}

/**
 * Adds an entry under all its keys, and holds it only if each of them was absent: so two processes whose lists of secrets
 * share one secret exclude each other, in whatever order these stand. What was added is removed where a later key is held.
 */
export async function addExclusively(store: Store, entry: ExclusiveEntry): Promise<boolean> {
  const { keys, owner, lifetime } = entry
  for (const [index, key] of keys.entries()) {
    let isAdded: boolean
    try {
      isAdded = await store.add(key, owner, lifetime)
    } catch (error) {
      // It may have been added, and its answer be late: nobody must wait for a lock that nobody holds.
      void keepRemoving(store, { ...entry, keys: keys.slice(0, index + 1) })
      throw error
    }
    if (isAdded !== true) {
      await removeOwn(store, { ...entry, keys: keys.slice(0, index) })
      return false
    }
  }
  return true
}

/** Removes an entry. Where the store fails this goes on in the background, for as long as the entry can live. */
export async function removeOwn(store: Store, entry: ExclusiveEntry): Promise<void> {
  try {
    await removeKeys(store, entry)
  } catch {
    void keepRemoving(store, entry)
  }
}

function keepRemoving(store: Store, entry: ExclusiveEntry): Promise<boolean> {
  return untilItSucceeds(entry.lifetime, () => removeKeys(store, entry))
}

async function removeKeys(store: Store, { keys, owner }: ExclusiveEntry): Promise<void> {
  await Promise.all(keys.map((key) => store.remove(key, owner)))
}

/** Tries something at once, and again after a pause that grows to 2 seconds, for so many seconds. Never rejects. */
export async function untilItSucceeds(seconds: Seconds, attempt: () => Promise<void>): Promise<boolean> {
  const end = performance.now() + seconds * 1000
  for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
    try {
      await attempt()
      return true
    } catch {
      if (performance.now() + pause > end) return false
      await idle(pause / 1000)
    }
  }
}
