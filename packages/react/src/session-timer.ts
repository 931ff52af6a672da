import type { SessionState } from './session-state.ts'

/** How long before its end a session is looked at once more: by then something may have prolonged it. */
const aheadSeconds = 30
/** Between two looks at a session that should have ended, and after a failure. */
const pauseSeconds = 30
/** Timers of browsers count with 31 bits. */
const longestSeconds = 86_400

/**
 * In how many seconds a session is to be read again: shortly before its end, right after it, and after a failure. Null
 * where nothing is to come. Reading prolongs nothing.
 *
 * @param now The time now by the server's clock, in seconds.
 */
export function secondsToNextLook(state: SessionState, now: number): number | null {
  if (state.status === 'error') return pauseSeconds
  if (state.status !== 'signed-in') return null
  const left = state.session.expiresAt - now
  if (left <= 0) return pauseSeconds
  // A session of whole seconds has ended when the second has begun.
  return Math.min(longestSeconds, left > aheadSeconds ? left - aheadSeconds : left + 1)
}
