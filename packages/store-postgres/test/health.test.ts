import type { StoreHealth } from '@latchkey/core'
import { describeWithPostgres, type PostgresProcess, startPostgres } from '@latchkey/tool-test-support'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectPatiently, migrate, patientStore } from './database.ts'

describeWithPostgres('the health of a store on PostgreSQL', () => {
  let server: PostgresProcess
  let pool: Pool
  beforeAll(async () => {
    server = await startPostgres({ settings: { fsync: 'on' } })
    pool = connectPatiently(server.url)
    await migrate(pool)
    await pool.query('CREATE ROLE reader; GRANT SELECT ON latchkey TO reader')
    await pool.query('CREATE ROLE stranger')
    await pool.query('CREATE ROLE writer; GRANT SELECT, INSERT, UPDATE, DELETE ON latchkey TO writer')
  })
  afterAll(async () => {
    await pool.end()
    await server.close()
  })

  async function healthWith(options: string, table?: string): Promise<StoreHealth> {
    const own = connectPatiently(server.url, { options, max: 1 })
    try {
      return await patientStore(own, table).health()
    } finally {
      await own.end()
    }
  }

  it('is good as the migration makes the table, with the rights that the README names', async () => {
    expect(await healthWith('-c role=writer')).toEqual({ ok: true, problems: [] })
  })

  it.each([
    ['writes are forbidden', '-c default_transaction_read_only=on', 'read_only'],
    ['the role may only read', '-c role=reader', 'read_only'],
    ['the role may not read', '-c role=stranger', 'unreachable'],
    ['a commit does not wait for the disk', '-c synchronous_commit=off', 'not_persistent'],
  ])('is bad where %s', async (_, options, problem) => {
    expect(await healthWith(options)).toEqual({ ok: false, problems: [problem] })
  })

  it('is bad on an unlogged table, and names all that is bad', async () => {
    await migrate(pool, 'unlogged')
    await pool.query('ALTER TABLE unlogged SET UNLOGGED')
    expect(await healthWith('', 'unlogged')).toEqual({ ok: false, problems: ['not_persistent'] })
    expect(await healthWith('-c default_transaction_read_only=on', 'unlogged')).toEqual({
      ok: false,
      problems: ['read_only', 'not_persistent'],
    })
  })

  it('is bad where the server does not sync, as a server for tests', async () => {
    await server.stop()
    await server.start()
    expect(await healthWith('')).toEqual({ ok: false, problems: ['not_persistent'] })
  })

  it('needs no more rights than the README names', async () => {
    const own = connectPatiently(server.url, { options: '-c role=writer' })
    const store = patientStore(own)
    await store.set('rights', 'one', 600)
    expect(await store.add('rights', 'two', 600)).toBe(false)
    expect(await store.replace('rights', 'one', 'two', 600)).toBe(true)
    expect(await store.get('rights')).toBe('two')
    expect(await store.remove('rights')).toBe(true)
    await own.end()
  })
})
