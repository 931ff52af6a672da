import type { Seconds } from './time.ts'

/** Reports the first of what comes within so many seconds: what fails at every request needs to be said once. */
export function atMostEvery<Given extends unknown[]>(
  seconds: Seconds,
  clock: () => Seconds,
  report: (...given: Given) => void,
): (...given: Given) => void {
  let reportedAt = Number.NEGATIVE_INFINITY
  return (...given) => {
    const now = clock()
    // A clock that was set back silences nothing.
    if (Math.abs(now - reportedAt) < seconds) return
    reportedAt = now
    report(...given)
  }
}
