import type { Store } from '@latchkey/core'
import type { BoundedCall } from './bounded-calls.ts'

/** Whether a store can be relied on, and why not. */
export interface StoreHealth {
  readonly ok: boolean
  /**
   * - `unreachable`: no answer in time, or the table cannot be read
   * - `read_only`: a standby, or a role or setting that forbids to write
   * - `evicts`: drops what has not expired; PostgreSQL never does
   * - `not_persistent`: forgets at a crash: an unlogged table, `synchronous_commit` or `fsync` off
   */
  readonly problems: readonly ('unreachable' | 'read_only' | 'evicts' | 'not_persistent')[]
}

/** A store that tells how it is. */
export interface HealthyStore extends Store {
  /** For readiness probes. Answers within 500 ms and never rejects. */
  health(): Promise<StoreHealth>
}

/** The row of the question for health. */
export interface HealthRow {
  readonly writable: boolean
  readonly persistent: boolean
}

/** Makes the method `health` from the question. */
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
