import type { Store } from '@latchkey/core'
import { createPostgresStore } from '@latchkey/store-postgres'
import { Pool } from 'pg'

/** Where a PostgreSQL is. */
export interface PostgresSettings {
  readonly kind: 'postgres'
  readonly url: string
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
