import type { StoreHealth } from '@latchkey/core'
import type { BoundedCall } from './bounded-calls.ts'

/** The row of the question for health. */
export interface HealthRow {
  readonly writable: boolean
  readonly persistent: boolean
}

/**
 * Makes the method `health` from the question. `read_only` is a standby, or a role or setting that forbids to write;
 * `not_persistent` an unlogged table, or `synchronous_commit` or `fsync` off. PostgreSQL evicts nothing.
 */
export function healthOf(bounded: BoundedCall, ask: () => Promise<HealthRow>): () => Promise<StoreHealth> {
  return async () => {
    try {
      const { writable, persistent } = await bounded(ask)
      const problems = [
        ...(writable === true ? [] : (['read_only'] as const)),
        ...(persistent === true ? [] : (['not_persistent'] as const)),
      ]
      return { ok: problems.length === 0, problems }
    } catch {
      return { ok: false, problems: ['unreachable'] }
    }
  }
}
