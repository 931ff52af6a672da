import { Pool, type PoolConfig } from 'pg'
import { postgresMigration } from '../src/index.ts'

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

/** Makes a store's table. */
export async function migrate(pool: Pool, table?: string): Promise<void> {
  await pool.query(postgresMigration(table))
}

/** Lets time pass for all rows of a table, at once. */
export async function passTime(pool: Pool, seconds: number, table = 'latchkey'): Promise<void> {
  await pool.query(`UPDATE "${table}" SET expires_at = expires_at - make_interval(secs => $1)`, [seconds])
}
