import type { Seconds } from './time.ts'

/** What a budget is made with. */
export interface BudgetOptions {
  /** How many may be taken at once. */
  readonly atOnce: number
  /** How many come back each second. */
  readonly perSecond: number
  /** The time now, in whole seconds. */
  readonly clock: () => Seconds
}

/**
 * Makes a budget for calls that anyone can cause: what the start of a login must ask of a vendor.
 *
 * @returns Takes one; false if there is none left.
 */
export function createBudget({ atOnce, perSecond, clock }: BudgetOptions): () => boolean {
  let left = atOnce
  let countedAt = clock()
  return () => {
    const now = clock()
    // A clock that is set back gives none, and takes none.
    left = Math.min(atOnce, left + Math.max(0, now - countedAt) * perSecond)
    countedAt = now
    if (left < 1) return false
    left -= 1
    return true
  }
}
