/**
 * Sessions and single-use marks in PostgreSQL, on the app's own pool of `pg`.
 *
 * @module
 */

export { postgresMigration } from './migration.ts'
export type { PostgresPool } from './postgres-pool.ts'
export type { PostgresStoreOptions } from './postgres-store.ts'
export { createPostgresStore } from './postgres-store.ts'
