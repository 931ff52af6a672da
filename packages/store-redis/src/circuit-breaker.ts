import { redisError } from './errors.ts'

/** Makes a call, unless the circuit is open: then the call is refused and not made. */
export type CircuitBreaker = <T>(call: () => Promise<T>) => Promise<T>

/**
 * Makes a circuit breaker that refuses calls while one call is unanswered for longer than `timeoutMilliseconds`.
 *
 * Without it, each request would add one more call to a silent connection, and a server that wakes up would still execute
 * them all. The connection would also never be idle, and idleness is how the client's `socketTimeout` finds a dead one.
 */
export function createCircuitBreaker(timeoutMilliseconds: number): CircuitBreaker {
  const unanswered = new Set<{ readonly since: number }>()

  return async (call) => {
    const [oldest] = unanswered
    if (oldest !== undefined && performance.now() - oldest.since > timeoutMilliseconds) {
      throw redisError('redis/unanswered')
    }
    const entry = { since: performance.now() }
    unanswered.add(entry)
    try {
      return await call()
    } finally {
      unanswered.delete(entry)
    }
  }
}
