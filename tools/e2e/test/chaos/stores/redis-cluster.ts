import { freePort, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { until } from '../until.ts'
import { tellRedis } from './redis-connection.ts'
import type { RunningStore } from './running-store.ts'

/** Slots of a cluster: 16,384. */
const shares = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
] as const

interface Node {
  readonly redis: RedisProcess
  readonly busPort: number
}

/** Starts three primaries, each with a replica. */
export async function startRedisCluster(): Promise<RunningStore> {
  const primaries = await Promise.all(shares.map(startNode))
  const replicas = await Promise.all(shares.map(startNode))
  const all = [...primaries, ...replicas]
  const [first] = primaries as [Node, ...Node[]]
  for (const [index, [start, end]] of shares.entries()) {
    await tellRedis(portOf(primaries[index]), (own) => own.clusterAddSlotsRange({ start, end }))
  }
  for (const { redis, busPort } of all.slice(1)) {
    const meet = ['CLUSTER', 'MEET', '127.0.0.1', `${redis.port}`, `${busPort}`]
    await tellRedis(first.redis.port, (own) => own.sendCommand(meet))
  }
  for (const { redis } of all) await knows(redis.port, /cluster_known_nodes:6/)
  for (const [index, primary] of primaries.entries()) {
    const id = await tellRedis(portOf(primary), (own) => own.clusterMyId())
    await tellRedis(portOf(replicas[index]), (own) => own.clusterReplicate(id))
  }
  for (const { redis } of all) await knows(redis.port, /cluster_state:ok/)
  for (const { redis } of primaries) {
    await until('the replica is in step', () =>
      tellRedis(redis.port, async (own) => (await own.info('replication')).includes('state=online')),
    )
  }
  return {
    settings: { kind: 'cluster', ports: all.map(({ redis }) => redis.port) },
    crash: () => first.redis.kill(),
    async close() {
      await Promise.all(all.map(({ redis }) => redis.kill()))
    },
  }
}

async function startNode(): Promise<Node> {
  const busPort = await freePort()
  const args = ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-node-timeout', '1500']
  return { busPort, redis: await startRedis({ args: [...args, '--repl-diskless-sync-delay', '0'] }) }
}

function portOf(node: Node | undefined): number {
  return node?.redis.port ?? 0
}

function knows(port: number, what: RegExp): Promise<void> {
  return until(`a node says ${what.source}`, () =>
    tellRedis(port, async (own) => what.test(String(await own.clusterInfo()))),
  )
}
