import type { HealthyStore } from '@latchkey/core'
import { createAuth } from '@latchkey/core'
import { isAuthError, type ProviderHost } from '@latchkey/core/provider'
import { describeWithPostgres, type PostgresProcess, startPostgres } from '@latchkey/tool-test-support'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createPostgresStore } from '../src/index.ts'
import { storeOn } from '../src/postgres-store.ts'
import { connect, migrate } from './database.ts'
import { type HoldingProxy, startHoldingProxy } from './holding-proxy.ts'

const timeout = { code: 'postgres/unavailable', cause: { reason: 'timeout' } }

describeWithPostgres('on a PostgreSQL that fails', () => {
  let server: PostgresProcess
  let admin: Pool
  let proxy: HoldingProxy
  let pool: Pool
  let store: HealthyStore

  beforeAll(async () => {
    server = await startPostgres()
    admin = connect(server.url)
    await migrate(admin)
  })
  afterAll(async () => {
    await admin.end()
    await server.close()
  })
  beforeEach(async () => {
    await admin.query('TRUNCATE latchkey')
    proxy = await startHoldingProxy(server.port)
    pool = connect(server.url.replace(`${server.port}`, `${proxy.port}`), { max: 3 })
    store = createPostgresStore({ pool })
    // A busy machine may be late, too. The first write sweeps; the next sweep is in ten seconds.
    await vi.waitFor(() => store.set('key', 'one', 600), { timeout: 20_000 })
    await settled()
  })
  afterEach(async () => {
    await Promise.all([pool.end(), proxy.close()])
  })

  /** What the table holds, asked on a connection of its own. */
  const held = async (key: string): Promise<unknown> =>
    (await admin.query('SELECT value FROM latchkey WHERE key = $1', [key])).rows[0]?.value

  /** Does something while another transaction has made a statement, which it takes back. */
  async function during(statement: string, work: () => Promise<unknown>): Promise<void> {
    const other = await admin.connect()
    try {
      await other.query('BEGIN')
      await other.query(statement)
      await work()
    } finally {
      await other.query('ROLLBACK')
      other.release()
    }
  }

  /** Resolves when no connection of the store's pool is at work any more. */
  const settled = (): Promise<void> =>
    vi.waitFor(
      async () => {
        const { rows } = await admin.query(
          `SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()`,
        )
        expect(rows).toEqual([])
        expect(pool.idleCount).toBe(pool.totalCount)
        expect(pool.waitingCount).toBe(0)
      },
      { timeout: 10_000 },
    )

  const writes: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    set: (key) => store.set(key, 'late', 600),
    add: (key) => store.add(`${key} added`, 'late', 600),
    replace: (key) => store.replace(key, 'one', 'late', 600),
    remove: (key) => store.remove(key),
    'remove with expected': (key) => store.remove(key, 'one'),
  }

  it.each(Object.entries(writes))(
    'never applies a %s that came to the server after it was given up',
    async (_, write) => {
      proxy.hold()
      await expect(write('key')).rejects.toMatchObject(timeout)
      proxy.release()
      await settled()
      expect(await held('key')).toBe('one')
      expect(await held('key added')).toBeUndefined()
      await write('key')
      expect([await held('key'), await held('key added')]).not.toEqual(['one', undefined])
    },
  )

  it.each(Object.entries(writes))('never applies a %s that waited too long for a connection', async (_, write) => {
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
    await expect(write('key')).rejects.toMatchObject(timeout)
    for (const client of clients) client.release()
    await settled()
    expect(await held('key')).toBe('one')
    expect(await held('key added')).toBeUndefined()
  })

  it.each(Object.entries(writes))('never applies a %s that waited too long for a lock on its row', async (_, write) => {
    await admin.query(`INSERT INTO latchkey VALUES ('key added', 'old', now() - interval '1 hour')`)
    await during('SELECT FROM latchkey FOR UPDATE', async () => {
      await expect(write('key')).rejects.toMatchObject({ code: 'postgres/unavailable' })
      // It waits no longer than that.
      await settled()
    })
    expect(await held('key')).toBe('one')
    expect(await held('key added')).toBe('old')
  })

  it('never adds what waited too long for another who added it, and took it back', async () => {
    await during(`INSERT INTO latchkey VALUES ('key added', 'other', now() + interval '1 hour')`, async () => {
      await expect(store.add('key added', 'late', 600)).rejects.toMatchObject({ code: 'postgres/unavailable' })
      await settled()
    })
    expect(await held('key added')).toBeUndefined()
  })

  it.each(Object.entries(writes))('never applies a %s that has waited for a lock on the table', async (_, write) => {
    await during('LOCK TABLE latchkey IN ACCESS EXCLUSIVE MODE', () =>
      expect(write('key')).rejects.toMatchObject(timeout),
    )
    await settled()
    expect(await held('key')).toBe('one')
    expect(await held('key added')).toBeUndefined()
  })

  it('undoes a write that itself took too long', async () => {
    await admin.query(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$`)
    await admin.query(
      'CREATE TRIGGER dawdle BEFORE INSERT OR UPDATE ON latchkey FOR EACH ROW EXECUTE FUNCTION dawdle()',
    )
    try {
      await expect(store.set('key', 'late', 600)).rejects.toMatchObject(timeout)
      await settled()
    } finally {
      await admin.query('DROP FUNCTION dawdle CASCADE')
    }
    expect(await held('key')).toBe('one')
  })

  it('says before core gives up that the pool is exhausted or the server is silent', async () => {
    const { markUsed } = hostOn(store)
    const reasonOf = async (): Promise<unknown> => {
      const error: unknown = await markUsed('thing', 60).catch((reason: unknown) => reason)
      return isAuthError(error) ? [error.code, error.cause] : error
    }
    const refused = ['auth/store_unavailable', { reason: 'timeout' }]
    // On a machine of any speed it is the call that ends.
    pool.options.connectionTimeoutMillis = 20_000
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
    expect(await reasonOf()).toEqual(refused)
    await expect(store.get('key')).rejects.toMatchObject(timeout)
    expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
    for (const client of clients) client.release()
    await settled()
    expect(await markUsed('another', 60)).toBe(true)

    proxy.hold()
    expect(await reasonOf()).toEqual(refused)
    expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
  })

  it('answers at once while 100 calls are overdue, and sends nothing more', async () => {
    proxy.hold()
    const first = await Promise.allSettled(Array.from({ length: 100 }, () => store.get('key')))
    expect(first.every(({ status }) => status === 'rejected')).toBe(true)
    const sent = vi.spyOn(pool, 'query')
    await expect(store.get('key')).rejects.toMatchObject({ code: 'postgres/unanswered' })
    expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
    expect(sent).not.toHaveBeenCalled()
    sent.mockRestore()
    proxy.release()
    await vi.waitFor(async () => expect(await store.get('key')).toBe('one'), { timeout: 5000 })
  })

  it('answers every call when this process stands still, for that is not the fault of the server', async () => {
    // More time than a busy machine needs, and less than it stands still.
    const own = connect(server.url, { max: 3, connectionTimeoutMillis: 20_000, query_timeout: 20_000 })
    const patient = storeOn(own, 'latchkey', 2000)
    const calls = Array.from({ length: 10 }, (_, index) => [
      patient.add(`stalled ${index}`, 'one', 600),
      patient.get('key'),
      patient.replace('nothing', 'one', 'two', 600),
    ])
    // One of them has begun, the others wait for it.
    await Promise.race(calls.flat())
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000)
    const expected = Array.from({ length: 10 }, () => [true, 'one', false])
    expect(await Promise.all(calls.map((each) => Promise.all(each)))).toEqual(expected)
    await own.end()
  })

  it('gives up connections that are silent for good, and goes on with new ones', async () => {
    proxy.hold()
    await Promise.allSettled(Array.from({ length: 3 }, () => store.get('key')))
    await vi.waitFor(() => expect(pool.totalCount).toBe(0), { timeout: 10_000 })
    proxy.release()
    await vi.waitFor(async () => expect(await store.get('key')).toBe('one'), { timeout: 5000 })
  })

  it('works again when the server has stopped and started', async () => {
    await server.stop()
    await expect(store.get('key')).rejects.toMatchObject({ code: 'postgres/unavailable' })
    await expect(store.add('other', 'two', 600)).rejects.toMatchObject({ code: 'postgres/unavailable' })
    expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
    await server.start({ settings: { fsync: 'on' } })
    await vi.waitFor(async () => expect(await store.health()).toEqual({ ok: true, problems: [] }), { timeout: 5000 })
    expect(await store.get('key')).toBe('one')
    expect(await store.add('other', 'two', 600)).toBe(true)
  })

  it('refuses a standby, for what it reads may be old', async () => {
    await server.stop()
    await server.start({ standby: true, settings: { fsync: 'on' } })
    await vi.waitFor(async () => expect(await store.health()).toEqual({ ok: false, problems: ['read_only'] }))
    const refusal = { code: 'postgres/unavailable', cause: { reason: 'read_only' } }
    await expect(store.get('key')).rejects.toMatchObject(refusal)
    await expect(store.getMany?.(['key', 'other'])).rejects.toMatchObject(refusal)
    await expect(store.set('key', 'two', 600)).rejects.toMatchObject(refusal)
    await expect(store.add('other', 'two', 600)).rejects.toMatchObject(refusal)
    await expect(store.replace('key', 'one', 'two', 600)).rejects.toMatchObject(refusal)
    await expect(store.remove('key')).rejects.toMatchObject(refusal)
    await server.stop()
    await server.start()
  })
})

/** What core gives a provider of an app on this store. */
function hostOn(store: HealthyStore): ProviderHost {
  const hosts: ProviderHost[] = []
  createAuth({
    baseUrl: 'https://app.example',
    secret: 'an-example-secret-of-32-bytes-or-more',
    store,
    providers: [
      {
        name: 'example',
        mount(host) {
          hosts.push(host)
          return { accountIssuers: [], routes: [] }
        },
      },
    ],
  })
  const [host] = hosts
  if (host === undefined) throw new Error('the provider was not mounted')
  return host
}
