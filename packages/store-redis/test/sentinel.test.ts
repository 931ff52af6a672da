import { storeContract } from '@latchkey/testkit'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import { createSentinel } from 'redis'
import { createSentinel as createSentinel5 } from 'redis-5'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { connect } from './connection.ts'
import { documentedOptions, pages } from './documented-options.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { passTime } from './pass-time.ts'
import { patientStore } from './patient-store.ts'

/** A client that asks the Sentinel on this port. */
type Open = (port: number) => Promise<{ readonly client: object; destroy(): void }>

const withRedis =
  (create: typeof createSentinel): Open =>
  async (port) => {
    const { url: _, ...nodeClientOptions } = documentedOptions(pages.readme, 'createClient') as { url?: string }
    const sentinelRootNodes = [{ host: '127.0.0.1', port }]
    // `reserveClient` as the README says: without it calls that are made at once go one after the other.
    const client = create({
      name: 'main',
      sentinelRootNodes,
      replicaPoolSize: 1,
      reserveClient: true,
      nodeClientOptions,
    })
    client.on('error', () => undefined)
    await client.connect()
    return { client, destroy: () => void client.destroy() }
  }

const withIoredis =
  (Client: typeof Redis): Open =>
  async (port) => {
    const options = documentedOptions(pages.readme, 'new Redis')
    const client = new Client({ ...options, name: 'main', sentinels: [{ host: '127.0.0.1', port }] })
    client.on('error', () => undefined)
    await new Promise((resolve) => void client.once('ready', () => resolve(null)))
    return { client, destroy: () => client.disconnect() }
  }

const clients: Readonly<Record<string, Open>> = {
  'redis 6': withRedis(createSentinel),
  'redis 5': withRedis(createSentinel5 as unknown as typeof createSentinel),
  'ioredis 6': withIoredis(Redis),
  'ioredis 5': withIoredis(Redis5 as unknown as typeof Redis),
}

describeWithRedis('behind Sentinel', () => {
  let primary: RedisProcess
  let proxy: FaultProxy
  let replica: RedisProcess
  let sentinel: RedisProcess
  const opened: { destroy(): void }[] = []

  beforeEach(async () => {
    primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] })
    proxy = await startFaultProxy(primary.port)
    replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${primary.port}`] })
    const config = [
      `sentinel monitor main 127.0.0.1 ${proxy.port} 1`,
      // A busy machine stands still for longer than half a second, and what is not copied yet would be lost.
      'sentinel down-after-milliseconds main 3000',
      'sentinel failover-timeout main 5000',
    ]
    sentinel = await startRedis({ args: ['--sentinel'], config: `${config.join('\n')}\n` })
    const asked = await connect(sentinel.url)
    await vi.waitFor(
      async () =>
        expect(JSON.stringify(await asked.sendCommand(['SENTINEL', 'REPLICAS', 'main']))).toContain(`${replica.port}`),
      {
        timeout: 20_000,
      },
    )
    asked.destroy()
  })
  afterEach(async () => {
    for (const client of opened.splice(0)) client.destroy()
    await proxy.close()
    await Promise.all([sentinel, replica, primary].map((redis) => redis.kill()))
  })

  const open = async (begin: Open) => {
    const connection = await begin(sentinel.port)
    opened.push(connection)
    return createRedisStore({ client: connection.client })
  }

  describe.each(Object.entries(clients))('through %s', (name, begin) => {
    // About one in two of its failovers leaves every later call unanswered: the README says so.
    const hangs = name === 'redis 5'
    if (hangs) console.info('Skipped: the Sentinel client of redis 5 can hang for good at a failover.')
    it.skipIf(hangs)(
      'goes on after a failover, with what was written before',
      async () => {
        const store = await open(begin)
        await store.set('before', 'kept', 600)
        await vi.waitFor(async () => {
          const own = await connect(replica.url)
          const copied = await own.exists('latchkey:before')
          own.destroy()
          expect(copied).toBe(1)
        }, 20_000)
        proxy.cut()
        await primary.kill()
        await vi.waitFor(async () => expect(await store.add(crypto.randomUUID(), '1', 600)).toBe(true), {
          timeout: 80_000,
        })
        expect(await store.get('before')).toBe('kept')
        expect(await store.replace('before', 'kept', 'changed', 600)).toBe(true)
      },
      120_000,
    )

    it('reads from the primary, though a replica lags behind', async () => {
      const store = await open(begin)
      await store.set('key', 'old', 600)
      replica.pause()
      await store.set('key', 'new', 600)
      const values = await Promise.all(Array.from({ length: 20 }, () => store.get('key')))
      expect(values).toEqual(values.map(() => 'new'))
      const several = await Promise.all(Array.from({ length: 20 }, async () => store.getMany?.(['key', 'key'])))
      expect(several).toEqual(several.map(() => ['new', 'new']))
    })
  })

  // ioredis sends nothing again, as it must be set up.
  it.each(Object.entries(clients).filter(([name]) => name.startsWith('redis')))(
    'adds once through %s, though the client sends it again after a lost connection',
    async (_, begin) => {
      const store = await open(begin)
      await store.add('known', 'the script and the time', 600)
      const own = await connect(primary.url)
      await own.configResetStat()
      proxy.breakAfter('latchkey:lock')
      expect(await store.add('lock', 'owner', 600)).toBe(true)
      expect(await own.info('commandstats')).toMatch(/^cmdstat_evalsha:calls=(?!1,)/m)
      expect(await store.add('lock', 'owner', 600)).toBe(false)
      own.destroy()
    },
  )
})

describeWithRedis('a store behind Sentinel', () => {
  let primary: RedisProcess
  let sentinel: RedisProcess
  const opened: { destroy(): void }[] = []
  beforeAll(async () => {
    primary = await startRedis()
    const config = `sentinel monitor main 127.0.0.1 ${primary.port} 1\n`
    sentinel = await startRedis({ args: ['--sentinel'], config })
  })
  afterAll(async () => {
    for (const client of opened) client.destroy()
    await Promise.all([sentinel.kill(), primary.kill()])
  })

  describe.each(Object.entries(clients))('through %s', (_, begin) => {
    storeContract({
      describe,
      it,
      async create() {
        const connection = await begin(sentinel.port)
        opened.push(connection)
        return patientStore(connection.client)
      },
      async wait(seconds) {
        const own = await connect(primary.url)
        await passTime(own, seconds)
        own.destroy()
      },
    })
  })
})
