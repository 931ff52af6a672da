import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { createClient, createClientPool, type RedisClientType } from 'redis'
import { createClient as createClient5, createClientPool as createClientPool5 } from 'redis-5'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { type Begin, type Connection, clients, connect } from './connection.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

/** Clients that keep commands while they are not connected, as they are by default. */
const queueing: Readonly<Record<string, Begin>> = {
  'redis 6 with its offline queue': (url) => opened(createClient({ url })),
  'redis 5 with its offline queue': (url) => opened(createClient5({ url }) as unknown as RedisClientType),
  'a pool of redis 6': (url) =>
    opened(createClientPool({ url }, { minimum: 1, maximum: 1 }) as unknown as RedisClientType),
  'a pool of redis 5': (url) =>
    opened(createClientPool5({ url }, { minimum: 1, maximum: 1 }) as unknown as RedisClientType),
}

function opened(client: RedisClientType): Connection {
  client.on('error', () => undefined)
  client.connect().catch(() => undefined)
  return { client, errors: [], isReady: () => client.isReady, destroy: () => client.destroy() }
}

describeWithRedis('a command that was given up', () => {
  let redis: RedisProcess
  let proxy: FaultProxy
  let direct: RedisClientType
  let connection: Connection
  beforeEach(async () => {
    redis = await startRedis()
    proxy = await startFaultProxy(redis.port)
    direct = await connect(redis.url)
  })
  afterEach(async () => {
    connection.destroy()
    direct.destroy()
    await proxy.close()
    await redis.kill()
  })

  it.each(Object.entries({ ...clients, ...queueing }))(
    'is not sent later through %s',
    async (_, begin) => {
      connection = begin(`redis://127.0.0.1:${proxy.port}`)
      const store = createRedisStore({ client: connection.client })
      await vi.waitFor(async () => expect(await store.get('key')).toBeNull())
      await store.set('key', 'first', 600)

      proxy.cut()
      // It connects again and waits for an answer; until then commands wait in it, or are refused.
      await vi.waitFor(() => expect(proxy.isAskedInVain).toBe(true), { timeout: 10_000 })
      const givenUp = [
        store.set('key', 'old', 600),
        store.replace('key', 'newer', 'old', 600),
        store.add('lock', 'nobody', 600),
        store.remove('key'),
      ]
      for (const { status } of await Promise.allSettled(givenUp)) expect(status).toBe('rejected')
      const other = createRedisStore({ client: direct })
      await other.set('key', 'newer', 600)

      proxy.mend()
      // What was still to be sent would be sent before this is answered.
      await vi.waitFor(async () => expect(await store.get('key')).toBe('newer'), { timeout: 10_000 })
      expect(await store.get('lock')).toBeNull()
      expect(await other.get('key')).toBe('newer')
    },
    30_000,
  )

  it.each(Object.entries(clients))(
    'does nothing when it arrives 2 s later through %s',
    async (_, begin) => {
      connection = begin(`redis://127.0.0.1:${proxy.port}`)
      const store = createRedisStore({ client: connection.client })
      const other = createRedisStore({ client: direct })
      await vi.waitFor(async () => expect(await store.get('key')).toBeNull())
      await store.set('key', 'first', 600)
      await store.set('stays', 'first', 600)
      const executed = async (): Promise<number> =>
        Number(/^cmdstat_evalsha:calls=(\d+)/m.exec(await direct.info('commandstats'))?.[1])
      const before = await executed()

      proxy.requestDelayMilliseconds = 2000
      const calls = [
        store.set('key', 'old', 600),
        store.add('lock', 'nobody', 600),
        store.replace('key', 'newer', 'old', 600),
        store.remove('stays'),
        store.remove('stays', 'first'),
      ]
      for (const call of calls) call.catch(() => undefined)
      await other.set('key', 'newer', 600)
      // They have arrived, and that of the other.
      await vi.waitFor(async () => expect(await executed()).toBeGreaterThanOrEqual(before + 6), { timeout: 10_000 })

      proxy.requestDelayMilliseconds = 0
      for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected')
      expect(await other.get('key')).toBe('newer')
      expect(await other.get('lock')).toBeNull()
      expect(await other.get('stays')).toBe('first')
      await vi.waitFor(async () => expect(await store.add('lock', 'owner', 600)).toBe(true), { timeout: 10_000 })
    },
    30_000,
  )

  it('is done when this process stood still meanwhile, for that is not the fault of Redis', async () => {
    connection = clients['redis 6']?.(`redis://127.0.0.1:${proxy.port}`) as Connection
    const store = createRedisStore({ client: connection.client })
    await vi.waitFor(async () => expect(await store.get('key')).toBeNull())
    await store.set('key', 'first', 600)
    const calls = [store.add('lock', 'owner', 600), store.get('key'), store.replace('key', 'first', 'second', 600)]
    const until = performance.now() + 600
    while (performance.now() < until);
    expect(await Promise.all(calls)).toEqual([true, 'first', true])
  })
})

describeWithRedis('a command that the client sends twice', () => {
  let redis: RedisProcess
  let direct: RedisClientType
  beforeEach(async () => {
    redis = await startRedis()
    direct = await connect(redis.url)
  })
  afterEach(async () => {
    direct.destroy()
    await redis.kill()
  })

  it('counts once, and has one owner', async () => {
    const again: unknown[] = []
    const twice = createRedisStore({
      client: {
        get: (key: string) => direct.get(key),
        eval: (...given: Parameters<RedisClientType['eval']>) => direct.eval(...given),
        async evalSha(...given: Parameters<RedisClientType['evalSha']>) {
          await direct.evalSha(...given)
          again.push(given[0])
          return direct.evalSha(...given)
        },
      },
    })
    const once = createRedisStore({ client: direct })
    await once.add('known', 'the script is known now', 60)
    await once.replace('known', 'the script is known now', 'this one too', 60)

    expect(await twice.add('lock', 'owner', 60)).toBe(true)
    expect(await twice.add('lock', 'owner', 60)).toBe(false)
    expect(await once.add('lock', 'owner', 60)).toBe(false)
    expect(await twice.replace('lock', 'owner', 'next', 60)).toBe(true)
    expect(await twice.replace('lock', 'owner', 'next', 60)).toBe(false)
    expect(await once.get('lock')).toBe('next')
    // The first of them asks for the time, and adds with its second call.
    expect(again).toHaveLength(5)
  })
})
