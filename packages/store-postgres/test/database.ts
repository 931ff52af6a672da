import type { HealthyStore } from '@latchkey/core'
import { Pool, type PoolConfig } from 'pg'
import { type PostgresPool, postgresMigration } from '../src/index.ts'
import { storeOn } from '../src/postgres-store.ts'

/** A pool of the test, with the settings that the README advises, but for `statement_timeout`: nothing relies on it. */
export function connect(url: string, config: PoolConfig = {}): Pool {
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: 1000,
    query_timeout: 2000,
    keepAlive: true,
    ...config,
  })
  pool.on('error', () => undefined)
  return pool
}

const ampleMilliseconds = 20_000

/** The same, which waits for a busy machine. */
export function connectPatiently(url: string, config: PoolConfig = {}): Pool {
  return connect(url, { connectionTimeoutMillis: ampleMilliseconds, query_timeout: ampleMilliseconds, ...config })
}

/** A store whose calls take what time they need, since a slow machine needs more than 400 ms. The deadlines have tests of their own. */
export function patientStore(pool: PostgresPool, table = 'latchkey'): HealthyStore {
  return storeOn(pool, table, ampleMilliseconds)
}

/** Makes a store's table. */
export async function migrate(pool: Pool, table?: string): Promise<void> {
  await pool.query(postgresMigration(table))
}

/** Lets time pass for all rows of a table, at once. */
export async function passTime(pool: Pool, seconds: number, table = 'latchkey'): Promise<void> {
  await pool.query(`UPDATE "${table}" SET expires_at = expires_at - make_interval(secs => $1)`, [seconds])
}
