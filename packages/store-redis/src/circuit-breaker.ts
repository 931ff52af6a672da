import { redisError } from './errors.ts'

/** Makes a call, unless the circuit is open: then the call is refused and not made. */
export type CircuitBreaker = <T>(call: () => Promise<T>) => Promise<T>

/** Longer than the `socketTimeout` that the README asks for, so that a dead connection is idle for long enough. */
const trialMilliseconds = 5000

/**
 * Makes a circuit breaker that refuses calls while one call is unanswered for longer than `timeoutMilliseconds`.
 *
 * Without it, each request would add one more call to a silent connection, and a server that wakes up would still execute
 * them all. The connection would also never be idle, and idleness is how the client's `socketTimeout` finds a dead one.
 *
 * A client may never answer a call, and still answer others: a pool with one dead connection does. So, 5 seconds after the
 * last call that was made, the next is made as a trial. If it gets its answer, what was unanswered before it is forgotten.
 */
export function createCircuitBreaker(timeoutMilliseconds: number): CircuitBreaker {
  const unanswered = new Set<{ readonly since: number }>()
  let madeAt = 0

  return async (call) => {
    const now = performance.now()
    const [oldest] = unanswered
    const isOpen = oldest !== undefined && now - oldest.since > timeoutMilliseconds
    if (isOpen && now - madeAt < trialMilliseconds) throw redisError('redis/unanswered')
    madeAt = now
    const entry = { since: now }
    unanswered.add(entry)
    try {
      const answer = await call()
      if (isOpen) for (const earlier of unanswered) if (earlier.since <= now) unanswered.delete(earlier)
      return answer
    } finally {
      unanswered.delete(entry)
    }
  }
}
