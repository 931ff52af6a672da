import { storeContract } from '@latchkey/testkit'
import { describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createRedisStore, type RedisStore } from '../src/index.ts'
import { connect } from './connection.ts'

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

describeWithRedis('on a cluster of three', () => {
  let nodes: readonly RedisProcess[] = []
  let store: RedisStore
  let close: () => void

  beforeAll(async () => {
    nodes = await startCluster()
    const cluster = createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) })
    cluster.on('error', () => undefined)
    await cluster.connect()
    close = () => cluster.destroy()
    store = createRedisStore({ client: cluster })
  }, 30_000)
  afterAll(async () => {
    close()
    await Promise.all(nodes.map((node) => node.stop()))
  })

  storeContract({ describe, it, create: () => store })

  it('is healthy', async () => {
    expect(await store.health()).toBe(true)
  })
})
