import type { HealthyStore } from '@latchkey/core'
import { checkOptions, type OptionRule, required, rule } from '@latchkey/core/provider'
import { createServerClock } from '@latchkey/core/store'
import { createBoundedCalls } from './bounded-calls.ts'
import { postgresError } from './errors.ts'
import { failureReason } from './failure-reason.ts'
import { defaultTable, tableName } from './migration.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { type ReadRow, statementsFor, type WrittenRow } from './statements.ts'
import { type HealthRow, healthOf } from './store-health.ts'
import { createSweep } from './sweep.ts'

/** Below the 500 ms that core gives to a call, so that the reason of a failure is known. */
const timeoutMilliseconds = 400

const postgresPool: OptionRule = rule(
  'must be a pool of the package `pg`',
  (value) => typeof (value as Partial<PostgresPool> | null)?.query === 'function',
)

/** Options of {@link createPostgresStore}. */
export interface PostgresStoreOptions {
  /** A pool of the package `pg`, of the primary server. Your app makes it, listens to its errors, and ends it. */
  readonly pool: PostgresPool
  /**
   * The table that `postgresMigration` made: at most 63 small letters, digits and underscores. It is looked for along the
   * `search_path`. Default `latchkey`.
   */
  readonly table?: string | undefined
}

/**
 * Makes a store that all processes share, in a table of PostgreSQL 13 or newer. Each method is one statement, and each row
 * has a lifetime by the server's clock. Writes also remove expired rows, a batch at a time.
 *
 * A call ends within 400 ms, whatever the pool and the server do. A write that was given up is not applied later. While
 * 100 calls that were given up are still unanswered, others fail at once. A standby is refused, for reads too: it may
 * be behind.
 *
 * @throws `core/invalid_option`; each method `postgres/unavailable`, `postgres/unanswered` or `postgres/unstorable`, which
 * name no key and no value
 */
export function createPostgresStore(options: PostgresStoreOptions): HealthyStore {
  const { pool, table = defaultTable } = checkOptions('createPostgresStore', options, {
    pool: required(postgresPool),
    table: tableName,
  })
  return storeOn(pool, table, timeoutMilliseconds)
}

/** The store behind {@link createPostgresStore}, with a time for each call. */
export function storeOn(pool: PostgresPool, table: string, timeoutMilliseconds: number): HealthyStore {
  const statements = statementsFor(table, timeoutMilliseconds)
  const bounded = createBoundedCalls(timeoutMilliseconds)
  const clock = createServerClock()
  const sweep = createSweep(async (most) => (await pool.query(statements.sweep, [most])).rowCount ?? 0)

  const ask = async <Row extends { readonly clock: number }>(
    text: string,
    values: unknown[],
  ): Promise<readonly Row[]> => {
    const sentAt = performance.now()
    try {
      const rows = (await pool.query(text, values)).rows as readonly Row[]
      const [row] = rows
      if (row !== undefined) clock.learn(Number(row.clock), sentAt)
      return rows
    } catch (error) {
      throw unavailable(failureReason(error))
    }
  }

  const getMany = async (keys: readonly string[]): Promise<readonly (string | null)[]> => {
    checkTexts(keys)
    if (keys.length === 0) return []
    const rows = await bounded(() => ask<ReadRow>(statements.read, [keys]))
    if (rows.some(({ standby }) => standby !== false)) throw unavailable('read_only')
    return rows.map(({ value }) => value)
  }

  const write = async (text: string, values: readonly unknown[]): Promise<boolean> => {
    const written = await bounded(async (time) => {
      for (;;) {
        if (clock.now() === null) await ask(statements.clock, [])
        const [now, remaining] = [clock.now(), time.remaining()]
        if (now === null || remaining <= 0) throw unavailable('timeout')
        const [row] = await ask<WrittenRow>(text, [...values, now + remaining])
        if (row?.late !== true) return row?.written === true
        // Nothing was done. If there is time, this process stood still, or the server's clock was set.
        clock.forget()
      }
    })
    sweep()
    return written
  }

  return {
    get: async (key) => (await getMany([key]))[0] ?? null,
    async set(key, value, lifetime) {
      checkTexts([key, value])
      checkLifetime(lifetime)
      await write(statements.set, [key, value, lifetime])
    },
    async add(key, value, lifetime) {
      checkTexts([key, value])
      checkLifetime(lifetime)
      return write(statements.add, [key, value, lifetime])
    },
    async replace(key, expected, value, lifetime) {
      checkTexts([key, expected, value])
      checkLifetime(lifetime)
      return write(statements.replace, [key, expected, value, lifetime])
    },
    async remove(key, expected) {
      checkTexts(expected === undefined ? [key] : [key, expected])
      return write(statements.remove, [key, expected ?? null])
    },
    getMany,
    health: healthOf(bounded, async () => (await pool.query(statements.health)).rows[0] as HealthRow),
  }
}

function unavailable(reason: string): Error {
  return postgresError('postgres/unavailable', { cause: { reason } })
}

/** PostgreSQL refuses NUL, and half of a surrogate pair would become the same character as any other. */
function checkTexts(texts: readonly string[]): void {
  if (texts.some((text) => text.includes('\0') || /\p{Surrogate}/u.test(text))) {
    throw postgresError('postgres/unstorable', { cause: { reason: 'text' } })
  }
}

function checkLifetime(lifetime: number): void {
  if (!Number.isSafeInteger(lifetime) || lifetime < 1) {
    throw postgresError('postgres/unstorable', { cause: { reason: 'lifetime' } })
  }
}
