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
      await vi.waitFor(() => expect(store.get('key')).rejects.toMatchObject({ code: 'redis/unavailable' }))
      const givenUp = [
        store.set('key', 'old', 600),
        store.replace('key', 'newer', 'old', 600),
        store.add('lock', 'nobody', 600),
        store.remove('key'),
      ]
      for (const call of givenUp) await expect(call).rejects.toMatchObject({ code: 'redis/unavailable' })
      const other = createRedisStore({ client: direct })
      await other.set('key', 'newer', 600)

      proxy.mend()
      // What was still to be sent would be sent before this is answered.
      await vi.waitFor(async () => expect(await store.get('key')).toBe('newer'), { timeout: 5000 })
      expect(await store.get('lock')).toBeNull()
      expect(await other.get('key')).toBe('newer')
    },
    30_000,
  )
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
