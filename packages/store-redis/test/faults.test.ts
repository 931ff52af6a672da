import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { createClient } from 'redis'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRedisStore, type RedisStore } from '../src/index.ts'
import { beginToConnect, type Connection } from './connection.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { startLoad } from './load.ts'

let redis: RedisProcess
let proxy: FaultProxy
let connection: Connection
let store: RedisStore

function open(login = ''): void {
  connection = beginToConnect(`redis://${login}127.0.0.1:${proxy.port}`)
  store = createRedisStore({ client: connection.client })
}

/** Tells Redis something on a connection of its own. */
async function tell(...command: readonly string[]): Promise<void> {
  const admin = createClient({ url: `redis://:right@127.0.0.1:${redis.port}` })
  admin.on('error', () => undefined)
  await admin.connect()
  await admin.sendCommand(command)
  admin.destroy()
}

beforeEach(async () => {
  redis = await startRedis()
  proxy = await startFaultProxy(redis.port)
})
afterEach(async () => {
  connection.client.destroy()
  await proxy.close()
  await redis.kill()
})

interface Fault {
  begin(): void | Promise<void>
  end(): void | Promise<void>
}

const faults: Readonly<Record<string, Fault>> = {
  'is killed and starts again': {
    begin: () => redis.kill(),
    async end() {
      redis = await startRedis({ port: redis.port })
    },
  },
  'takes 2 seconds to answer': {
    begin() {
      proxy.delayMilliseconds = 2000
    },
    end() {
      proxy.delayMilliseconds = 0
    },
  },
  'falls silent with its connections open': { begin: () => redis.pause(), end: () => redis.resume() },
  'loses a connection without a word': { begin: () => proxy.mute(), end: () => undefined },
  'is out of memory': {
    begin: () => tell('CONFIG', 'SET', 'maxmemory', '1'),
    end: () => tell('CONFIG', 'SET', 'maxmemory', '0'),
  },
  'is read-only after a failover': {
    begin: () => tell('REPLICAOF', '127.0.0.1', '1'),
    end: () => tell('REPLICAOF', 'NO', 'ONE'),
  },
  'refuses the password': {
    async begin() {
      await redis.kill()
      redis = await startRedis({ port: redis.port, args: ['--requirepass', 'right'] })
    },
    end: () => tell('CONFIG', 'SET', 'requirepass', ''),
  },
}

describeWithRedis('core on a Redis that', () => {
  it.each(Object.entries(faults))(
    '%s: answers in time, and works again within 5 s',
    async (title, { begin, end }) => {
      open()
      await vi.waitFor(() => expect(connection.client.isReady).toBe(true))
      const { tally, stop } = startLoad(store)
      await vi.waitFor(() => expect(tally.done).toBeGreaterThan(20))

      await begin()
      await vi.waitFor(() => expect(tally.refused).toBeGreaterThan(100), { timeout: 10_000 })
      expect(await store.health()).toBe(false)

      await end()
      const before = tally.done
      await vi.waitFor(() => expect(tally.done).toBeGreaterThan(before + 20), { timeout: 5000 })
      await vi.waitFor(async () => expect(await store.health()).toBe(true))
      await stop()
      report(title, tally)
      expect(tally.other).toBe(0)
      expect(tally.slowestMilliseconds).toBeLessThan(1500)
    },
    30_000,
  )

  it.each([
    ['is down at first', ''],
    ['refuses the password at first', ':right@'],
  ])(
    '%s: answers in time, and works within 5 s of its start',
    async (title, login) => {
      const { port } = redis
      await redis.kill()
      if (login !== '') redis = await startRedis({ port, args: ['--requirepass', 'wrong'] })
      open(login)
      const { tally, stop } = startLoad(store)
      await vi.waitFor(() => expect(tally.refused).toBeGreaterThan(100))
      expect(await store.health()).toBe(false)

      if (login !== '') await redis.kill()
      redis = await startRedis({ port, args: login === '' ? [] : ['--requirepass', 'right'] })
      await vi.waitFor(() => expect(tally.done).toBeGreaterThan(20), { timeout: 5000 })
      expect(await store.health()).toBe(true)
      await stop()
      report(title, tally)
      expect(tally.other).toBe(0)
      expect(tally.slowestMilliseconds).toBeLessThan(1500)
    },
    30_000,
  )

  it('evicts keys: gives null for them, and replaces and removes nothing', async () => {
    await redis.kill()
    redis = await startRedis({ port: redis.port, args: ['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-random'] })
    open()
    await vi.waitFor(() => expect(connection.client.isReady).toBe(true))
    const keys = Array.from({ length: 1000 }, (_, index) => `${index}`)
    for (const key of keys) await store.set(key, key.padEnd(8192, '.'), 600)
    const kept = await Promise.all(keys.map((key) => store.get(key)))
    const evicted = keys.find((key) => kept[Number(key)] === null) ?? ''
    expect(kept.filter((value) => value !== null).length).toBeLessThan(keys.length)
    expect(await store.replace(evicted, evicted.padEnd(8192, '.'), 'next', 600)).toBe(false)
    expect(await store.remove(evicted)).toBe(false)
    expect(kept.every((value, index) => value === null || value === `${index}`.padEnd(8192, '.'))).toBe(true)
  })
})

function report(
  title: string,
  { done, refused, other, slowestMilliseconds }: ReturnType<typeof startLoad>['tally'],
): void {
  console.info(
    `${title}: ${done} done, ${refused} refused, ${other} other, slowest ${slowestMilliseconds} ms, ` +
      `${connection.errors.length} errors told by the client`,
  )
}
