import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { createClient } from 'redis'
import { createClient as createClient4 } from 'redis-4'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { passTime } from './pass-time.ts'

interface Wrapped {
  get(key: string): unknown
  eval(script: string, options: object): unknown
  evalSha(sha1: string, options: object): unknown
}

describeWithRedis("an app's own object around a client", () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  // Nothing tells the version of the client inside. That of version 4 does not know today's options of SET.
  it.each(['redis 4', 'redis 6'])('with %s inside adds once, and what it adds expires', async (version) => {
    const client = createClient({ url: redis.url })
    const old = createClient4({ url: redis.url })
    await Promise.all([client.connect(), old.connect()])
    const inside = (version === 'redis 4' ? old : client) as unknown as Wrapped
    const store = createRedisStore({
      client: {
        get: (key: string) => inside.get(key),
        eval: (script: string, options: object) => inside.eval(script, options),
        evalSha: (sha1: string, options: object) => inside.evalSha(sha1, options),
      },
    })
    expect(await Promise.all([store.add(version, '1', 60), store.add(version, '2', 60)])).toEqual([true, false])
    await store.set(`${version} set`, '1', 60)
    expect(await store.replace(`${version} set`, '1', '2', 60)).toBe(true)
    await passTime(client, 60)
    expect([await store.get(version), await store.get(`${version} set`)]).toEqual([null, null])
    client.destroy()
    await old.disconnect()
  })
})
