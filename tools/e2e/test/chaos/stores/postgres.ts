import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from '@latchkey/core'
import { createPostgresStore, postgresMigration } from '@latchkey/store-postgres'
import { startPostgres } from '@latchkey/tool-test-support'
import { Pool } from 'pg'
import type { RunningStore } from './running-store.ts'

/** Where a PostgreSQL is. */
export interface PostgresSettings {
  readonly kind: 'postgres'
  readonly url: string
}

const downMilliseconds = 3000

/** Starts a PostgreSQL whose data stay where it ends, with the table of the store. */
export async function startPostgresStore(): Promise<RunningStore> {
  const postgres = await startPostgres()
  const pool = new Pool({ connectionString: postgres.url })
  await pool.query(postgresMigration())
  await pool.end()
  return {
    settings: { kind: 'postgres', url: postgres.url },
    async crash() {
      await postgres.stop()
      await wait(downMilliseconds)
      await postgres.start()
    },
    close: () => postgres.close(),
  }
}

/** Opens the store, as its README advises. */
export function openPostgres({ url }: PostgresSettings): Store {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 1000,
    query_timeout: 2000,
    statement_timeout: 1000,
    keepAlive: true,
  })
  pool.on('error', () => {})
  return createPostgresStore({ pool })
}
