import { inspect } from 'node:util'
import type { Pool, PoolClient } from 'pg'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { postgresMigration } from './migration.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { createPostgresStore, type PostgresStoreOptions } from './postgres-store.ts'

const pool: PostgresPool = {
  async query() {
    throw new Error('not reached')
  },
}

describe('createPostgresStore', () => {
  it.each([
    ['pool', {}],
    ['pool', { pool: undefined }],
    ['pool', { pool: null }],
    ['pool', { pool: { query: 'canary' } }],
    ['table', { pool, table: null }],
    ['table', { pool, table: '' }],
    ['table', { pool, table: 'Canary' }],
    ['table', { pool, table: '1canary' }],
    ['table', { pool, table: 'canary.latchkey' }],
    ['table', { pool, table: 'canary"; DROP TABLE users; --' }],
    ['table', { pool, table: 'canary\n' }],
    ['table', { pool, table: 'c'.repeat(64) }],
    ['url', { pool, url: 'postgres://canary' }],
    ['options', null],
  ])('refuses a bad `%s` and does not show it (%#)', (option, options) => {
    try {
      createPostgresStore(options as PostgresStoreOptions)
    } catch (error) {
      expect(error).toMatchObject({ code: 'core/invalid_option', cause: { factory: 'createPostgresStore', option } })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
      return
    }
    expect.unreachable()
  })

  it('takes an option that is undefined as not given', () => {
    expect(() => createPostgresStore({ pool, table: undefined })).not.toThrow()
  })

  it('takes what the package `pg` makes', () => {
    expectTypeOf<Pool>().toExtend<PostgresPool>()
    expectTypeOf<PoolClient>().toExtend<PostgresPool>()
  })

  it.each([
    [
      'a pool that throws',
      () => {
        throw new TypeError('canary')
      },
      'TypeError',
    ],
    ['rows of another shape', async () => ({ rows: [{}], rowCount: 1 }), 'read_only'],
  ])('lets nobody in by %s', async (_, query, reason) => {
    const store = createPostgresStore({ pool: { query: vi.fn(query) } })
    await expect(store.get('key')).rejects.toMatchObject({ code: 'postgres/unavailable', cause: { reason } })
  })
})

describe('postgresMigration', () => {
  it.each(['', 'Table', 'a.b', 'a"b', "a'b", 'a$$', 'a b', 'ä', 'a\n', 'a'.repeat(64)])(
    'refuses %j as the name of a table',
    (table) => {
      expect(() => postgresMigration(table)).toThrow(
        expect.objectContaining({
          code: 'core/invalid_option',
          cause: { factory: 'postgresMigration', option: 'table' },
        }),
      )
    },
  )
})
