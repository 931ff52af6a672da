import type { Seconds } from '../model/time.ts'

/** Things that this process has marked as used. */
export interface Marks {
  /** Marks a thing as used until `expiresAt`. True for the first who does; false also where nobody can tell any more. */
  add(key: string, expiresAt: Seconds): boolean
}

/** How many marks are kept of each kind. */
export const maxMarks = 50_000

/** What is asked is a lifetime: a second may pass between two readings of the clock, and once more at the next use. */
const toleranceSeconds = 2

/**
 * Keeps marks in the memory of this process. Bounded, and used means used, whatever others flood: when it is full, the
 * mark that expires first goes, and from then on everything that expires no later than it counts as used. Such a login
 * cannot be told from a redeemed one, and has to begin again; one that begins now expires later, and works.
 */
export function createMarks(clock: () => Seconds, maxEntries: number = maxMarks): Marks {
  const marked = new Set<string>()
  /** The marks by the second in which they expire: what goes is found without a look at the others. */
  const bySecond = new Map<Seconds, Set<string>>()
  /** The latest expiry of a mark that went before its time. */
  let forgottenUntil = Number.NEGATIVE_INFINITY
  let earliest = Number.POSITIVE_INFINITY

  const drop = (second: Seconds): void => {
    for (const key of bySecond.get(second) ?? []) marked.delete(key)
    bySecond.delete(second)
    earliest = Number.POSITIVE_INFINITY
    for (const other of bySecond.keys()) earliest = Math.min(earliest, other)
  }
  const dropExpired = (now: Seconds): void => {
    while (earliest <= now) drop(earliest)
  }
  const makeRoom = (): void => {
    const [key] = bySecond.get(earliest) ?? []
    if (key === undefined) return
    forgottenUntil = Math.max(forgottenUntil, earliest)
    marked.delete(key)
    bySecond.get(earliest)?.delete(key)
    if (bySecond.get(earliest)?.size === 0) drop(earliest)
  }

  return {
    add(key, expiresAt) {
      dropExpired(clock())
      // Written so that an expiry that is no number passes nothing.
      const isKnownUnused = !marked.has(key) && expiresAt > forgottenUntil + toleranceSeconds
      if (!isKnownUnused) return false
      if (marked.size >= maxEntries) makeRoom()
      marked.add(key)
      const second = Math.ceil(expiresAt)
      const keys = bySecond.get(second) ?? new Set()
      bySecond.set(second, keys.add(key))
      earliest = Math.min(earliest, second)
      return true
    },
  }
}
