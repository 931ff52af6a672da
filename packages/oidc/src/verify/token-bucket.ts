/** A budget that refills with time. */
export interface TokenBucket {
  /** Spends one, if there is one. */
  take(now: number): boolean
}

/**
 * Makes a full token bucket.
 *
 * @param secondsPerToken The time in which one comes back.
 */
export function createTokenBucket(capacity: number, secondsPerToken: number): TokenBucket {
  let tokens = capacity
  let countedAt: number | undefined
  return {
    take(now) {
      countedAt ??= now
      // A clock that was set back earns nothing and loses nothing.
      const earned = Math.max(0, Math.floor((now - countedAt) / secondsPerToken))
      tokens = Math.min(capacity, tokens + earned)
      countedAt = now < countedAt || tokens === capacity ? now : countedAt + earned * secondsPerToken
      if (tokens === 0) return false
      tokens -= 1
      return true
    },
  }
}
