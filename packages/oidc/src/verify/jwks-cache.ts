import { type Awaitable, isAuthError } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import type { KeySet } from './key-set.ts'

const freshSeconds = 5 * 60

const maximumAgeSeconds = 10 * 60

const staleIfErrorSeconds = 60 * 60

const maximumBackOffSeconds = 60

/**
 * Who pays for a fetch that the age of the keys does not call for. A `mismatch` is a bearer token whose signature is wrong
 * under a key that is known: it pays from the budget of bearer tokens as well.
 */
export type Budget = 'trusted' | 'bearer' | 'mismatch'

/** The keys of one endpoint over time: one fetch in flight, a maximum age, and budgets against floods. */
export interface JwksCache<By> {
  /** The keys by their age: cached, or fetched again for `by`. */
  current(budget: Budget, by: By): Awaitable<KeySet>
  /** The keys as they are, without a fetch. */
  peek(): KeySet | null
  /** The keys that a fetch under way brings; null where none is, or it fails. */
  arriving(): Promise<KeySet | null>
  /** Keys newer than those at hand: of a fetch under way, or of one that the budget pays for. Else null. */
  newer(budget: Budget, by: By): Promise<KeySet | null>
  /** The error for a key that is not there because the last fetch failed; null if that went well. */
  failure(): Error | null
}

type FailureCause = Readonly<Record<string, string | number>>

/** Makes an empty cache. `load` fetches the keys for who asks; its time limit is its own. */
export function createJwksCache<By>(load: (by: By) => Promise<KeySet>, clock: () => number): JwksCache<By> {
  const budgets: Record<Budget, TokenBucket> = {
    trusted: createTokenBucket(3, 10),
    bearer: createTokenBucket(3, 10),
    mismatch: createTokenBucket(1, 60),
  }
  let keySet: KeySet | null = null
  let fetchedAt = 0
  let flight: Promise<KeySet | null> | null = null
  let failure: FailureCause | null = null
  let failures = 0
  let failedAt = 0

  /** Never rejects: null is a failure, which `failure` describes. */
  async function fetchKeys(by: By): Promise<KeySet | null> {
    const startedAt = clock()
    try {
      keySet = await load(by)
      fetchedAt = startedAt
      failures = 0
      failure = null
      return keySet
    } catch (error) {
      failures += 1
      failedAt = clock()
      failure = isAuthError(error) ? { code: error.code, ...(error.cause as FailureCause) } : {}
      return null
    } finally {
      flight = null
    }
  }

  function fetchOnce(by: By): Promise<KeySet | null> {
    flight ??= fetchKeys(by)
    return flight
  }

  function isBackingOff(): boolean {
    return failures > 0 && Math.abs(clock() - failedAt) < Math.min(2 ** (failures - 1), maximumBackOffSeconds)
  }

  function unavailable(): Error {
    return oidcError('oidc/jwks_unavailable', { cause: failure ?? {} })
  }

  async function refreshed(budget: Budget, by: By, age: number): Promise<KeySet> {
    const cached = keySet
    // A login may try through a back-off that a flood of bearer tokens has lengthened.
    const mayFetch = flight !== null || !isBackingOff() || (budget === 'trusted' && budgets.trusted.take(clock()))
    const fetched = mayFetch ? fetchOnce(by) : null
    if (cached !== null && age < maximumAgeSeconds) return cached
    const usable = (await fetched) ?? (age < staleIfErrorSeconds ? cached : null)
    if (usable === null) throw unavailable()
    return usable
  }

  return {
    current(budget, by) {
      // Absolute: a clock that is set back must not keep old keys fresh.
      const age = keySet === null ? Number.POSITIVE_INFINITY : Math.abs(clock() - fetchedAt)
      return keySet !== null && age < freshSeconds ? keySet : refreshed(budget, by, age)
    },
    peek: () => keySet,
    arriving: async () => flight,
    async newer(budget, by) {
      if (flight !== null) return flight
      if (isBackingOff() && budget !== 'trusted') return null
      const isPaid = budgets[budget].take(clock()) && (budget !== 'mismatch' || budgets.bearer.take(clock()))
      return isPaid ? fetchOnce(by) : null
    },
    failure: () => (failure === null ? null : unavailable()),
  }
}

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
function createTokenBucket(capacity: number, secondsPerToken: number): TokenBucket {
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
