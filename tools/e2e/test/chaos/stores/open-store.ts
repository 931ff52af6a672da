import type { Store } from '@latchkey/core'
import { openRedis, type RedisSettings } from './redis-connection.ts'

/** What a process connects to its store by. Settings of another store are one more kind here. */
export type StoreSettings = RedisSettings

/** Opens the store of a process of the app, as its package's README advises. */
export function openStore(settings: StoreSettings): Promise<Store> {
  switch (settings.kind) {
    case 'single':
    case 'sentinel':
    case 'cluster':
      return openRedis(settings)
  }
}
