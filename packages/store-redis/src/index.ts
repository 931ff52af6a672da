/**
 * Sessions and single-use marks in Redis or Valkey, on the app's own connection.
 *
 * @module
 */

export type { RedisClient, RedisScriptArguments, RedisSetOptions } from './redis-client.ts'
export type { RedisStore, RedisStoreOptions } from './redis-store.ts'
export { createRedisStore } from './redis-store.ts'
