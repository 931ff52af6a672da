import { inspect } from 'node:util'
import type { HealthyStore } from '@latchkey/core'
import { storeContract } from '@latchkey/testkit'
import { describeWithPostgres, type PostgresProcess, startPostgres } from '@latchkey/tool-test-support'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { postgresMigration } from '../src/index.ts'
import { connectPatiently, migrate, passTime, patientStore } from './database.ts'

describeWithPostgres('on PostgreSQL', () => {
  let server: PostgresProcess
  let pool: Pool
  let store: HealthyStore

  beforeAll(async () => {
    server = await startPostgres()
    pool = connectPatiently(server.url)
    await migrate(pool)
    store = patientStore(pool)
  })
  afterAll(async () => {
    await pool.end()
    await server.close()
  })

  storeContract({ describe, it, create: () => store })

  it('has one winner among 500 on two pools', async () => {
    const pools = [connectPatiently(server.url), connectPatiently(server.url)]
    const stores = pools.map((each) => patientStore(each))
    const race = async (attempt: (store: HealthyStore, runner: number) => Promise<boolean>): Promise<number> => {
      const attempts = Array.from({ length: 500 }, (_, runner) => attempt(stores[runner % 2] ?? store, runner))
      return (await Promise.all(attempts)).filter(Boolean).length
    }
    expect(await race((store, runner) => store.add('race', `${runner}`, 600))).toBe(1)
    const value = (await store.get('race')) ?? ''
    expect(await race((store, runner) => store.replace('race', value, `next ${runner}`, 600))).toBe(1)
    expect(await race((store) => store.remove('race'))).toBe(1)

    await store.set('race', 'expired', 1)
    await passTime(pool, 1)
    expect(await race((store, runner) => store.add('race', `${runner}`, 600))).toBe(1)
    await Promise.all(pools.map((each) => each.end()))
  })

  it.each([
    ['add', `INSERT INTO met VALUES ('key', 'other', now() + interval '1 hour')`, null],
    ['add', `UPDATE met SET value = 'other', expires_at = now() + interval '1 hour'`, '-1 hour'],
    ['replace', `UPDATE met SET value = 'other'`, '1 hour'],
    ['remove', `UPDATE met SET value = 'other'`, '1 hour'],
  ] as const)('does not %s what another has written who came first: %s', async (method, statement, lifetime) => {
    await migrate(pool, 'met')
    await pool.query('TRUNCATE met')
    if (lifetime !== null) await pool.query(`INSERT INTO met VALUES ('key', 'mine', now() + interval '${lifetime}')`)
    const own = patientStore(pool, 'met')
    const calls = {
      add: () => own.add('key', 'late', 600),
      replace: () => own.replace('key', 'mine', 'late', 600),
      remove: () => own.remove('key', 'mine'),
    }
    const other = await pool.connect()
    await other.query('BEGIN')
    await other.query(statement)
    const answer = calls[method]()
    await vi.waitFor(async () => {
      expect((await pool.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).rowCount).toBe(1)
    })
    await other.query('COMMIT')
    other.release()
    expect(await answer).toBe(false)
    expect(await own.get('key')).toBe('other')
  })

  it('adds over a row that has expired and is not yet swept, and never sees it', async () => {
    await migrate(pool, 'unswept')
    // On one connection the first sweep is over before what is written next. The second is in ten seconds.
    const connection = connectPatiently(server.url, { max: 1 })
    const own = patientStore(connection, 'unswept')
    await own.remove('nothing')
    for (const key of ['add', 'replace', 'remove', 'expected']) await own.set(key, 'old', 1)
    await passTime(pool, 1, 'unswept')
    expect(await own.getMany?.(['add', 'replace'])).toEqual([null, null])
    expect(await own.replace('replace', 'old', 'new', 600)).toBe(false)
    expect(await own.remove('remove')).toBe(false)
    expect(await own.remove('expected', 'old')).toBe(false)
    expect((await pool.query('SELECT FROM unswept')).rowCount).toBe(4)
    expect(await own.add('add', 'new', 600)).toBe(true)
    expect(await own.get('add')).toBe('new')
    await connection.end()
  })

  it('lets a key expire while another connection is in a long transaction', async () => {
    const other = await pool.connect()
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    await other.query('SELECT count(*) FROM latchkey')
    await store.set('long', 'one', 1)
    await vi.waitFor(async () => expect(await store.get('long')).toBeNull(), { timeout: 5000 })
    expect(await store.add('long', 'two', 600)).toBe(true)
    await other.query('ROLLBACK')
    other.release()
  })

  it('judges lifetimes by the clock of now in a transaction of the app itself', async () => {
    const client = await pool.connect()
    const own = patientStore(client)
    await client.query('BEGIN')
    await own.set('own', 'one', 1)
    expect(await own.get('own')).toBe('one')
    await vi.waitFor(async () => expect(await own.get('own')).toBeNull(), { timeout: 5000 })
    expect(await own.add('own', 'two', 600)).toBe(true)
    await client.query('ROLLBACK')
    client.release()
  })

  it('reads many keys in their order, in one statement', async () => {
    const counted = vi.spyOn(pool, 'query')
    await store.set('many a', '1', 600)
    await store.set('many b', '2', 600)
    counted.mockClear()
    expect(await store.getMany?.(['many b', 'nothing', 'many a', 'many b', '{"', 'NULL'])).toEqual([
      '2',
      null,
      '1',
      '2',
      null,
      null,
    ])
    expect(await store.getMany?.([])).toEqual([])
    expect(counted).toHaveBeenCalledTimes(1)
    counted.mockRestore()
  })

  it.each([
    ['quotes', `a'b"c`],
    ['a backslash', 'a\\b'],
    ['percent', '%25%s'],
    ['a statement', `'); DROP TABLE latchkey; --`],
    ['a placeholder', '$1'],
    ['an array', '{a,"b",NULL}'],
    ['1 kB', 'k'.repeat(1024)],
    ['1 kB of four bytes each', '🔑'.repeat(256)],
  ])('keeps keys and values with %s', async (_, text) => {
    expect(await store.add(text, text, 600)).toBe(true)
    expect(await store.get(text)).toBe(text)
    expect(await store.replace(text, text, `${text}!`, 600)).toBe(true)
    expect(await store.remove(text, text)).toBe(false)
    expect(await store.remove(text, `${text}!`)).toBe(true)
  })

  it.each([
    ['NUL', 'canary\0'],
    ['half of a surrogate pair', 'canary\ud800'],
  ])('refuses a key or value with %s, which PostgreSQL cannot keep as it is', async (_, text) => {
    const calls = [
      () => store.get(text),
      () => store.set(text, '1', 600),
      () => store.set('key', text, 600),
      () => store.add('key', text, 600),
      () => store.replace('key', text, '1', 600),
      () => store.replace('key', '1', text, 600),
      () => store.remove(text),
      () => store.remove('key', text),
    ]
    for (const call of calls) {
      const error: unknown = await call().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'postgres/unstorable', cause: { reason: 'text' } })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
    }
  })

  it('refuses a lifetime that is no whole second from 1, and keeps nothing', async () => {
    const refusal = { code: 'postgres/unstorable', cause: { reason: 'lifetime' } }
    for (const lifetime of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(store.set('lifetime', '1', lifetime)).rejects.toMatchObject(refusal)
      await expect(store.add('lifetime', '1', lifetime)).rejects.toMatchObject(refusal)
      await expect(store.replace('lifetime', '1', '2', lifetime)).rejects.toMatchObject(refusal)
    }
    expect(await store.get('lifetime')).toBeNull()
    await expect(store.set('lifetime', '1', Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'postgres/unavailable',
    })
  })

  it('names the reason, and neither key nor value, when the server refuses', async () => {
    const missing = patientStore(pool, 'missing')
    for (const call of [
      () => missing.get('canary'),
      () => missing.set('canary', 'canary', 600),
      () => missing.add('canary', 'canary', 600),
      () => missing.replace('canary', 'canary', 'canary', 600),
      () => missing.remove('canary', 'canary'),
    ]) {
      const error: unknown = await call().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'postgres/unavailable', status: 503, cause: { reason: '42P01' } })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
    }
    expect(await missing.health()).toEqual({ ok: false, problems: ['unreachable'] })
  })

  it('sweeps what has expired in batches, by writes that do not wait for it', async () => {
    await migrate(pool, 'swept')
    await pool.query(
      `INSERT INTO swept SELECT g::text, 'old', now() - interval '1 minute' FROM generate_series(1, 450) g`,
    )
    await pool.query(`INSERT INTO swept VALUES ('held', 'old', now() - interval '1 hour')`)
    const own = patientStore(pool, 'swept')
    const count = async (): Promise<unknown> => (await pool.query('SELECT count(*)::int FROM swept')).rows[0].count

    // Another transaction holds one of them: the sweep passes it over.
    const other = await pool.connect()
    await other.query('BEGIN')
    await other.query(`SELECT FROM swept WHERE key = 'held' FOR UPDATE`)
    for (const left of [251, 51, 1]) {
      await own.set('alive', 'one', 600)
      await vi.waitFor(async () => expect(await count()).toBe(left + 1))
    }
    expect(await own.get('alive')).toBe('one')
    await other.query('ROLLBACK')
    other.release()
  })

  it('finds what has expired by its index', async () => {
    await migrate(pool, 'indexed')
    const { rows } = await pool.query(`SELECT indexdef FROM pg_indexes WHERE tablename = 'indexed' ORDER BY 1`)
    expect(rows.map(({ indexdef }) => indexdef.replace(/.* USING/, 'USING'))).toEqual([
      'USING btree (expires_at)',
      'USING btree (key)',
    ])
  })

  it('migrates any number of times, with the longest name and with one that is a word of SQL', async () => {
    for (const table of ['t'.repeat(63), 'select', '_0']) {
      await migrate(pool, table)
      await migrate(pool, table)
      const own = patientStore(pool, table)
      await own.set('key', table, 600)
      expect(await own.get('key')).toBe(table)
    }
    expect(postgresMigration()).toBe(postgresMigration('latchkey'))
  })

  it('keeps nothing of its settings on a connection, and leaves no transaction and no lock', async () => {
    const single = connectPatiently(server.url, { max: 1 })
    const own = patientStore(single)
    await own.set('settings', 'one', 600)
    await own.replace('settings', 'one', 'two', 600)
    await own.get('settings')
    const { rows } = await single.query(
      `SELECT current_setting('lock_timeout') AS lock_timeout, now() = statement_timestamp() AS alone,
        (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS advisory`,
    )
    expect(rows).toEqual([{ lock_timeout: '0', alone: true, advisory: 0 }])
    await single.end()
  })
})
