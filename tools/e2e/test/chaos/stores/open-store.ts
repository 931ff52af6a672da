import type { Store } from '@latchkey/core'
import { openPostgres, type PostgresSettings } from './postgres-connection.ts'
import { openRedis, type RedisSettings } from './redis-connection.ts'

/** What a process connects to its store by. */
export type StoreSettings = RedisSettings | PostgresSettings

/** Opens the store of a process of the app, as its package's README advises. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  switch (settings.kind) {
    case 'single':
    case 'sentinel':
    case 'cluster':
      return openRedis(settings)
    case 'postgres':
      return openPostgres(settings)
  }
}
