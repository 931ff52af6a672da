import type { Seconds } from '../model/time.ts'

/** What has been used once, in the memory of this process. */
export interface Marks {
  /** Marks a key for `lifetime` seconds. True for the first who does. */
  add(key: string, lifetime: Seconds): boolean
}

/** About 8 MB. */
const mostMarks = 50_000

/**
 * Makes the marks of a process. What was used is never good once more, whatever others flood: where a mark that is still
 * alive must make room, everything that ends no later than it counts as used from then on. A login that was under way is
 * refused then, and begins again.
 */
export function createMarks(clock: () => Seconds, most: number = mostMarks): Marks {
  const marks = new Map<string, Seconds>()
  let forgottenUntil: Seconds = 0
  let sweptAt: Seconds = 0

  /** Once a second is enough: a flood must not look through all marks at each of them. */
  const sweep = (now: Seconds): void => {
    if (sweptAt === now) return
    sweptAt = now
    for (const [key, expiresAt] of marks) if (expiresAt <= now) marks.delete(key)
  }

  return {
    add(key, lifetime) {
      const now = clock()
      const expiresAt = now + lifetime
      if ((marks.get(key) ?? 0) > now || expiresAt <= forgottenUntil) return false
      if (marks.size >= most) sweep(now)
      marks.delete(key)
      marks.set(key, expiresAt)
      const [oldest] = marks
      if (marks.size > most && oldest !== undefined) {
        marks.delete(oldest[0])
        forgottenUntil = Math.max(forgottenUntil, oldest[1])
      }
      return true
    },
  }
}
