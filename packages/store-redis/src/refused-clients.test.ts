import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis-4'
import { describe, expect, it } from 'vitest'
import { createRedisStore } from './index.ts'

const safe = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
}
const safeCluster = {
  lazyConnect: true,
  enableOfflineQueue: false,
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
}
const nodes = [{ host: '127.0.0.1', port: 1 }]

const single = (options: object) => new Redis({ ...safe, ...options })
const cluster = (options: object) => new Cluster(nodes, { ...safeCluster, ...options })

describe('the Redis store refuses at its start', () => {
  it.each<[string, string, object]>([
    ['a client of redis 4', 'redis/client_unsupported', createClient()],
    [
      'a cluster of redis 4',
      'redis/client_unsupported',
      createCluster({ rootNodes: [{ url: 'redis://127.0.0.1:1' }] }),
    ],
    [
      'a client of ioredis 4',
      'redis/client_unsupported',
      Object.assign(single({}), { options: { ...safe, dropBufferSupport: false } }),
    ],
    ['ioredis as it is by default', 'redis/client_resends', new Redis({ lazyConnect: true })],
    ['an offline queue', 'redis/client_resends', single({ enableOfflineQueue: true })],
    ['sending again what was not answered', 'redis/client_resends', single({ autoResendUnfulfilledCommands: true })],
    ['retries of a request', 'redis/client_resends', single({ maxRetriesPerRequest: 1 })],
    ['endless retries of a request', 'redis/client_resends', single({ maxRetriesPerRequest: null })],
    [
      'ioredis behind Sentinel that is set up to send again',
      'redis/client_resends',
      new Redis({ lazyConnect: true, sentinels: nodes, name: 'main' }),
    ],
    [
      'a replica behind Sentinel',
      'redis/client_reads_replicas',
      single({ sentinels: nodes, name: 'main', role: 'slave' }),
    ],
    ['a connection for reading', 'redis/client_reads_replicas', single({ readOnly: true })],
    ['a cluster of ioredis as it is by default', 'redis/client_resends', new Cluster(nodes, { lazyConnect: true })],
    ['an offline queue of a cluster', 'redis/client_resends', cluster({ enableOfflineQueue: true })],
    ['sending again after a lost node', 'redis/client_resends', cluster({ retryDelayOnFailover: 100 })],
    ['sending again when the cluster is down', 'redis/client_resends', cluster({ retryDelayOnClusterDown: 100 })],
    [
      'nodes that connect again and send again',
      'redis/client_resends',
      cluster({ clusterNodeRetryStrategy: () => 100 }),
    ],
    ['reading from replicas', 'redis/client_reads_replicas', cluster({ scaleReads: 'slave' })],
    ['reading from all', 'redis/client_reads_replicas', cluster({ scaleReads: 'all' })],
    ['reading where a function says', 'redis/client_reads_replicas', cluster({ scaleReads: () => [] })],
  ])('%s: %s', (_, code, client) => {
    expect(() => createRedisStore({ client })).toThrow(expect.objectContaining({ code, status: 500 }))
  })

  it('no client that is set up as the README says', () => {
    for (const client of [
      single({}),
      single({ sentinels: nodes, name: 'main' }),
      cluster({}),
      cluster({ scaleReads: 'master' }),
    ]) {
      expect(() => createRedisStore({ client })).not.toThrow()
    }
    const reconnecting = {
      clusterNodeRetryStrategy: () => 100,
      redisOptions: { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
    }
    expect(() => createRedisStore({ client: cluster(reconnecting) })).not.toThrow()
  })
})
