import type { HealthyStore } from '@latchkey/core'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { createClient, createClientPool } from 'redis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRedisStore } from '../src/index.ts'
import { asTheGuide, type Begin, type Connection, clients } from './connection.ts'
import { documentedOptions, pages } from './documented-options.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { startLoad } from './load.ts'

let redis: RedisProcess
let proxy: FaultProxy
let connection: Connection
let store: HealthyStore

const persistent = ['--appendonly', 'yes']

function open(begin: Begin, login = ''): void {
  connection = begin(`redis://${login}127.0.0.1:${proxy.port}`)
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
  redis = await startRedis({ args: persistent })
  proxy = await startFaultProxy(redis.port)
})
afterEach(async () => {
  connection.destroy()
  await proxy.close()
  await redis.kill()
})

interface Fault {
  readonly problem: 'unreachable' | 'read_only'
  begin(): void | Promise<void>
  end(): void | Promise<void>
}

const faults: Readonly<Record<string, Fault>> = {
  'is killed and starts again': {
    problem: 'unreachable',
    begin: () => redis.kill(),
    async end() {
      redis = await startRedis({ port: redis.port, args: persistent })
    },
  },
  'takes 2 seconds to answer': {
    problem: 'unreachable',
    begin() {
      proxy.delayMilliseconds = 2000
    },
    end() {
      proxy.delayMilliseconds = 0
    },
  },
  'falls silent with its connections open': {
    problem: 'unreachable',
    begin: () => redis.pause(),
    end: () => redis.resume(),
  },
  'loses a connection without a word': {
    problem: 'unreachable',
    begin: () => proxy.mute(),
    end: () => undefined,
  },
  'is out of memory': {
    problem: 'read_only',
    begin: () => tell('CONFIG', 'SET', 'maxmemory', '1'),
    end: () => tell('CONFIG', 'SET', 'maxmemory', '0'),
  },
  'is read-only after a failover': {
    problem: 'read_only',
    begin: () => tell('REPLICAOF', '127.0.0.1', '1'),
    end: () => tell('REPLICAOF', 'NO', 'ONE'),
  },
  'refuses the password': {
    problem: 'unreachable',
    async begin() {
      await redis.kill()
      redis = await startRedis({ port: redis.port, args: [...persistent, '--requirepass', 'right'] })
    },
    end: () => tell('CONFIG', 'SET', 'requirepass', ''),
  },
}

/** Breaks the connection under load, mends it, and looks that every call is answered and that it goes on. */
async function survive(title: string, begin: Begin, fault: Fault): Promise<void> {
  open(begin)
  await vi.waitFor(() => expect(connection.isReady()).toBe(true), { timeout: 60_000 })
  const { tally, stop } = startLoad(store)
  await vi.waitFor(() => expect(tally.done).toBeGreaterThan(20), { timeout: 60_000 })

  await fault.begin()
  await vi.waitFor(() => expect(tally.refused).toBeGreaterThan(100), { timeout: 60_000 })
  expect(await store.health()).toEqual({ ok: false, problems: [fault.problem] })

  await fault.end()
  const before = tally.done
  await vi.waitFor(() => expect(tally.done).toBeGreaterThan(before + 20), { timeout: 60_000 })
  await vi.waitFor(async () => expect(await store.health()).toEqual({ ok: true, problems: [] }), { timeout: 60_000 })
  await stop()
  report(title, tally)
  expect(tally.other).toBe(0)
}

describeWithRedis('core on a Redis that', () => {
  describe.each(Object.entries(clients))('through %s', (client, begin) => {
    it.each(Object.entries(faults))(
      '%s: answers each call, and works again',
      (title, fault) => survive(`${client}: ${title}`, begin, fault),
      120_000,
    )

    it.each([
      ['is down at first', ''],
      ['refuses the password at first', ':right@'],
    ])(
      '%s: answers each call, and works once it has started',
      async (title, login) => {
        const { port } = redis
        await redis.kill()
        if (login !== '') redis = await startRedis({ port, args: ['--requirepass', 'wrong'] })
        open(begin, login)
        const { tally, stop } = startLoad(store)
        await vi.waitFor(() => expect(tally.refused).toBeGreaterThan(100), { timeout: 60_000 })
        expect(await store.health()).toEqual({ ok: false, problems: ['unreachable'] })

        if (login !== '') await redis.kill()
        const args = [...persistent, ...(login === '' ? [] : ['--requirepass', 'right'])]
        redis = await startRedis({ port, args })
        await vi.waitFor(() => expect(tally.done).toBeGreaterThan(20), { timeout: 60_000 })
        await vi.waitFor(async () => expect(await store.health()).toEqual({ ok: true, problems: [] }), {
          timeout: 60_000,
        })
        await stop()
        report(`${client}: ${title}`, tally)
        expect(tally.other).toBe(0)
      },
      120_000,
    )
  })

  it(
    'loses a connection without a word: works again with the options of the guide',
    () => survive('as the guide', asTheGuide, faults['loses a connection without a word'] as Fault),
    30_000,
  )

  it('never answers on one connection of a pool: is used again through the others', async () => {
    const { socketTimeout: _, ...socket } = (documentedOptions(pages.readme, 'createClient') as { socket: object })
      .socket as { socketTimeout: number }
    const pool = createClientPool(
      { url: `redis://127.0.0.1:${proxy.port}`, disableOfflineQueue: true, socket },
      { minimum: 1, maximum: 4 },
    )
    pool.on('error', () => undefined)
    await pool.connect()
    connection = { client: pool, errors: [], isReady: () => true, destroy: () => pool.destroy() }
    store = createRedisStore({ client: pool })
    await store.set('before', 'kept', 600)
    proxy.mute()
    const lost = store.get('before')
    lost.catch(() => undefined)
    await vi.waitFor(() => expect(store.get('before')).rejects.toMatchObject({ code: 'redis/unanswered' }), {
      timeout: 10_000,
    })
    await vi.waitFor(async () => expect(await store.get('before')).toBe('kept'), { timeout: 20_000 })
    const again = await Promise.all(Array.from({ length: 20 }, (_each, index) => store.add(`${index}`, '1', 600)))
    expect(again).toEqual(again.map(() => true))
  })

  it('evicts keys: gives null for them, and replaces and removes nothing', async () => {
    await redis.kill()
    redis = await startRedis({ port: redis.port, args: ['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-random'] })
    open(clients['redis 6'] as Begin)
    await vi.waitFor(() => expect(connection.isReady()).toBe(true))
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
