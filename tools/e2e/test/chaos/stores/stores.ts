import { startPostgresStore } from './postgres.ts'
import { startRedisCluster } from './redis-cluster.ts'
import { startRedisSentinel } from './redis-sentinel.ts'
import { startSingleRedis } from './redis-single.ts'
import type { RunningStore } from './running-store.ts'

/**
 * Every kind of store that loses its primary, and the rows that come of it. Another one is a line here, a file beside
 * `redis-single.ts`, and a kind in `open-store.ts`.
 */
export const stores: Readonly<Record<string, () => Promise<RunningStore>>> = {
  Redis: startSingleRedis,
  'Redis Sentinel': startRedisSentinel,
  'Redis Cluster': startRedisCluster,
  PostgreSQL: startPostgresStore,
}
