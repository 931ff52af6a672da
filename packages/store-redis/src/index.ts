/**
 * Sessions and single-use marks in Redis or Valkey, on the app's own connection.
 *
 * @module
 */

export type { RedisStoreOptions } from './redis-store.ts'
export { createRedisStore } from './redis-store.ts'
