import { setTimeout as wait } from 'node:timers/promises'
import { postgresMigration } from '@latchkey/store-postgres'
import { startPostgres } from '@latchkey/tool-test-support'
import { Pool } from 'pg'
import type { RunningStore } from './running-store.ts'

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
