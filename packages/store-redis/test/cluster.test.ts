import { storeContract } from '@latchkey/testkit'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { Cluster } from 'ioredis'
import { Cluster as Cluster5 } from 'ioredis-5'
import { createCluster } from 'redis'
import { createCluster as createCluster5 } from 'redis-5'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connect } from './connection.ts'
import { documentedOptions, pages } from './documented-options.ts'
import { passTime as moveTime } from './pass-time.ts'
import { patientStore } from './patient-store.ts'

/** Slots of a cluster: 16,384. */
const shares = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const

async function startCluster(): Promise<readonly RedisProcess[]> {
  const nodes = await Promise.all(
    shares.map(() => startRedis({ args: ['--cluster-enabled', 'yes', '--cluster-port', '0'] })),
  )
  const clients = await Promise.all(nodes.map(({ url }) => connect(url)))
  const [first] = clients
  for (const [index, client] of clients.entries()) {
    const [start, end] = shares[index] ?? [0, 0]
    await client.clusterAddSlotsRange({ start, end })
    await first?.clusterMeet('127.0.0.1', nodes[index]?.port ?? 0)
  }
  for (const client of clients) {
    await vi.waitFor(async () => expect(await client.clusterInfo()).toContain('cluster_state:ok'), { timeout: 20_000 })
    client.destroy()
  }
  return nodes
}

type Open = (nodes: readonly RedisProcess[]) => Promise<{ readonly client: object; close(): void }>

const withRedis =
  (create: typeof createCluster): Open =>
  async (nodes) => {
    const { url: _, ...defaults } = documentedOptions(pages.readme, 'createClient') as { url?: string }
    const cluster = create({ rootNodes: nodes.map(({ url }) => ({ url })), useReplicas: true, defaults })
    cluster.on('error', () => undefined)
    await cluster.connect()
    return { client: cluster, close: () => cluster.destroy() }
  }

const withIoredis =
  (Client: typeof Cluster): Open =>
  async (nodes) => {
    const options = documentedOptions(pages.readme, 'new Cluster')
    const cluster = new Client(
      nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
      options,
    )
    cluster.on('error', () => undefined)
    await new Promise((resolve) => void cluster.once('ready', () => resolve(null)))
    return { client: cluster, close: () => cluster.disconnect() }
  }

const clients: Readonly<Record<string, Open>> = {
  'redis 6': withRedis(createCluster),
  'redis 5': withRedis(createCluster5 as unknown as typeof createCluster),
  'ioredis 6': withIoredis(Cluster),
  'ioredis 5': withIoredis(Cluster5 as unknown as typeof Cluster),
}

describeWithRedis('on a cluster of three', () => {
  let nodes: readonly RedisProcess[] = []
  const closing: (() => void)[] = []
  beforeAll(async () => {
    nodes = await startCluster()
  })
  afterAll(async () => {
    for (const close of closing) close()
    await Promise.all(nodes.map((node) => node.stop()))
  })

  const open = async (begin: Open) => {
    const { client, close } = await begin(nodes)
    closing.push(close)
    return patientStore(client)
  }

  describe.each(Object.entries(clients))('through %s', (_, begin) => {
    const passTime = async (seconds: number): Promise<void> => {
      for (const { url } of nodes) {
        const client = await connect(url)
        await moveTime(client, seconds)
        client.destroy()
      }
    }
    storeContract({ describe, it, create: () => open(begin), wait: passTime })

    it('has no failed call at the first use of each node', async () => {
      const store = await open(begin)
      const keys = Array.from({ length: 60 }, () => crypto.randomUUID())
      expect(await Promise.all(keys.map((key) => store.add(key, '1', 60)))).toEqual(keys.map(() => true))
    })

    it('is healthy when each primary is, and is not when one of them evicts', async () => {
      const store = await open(begin)
      for (const { url } of nodes) await configure(url, 'appendonly', 'yes')
      expect(await store.health()).toEqual({ ok: true, problems: [] })
      for (const { url } of nodes) {
        await configure(url, 'maxmemory-policy', 'allkeys-lru')
        expect(await store.health()).toEqual({ ok: false, problems: ['evicts'] })
        await configure(url, 'maxmemory-policy', 'noeviction')
      }
    })
  })
})

async function configure(url: string, parameter: string, value: string): Promise<void> {
  const client = await connect(url)
  await client.configSet(parameter, value)
  client.destroy()
}
