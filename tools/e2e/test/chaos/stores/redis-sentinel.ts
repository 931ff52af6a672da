import { startRedis } from '@latchkey/tool-test-support'
import { until } from '../until.ts'
import { sentinelName, tellRedis } from './redis-connection.ts'
import type { RunningStore } from './running-store.ts'

const sentinels = 3

/** Starts a primary with two replicas, and three Sentinels of which two must agree. */
export async function startRedisSentinel(): Promise<RunningStore> {
  const primary = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] })
  const replicaOf = ['--replicaof', `127.0.0.1 ${primary.port}`]
  const replicas = await Promise.all([startRedis({ args: replicaOf }), startRedis({ args: replicaOf })])
  await until('the replicas are in step', () =>
    tellRedis(primary.port, async (own) => (await own.info('replication')).match(/state=online/g)?.length === 2),
  )
  const config = [
    `sentinel monitor ${sentinelName} 127.0.0.1 ${primary.port} 2`,
    `sentinel down-after-milliseconds ${sentinelName} 1000`,
    `sentinel failover-timeout ${sentinelName} 5000`,
  ].join('\n')
  const watchers = await Promise.all(
    Array.from({ length: sentinels }, () => startRedis({ args: ['--sentinel'], config: `${config}\n` })),
  )
  for (const { port } of watchers) {
    await until('the Sentinels know each other and the replicas', () =>
      tellRedis(port, async (own) => /slaves=2,sentinels=3/.test(await own.info('sentinel'))),
    )
  }
  return {
    settings: { kind: 'sentinel', ports: watchers.map(({ port }) => port) },
    crash: () => primary.kill(),
    async close() {
      await Promise.all([...watchers, ...replicas, primary].map((server) => server.kill()))
    },
  }
}
