import { redisError } from './errors.ts'

/** Passes a call on, unless one before it is overdue. */
export type OverdueGate = <T>(call: () => Promise<T>) => Promise<T>

/**
 * Makes a gate that lets no call through while one is unanswered for longer than `patienceMilliseconds`.
 *
 * A silent connection would else gather a call per request, for minutes, which a server that wakes up would still
 * execute; and it would never be idle, which is how the client's `socketTimeout` knows that it is dead.
 */
export function createOverdueGate(patienceMilliseconds: number): OverdueGate {
  const unanswered = new Set<{ readonly since: number }>()

  return async (call) => {
    const [oldest] = unanswered
    if (oldest !== undefined && performance.now() - oldest.since > patienceMilliseconds) {
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
