import { type CallTime, isOver, startCallTime } from '@latchkey/core/store'
import { postgresError } from './errors.ts'

/** How many calls may be overdue before others are refused. Most pools have fewer connections, so some may be dead. */
const mostOverdue = 100

/** Makes a call that has to end in its time. */
export type BoundedCall = <T>(call: (time: CallTime) => Promise<T>) => Promise<T>

/**
 * Bounds calls: each to its time, and those that were given up and are still unanswered to 100. They wait in the pool or
 * for a silent server; without a bound each request would add one more.
 *
 * @throws each call `postgres/unavailable` with the reason `timeout`, and `postgres/unanswered`
 */
export function createBoundedCalls(timeoutMilliseconds: number): BoundedCall {
  let overdue = 0

  return async (call) => {
    if (overdue >= mostOverdue) throw postgresError('postgres/unanswered')
    const time = startCallTime(timeoutMilliseconds)
    const answer = call(time)
    try {
      const first = await Promise.race([answer, time.over])
      if (first !== isOver) return first
    } finally {
      time.stop()
    }
    overdue++
    const settle = (): void => void overdue--
    answer.then(settle, settle)
    throw postgresError('postgres/unavailable', { cause: { reason: 'timeout' } })
  }
}
