import { BoundedMap, processWide } from '../model/bounded-map.ts'
import type { Seconds } from '../model/time.ts'

const maxFailures = 10_000

/** After a first failure. */
export const firstPauseSeconds: Seconds = 5

const longestPauseSeconds = 60

const longestAskedPauseSeconds = 300

interface Failures {
  readonly count: number
  readonly retryAt: Seconds
}

/** When tokens whose refresh failed may be tried again: after 5 seconds, then twice as long each time, up to 60. */
export const retryTimes: RetryTimes = {
  mustWait: (key, now) => (failures().get(key)?.retryAt ?? 0) > now,
  failed(key, now, retryAfterSeconds = 0) {
    const count = (failures().get(key)?.count ?? 0) + 1
    const pause = Math.min(firstPauseSeconds * 2 ** (count - 1), longestPauseSeconds)
    failures().set(key, {
      count,
      retryAt: now + Math.max(pause, Math.min(retryAfterSeconds, longestAskedPauseSeconds)),
    })
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
  return processWide('refresh-failures', () => new BoundedMap<string, Failures>(maxFailures))
}

const maxSpentTokens = 50_000

/**
 * Refresh tokens that this process has exchanged for new ones, by their MAC. Presenting one again would make a vendor
 * that detects reuse end the whole sign-in. Bounded: the oldest go first.
 */
export const spentTokens: SpentTokens = {
  add: (key) => void spent().set(key, 'new'),
  has: (key) => spent().has(key),
  isFirstReport(key) {
    if (spent().get(key) !== 'new') return false
    spent().set(key, 'reported')
    return true
  },
}

/** See {@link spentTokens}. */
export interface SpentTokens {
  add(key: string): void
  has(key: string): boolean
  /** Whether it is the first time that somebody asks to report this token. */
  isFirstReport(key: string): boolean
}

function spent(): Map<string, 'new' | 'reported'> {
  return processWide('spent-refresh-tokens', () => new BoundedMap<string, 'new' | 'reported'>(maxSpentTokens))
}
