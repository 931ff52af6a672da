import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import type { RedisClientType } from 'redis'
import { createClient as createClient4 } from 'redis-4'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { connect } from './connection.ts'

interface Wrapped {
  get(key: string): unknown
  set(key: string, value: string, options: object): unknown
  del(key: string): unknown
  eval(script: string, options: object): unknown
  evalSha(sha1: string, options: object): unknown
}

/** As an app may wrap a client: nothing tells which version is inside. */
function wrap(client: Wrapped, changed: Partial<Wrapped> = {}): object {
  return {
    get: (key: string) => client.get(key),
    set: (key: string, value: string, options: object) => client.set(key, value, options),
    del: (key: string) => client.del(key),
    eval: (script: string, options: object) => client.eval(script, options),
    evalSha: (sha1: string, options: object) => client.evalSha(sha1, options),
    ...changed,
  }
}

describeWithRedis("an app's own object around a client", () => {
  let redis: RedisProcess
  let client: RedisClientType
  beforeAll(async () => {
    redis = await startRedis()
    client = await connect(redis.url)
  })
  afterAll(async () => {
    client.destroy()
    await redis.stop()
  })

  it('is taken if it obeys the options of SET, after one trial', async () => {
    const store = createRedisStore({ client: wrap(client as unknown as Wrapped) })
    expect(await Promise.all([store.add('wrapped', '1', 60), store.add('wrapped', '2', 60)])).toEqual([true, false])
    expect(await store.replace('wrapped', '1', '3', 60)).toBe(true)
    expect(await store.get('wrapped')).toBe('3')
    expect(await client.keys('latchkey:trial:*')).toEqual([])
  })

  it.each(['set', 'add', 'replace'] as const)(
    'is refused by the first %s if a client of redis 4 is inside',
    async (method) => {
      const old = createClient4({ url: redis.url })
      await old.connect()
      const store = createRedisStore({ client: wrap(old as unknown as Wrapped) })
      const call = {
        set: () => store.set('old', '1', 60),
        add: () => store.add('old', '1', 60),
        replace: () => store.replace('old', '1', '2', 60),
      }[method]
      await expect(call()).rejects.toMatchObject({ code: 'redis/client_unsupported' })
      await expect(call()).rejects.toMatchObject({ code: 'redis/client_unsupported' })
      expect(await client.keys('latchkey:old')).toEqual([])
      expect(await client.keys('latchkey:trial:*')).toEqual([])
      await old.disconnect()
    },
  )

  it('is refused if it leaves out what SET gives', async () => {
    const all = client as unknown as Wrapped
    const set: Wrapped['set'] = (key, value, { GET: _, ...options }: { GET?: true }) => all.set(key, value, options)
    const store = createRedisStore({ client: wrap(all, { set }) })
    await expect(store.add('left out', '1', 60)).rejects.toMatchObject({ code: 'redis/client_unsupported' })
  })

  it('is tried again when the trial could not be made', async () => {
    const all = client as unknown as Wrapped
    let failures = 1
    const set: Wrapped['set'] = async (...given) => {
      if (failures-- > 0) throw new Error('lost')
      return all.set(...given)
    }
    const store = createRedisStore({ client: wrap(all, { set }) })
    await expect(store.add('again', '1', 60)).rejects.toMatchObject({ code: 'redis/unavailable' })
    expect(await store.add('again', '1', 60)).toBe(true)
  })
})
