import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { afterEach, describe, expect, it } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { type Connection, clients, connect, connectAs } from './connection.ts'
import { patientStore } from './patient-store.ts'

const minimal = ['+get', '+set', '+del', '+time', '+eval', '+evalsha', '+ping', '~latchkey:*']

describeWithRedis('health', () => {
  const redises: RedisProcess[] = []
  const connections: Connection[] = []
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.destroy()
    await Promise.all(redises.splice(0).map((redis) => redis.kill()))
  })
  const start = async (...args: readonly string[]): Promise<RedisProcess> => {
    const redis = await startRedis({ args })
    redises.push(redis)
    return redis
  }

  describe.each(Object.entries(clients))('through %s', (name, begin) => {
    const storeOn = async (url: string) => {
      const connection = await connectAs(begin, url)
      connections.push(connection)
      return patientStore(connection.client)
    }

    it.each<[string, readonly string[], readonly string[]]>([
      ['nothing of an append-only file', ['--appendonly', 'yes'], []],
      ['nothing of snapshots', ['--save', '60 1'], []],
      ['that it forgets at a restart', [], ['not_persistent']],
      ['that it evicts', ['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru'], ['evicts']],
      ['that it evicts what has a lifetime', ['--save', '60 1', '--maxmemory-policy', 'volatile-ttl'], ['evicts']],
      ['all of it', ['--maxmemory-policy', 'allkeys-random'], ['evicts', 'not_persistent']],
    ])('tells %s', async (_, args, problems) => {
      const store = await storeOn((await start(...args)).url)
      expect(await store.health()).toEqual({ ok: problems.length === 0, problems })
    })

    it('tells a replica', async () => {
      const primary = await start()
      const replica = await start('--appendonly', 'yes', '--replicaof', `127.0.0.1 ${primary.port}`)
      const store = await storeOn(replica.url)
      expect(await store.health()).toEqual({ ok: false, problems: ['read_only'] })
    })

    it('with the rights that the README names at least, does not tell what it may not see', async () => {
      const redis = await start('--maxmemory-policy', 'allkeys-lru')
      const ready = name.startsWith('ioredis') ? ['+info'] : []
      const store = await storeOn(await urlOfUser(redis, [...minimal, ...ready]))
      expect(await store.health()).toEqual({ ok: ready.length === 0, problems: ready.length === 0 ? [] : ['evicts'] })
    })

    it('with +info and +config|get, tells all', async () => {
      const redis = await start('--maxmemory-policy', 'allkeys-lru')
      const store = await storeOn(await urlOfUser(redis, [...minimal, '+info', '+config|get']))
      expect(await store.health()).toEqual({ ok: false, problems: ['evicts', 'not_persistent'] })
    })

    it('tells a user without rights for the keys', async () => {
      const store = await storeOn(await urlOfUser(await start(), ['+set', '+info', '+ping', '~other:*']))
      expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
    })

    it('gives up on a silent Redis, and does not reject', async () => {
      const redis = await start('--appendonly', 'yes')
      const connection = await connectAs(begin, redis.url)
      connections.push(connection)
      const store = createRedisStore({ client: connection.client })
      redis.pause()
      expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
    })

    it('does not reject when the client is closed', async () => {
      const redis = await start('--appendonly', 'yes')
      const connection = await connectAs(begin, redis.url)
      connection.destroy()
      const store = createRedisStore({ client: connection.client })
      expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })
    })
  })
})

async function urlOfUser(redis: RedisProcess, rights: readonly string[]): Promise<string> {
  const admin = await connect(redis.url)
  await admin.sendCommand(['ACL', 'SETUSER', 'latchkey', 'on', '>example', ...rights])
  admin.destroy()
  return redis.url.replace('//', '//latchkey:example@')
}
