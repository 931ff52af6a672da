import { inspect } from 'node:util'
import type { Store } from '@latchkey/core'
import { storeContract } from '@latchkey/testkit'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { createClientPool, type RedisClientType } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { clients, connect, connectAs } from './connection.ts'
import { passTime } from './pass-time.ts'
import { patientStore } from './patient-store.ts'

describeWithRedis('on Redis', () => {
  let redis: RedisProcess
  let client: RedisClientType
  let store: Store

  beforeAll(async () => {
    redis = await startRedis()
    client = await connect(redis.url)
    store = patientStore(client)
  })
  afterAll(async () => {
    client.destroy()
    await redis.stop()
  })

  describe.each(Object.entries(clients))('through %s', (_, begin) => {
    const opened: { destroy(): void }[] = []
    afterAll(() => {
      for (const connection of opened) connection.destroy()
    })
    storeContract({
      describe,
      it,
      async create() {
        const connection = await connectAs(begin, redis.url)
        opened.push(connection)
        return patientStore(connection.client)
      },
      wait: (seconds) => passTime(client, seconds),
    })
  })

  describe('in earnest', () => {
    storeContract({ describe, it, create: () => store })
  })

  it('begins every key with its prefix, and gives each a lifetime in whole seconds', async () => {
    await client.flushAll()
    const prefixed = createRedisStore({ client, prefix: 'app:' })
    await prefixed.set('set', '1', 100)
    await prefixed.add('added', '1', 200)
    await prefixed.set('replaced', '1', 100)
    await prefixed.replace('replaced', '1', '2', 300)
    await prefixed.health()
    await store.set('other', '1', 400)
    expect((await client.keys('*')).sort()).toEqual(
      ['app:added', 'app:health', 'app:replaced', 'app:set', 'latchkey:other'].sort(),
    )
    const lifetimes = ['app:set', 'app:added', 'app:replaced', 'app:health', 'latchkey:other']
    expect(await Promise.all(lifetimes.map((key) => client.ttl(key)))).toEqual([100, 200, 300, 1, 400])
  })

  it('has one winner among 500 on ten connections', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect(redis.url)))
    const stores = clients.map(patientStore)
    const race = async (attempt: (store: Store, runner: number) => Promise<boolean>): Promise<number> => {
      const attempts = Array.from({ length: 500 }, (_, runner) => attempt(stores[runner % 10] ?? store, runner))
      return (await Promise.all(attempts)).filter(Boolean).length
    }
    expect(await race((store, runner) => store.add('race', `${runner}`, 600))).toBe(1)
    const value = (await store.get('race')) ?? ''
    expect(await race((store, runner) => store.replace('race', value, `next ${runner}`, 600))).toBe(1)
    const next = (await store.get('race')) ?? ''
    expect(await race((store) => store.remove('race', next))).toBe(1)
    await store.set('race', 'again', 600)
    expect(await race((store) => store.remove('race'))).toBe(1)
    for (const client of clients) client.destroy()
  })

  it('goes on after SCRIPT FLUSH, also in the middle of a race', async () => {
    await store.set('key', 'one', 600)
    await client.scriptFlush()
    expect(await store.replace('key', 'one', 'two', 600)).toBe(true)
    await client.scriptFlush()
    expect(await store.remove('key', 'one')).toBe(false)
    expect(await store.remove('key', 'two')).toBe(true)

    await store.set('key', '0', 600)
    const attempts = Array.from({ length: 500 }, async (_, runner) => {
      if (runner % 50 === 0) await client.scriptFlush()
      return store.replace('key', '0', `${runner + 1}`, 600)
    })
    expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1)
  })

  it('sends the text of each script once, then its hash', async () => {
    await client.scriptFlush()
    await client.configResetStat()
    await store.set('key', '0', 600)
    for (let count = 0; count < 10; count++) await store.replace('key', `${count}`, `${count + 1}`, 600)
    const stats = await client.info('commandstats')
    expect(stats).toMatch(/^cmdstat_eval:calls=2,/m)
    expect(stats).toMatch(/^cmdstat_evalsha:calls=11,/m)
  })

  it('reads several keys by one command', async () => {
    await store.set('one', '1', 600)
    await client.configResetStat()
    expect(await store.getMany?.(['one', 'none', 'one'])).toEqual(['1', null, '1'])
    const stats = await client.info('commandstats')
    expect(stats).toMatch(/^cmdstat_mget:calls=1,/m)
    expect(stats).not.toMatch(/^cmdstat_get:/m)
  })

  it.each(['get', 'replace', 'remove'] as const)(
    'fails in %s on a key of another type, and names neither key nor value',
    async (method) => {
      await client.del('latchkey:canary-key')
      await client.lPush('latchkey:canary-key', 'canary-member')
      const call = {
        get: () => store.get('canary-key'),
        replace: () => store.replace('canary-key', 'canary-expected', 'canary-value', 600),
        remove: () => store.remove('canary-key', 'canary-expected'),
      }[method]
      const error: unknown = await call().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'redis/unavailable', status: 503, cause: { reason: 'WRONGTYPE' } })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary')
    },
  )

  it('fails on a lifetime that is no whole second from 1, and keeps nothing', async () => {
    for (const lifetime of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await client.del('latchkey:key')
      await expect(store.set('key', '1', lifetime)).rejects.toMatchObject({ cause: { reason: 'ERR' } })
      await expect(store.add('key', '1', lifetime)).rejects.toMatchObject({ cause: { reason: 'ERR' } })
      expect(await store.get('key')).toBeNull()
      await store.set('key', '1', 600)
      await expect(store.replace('key', '1', '2', lifetime)).rejects.toMatchObject({ cause: { reason: 'ERR' } })
      expect(await store.get('key')).toBe('1')
    }
  })

  it('names the reason when the client is closed', async () => {
    const closed = await connect(redis.url)
    closed.destroy()
    await expect(createRedisStore({ client: closed }).get('key')).rejects.toMatchObject({
      code: 'redis/unavailable',
      cause: { reason: 'ClientClosedError' },
    })
  })
})

describeWithRedis('on a pool of connections that speak RESP2', () => {
  let redis: RedisProcess
  let admin: RedisClientType
  beforeAll(async () => {
    redis = await startRedis()
    admin = await connect(redis.url)
  })
  afterAll(async () => {
    admin.destroy()
    await redis.stop()
  })

  storeContract({
    describe,
    it,
    async create() {
      const pool = createClientPool({ url: redis.url, RESP: 2 }, { minimum: 2, maximum: 5 })
      await pool.connect()
      pools.push(pool)
      return patientStore(pool)
    },
    wait: (seconds) => passTime(admin, seconds),
  })

  const pools: { destroy(): void }[] = []
  afterAll(() => {
    for (const pool of pools) pool.destroy()
  })
})
