import { processWide } from '../process-wide.ts'
import type { Seconds } from '../session/identity.ts'

const mostRemembered = 10_000
const firstPauseSeconds = 5
const longestPauseSeconds = 60
const longestAskedPauseSeconds = 300

interface Failures {
  readonly count: number
  readonly retryAt: Seconds
}

/** When tokens whose renewal failed may be tried again: after 5 seconds, then twice as long each time, up to 60. */
export const retryTimes: RetryTimes = {
  mustWait: (key, now) => (failures().get(key)?.retryAt ?? 0) > now,
  failed(key, now, retryAfterSeconds = 0) {
    const count = (failures().get(key)?.count ?? 0) + 1
    const pause = Math.min(firstPauseSeconds * 2 ** (count - 1), longestPauseSeconds)
    failures().delete(key)
    failures().set(key, {
      count,
      retryAt: now + Math.max(pause, Math.min(retryAfterSeconds, longestAskedPauseSeconds)),
    })
    if (failures().size > mostRemembered) failures().delete(failures().keys().next().value ?? '')
  },
  succeeded: (key) => void failures().delete(key),
}

/** See {@link retryTimes}. Keys are MACs of refresh tokens. */
export interface RetryTimes {
  mustWait(key: string, now: Seconds): boolean
  /** `retryAfterSeconds` is what the vendor asked for; 300 at most count. */
  failed(key: string, now: Seconds, retryAfterSeconds?: Seconds): void
  succeeded(key: string): void
}

function failures(): Map<string, Failures> {
  return processWide('renewal-failures', () => new Map<string, Failures>())
}
