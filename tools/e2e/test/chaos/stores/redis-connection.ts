import type { Store } from '@latchkey/core'
import { createRedisStore } from '@latchkey/store-redis'
import { createClient, createCluster, createSentinel, type RedisClientType } from 'redis'

/** Where a Redis is: one server, the Sentinels that know it, or nodes of a cluster. */
export interface RedisSettings {
  readonly kind: 'single' | 'sentinel' | 'cluster'
  readonly ports: readonly number[]
}

/** The name by which Sentinels know the primary. */
export const sentinelName = 'main'

/** What the README of the store advises. */
const advised = {
  disableOfflineQueue: true,
  pingInterval: 1000,
  commandOptions: { timeout: 500 },
  socket: {
    connectTimeout: 1000,
    socketTimeout: 2000,
    reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1000),
  },
}

/** Opens the store, by the package `redis`. */
export async function openRedis({ kind, ports }: RedisSettings): Promise<Store> {
  const nodes = ports.map((port) => ({ host: '127.0.0.1', port }))
  const rootNodes = nodes.map((socket) => ({ socket }))
  const url = `redis://127.0.0.1:${ports[0]}`
  const clients = {
    single: () => createClient({ ...advised, url }),
    cluster: () => createCluster({ rootNodes, defaults: advised }),
    sentinel: () =>
      createSentinel({ name: sentinelName, sentinelRootNodes: nodes, reserveClient: true, nodeClientOptions: advised }),
  }
  const made = clients[kind]()
  made.on('error', () => {})
  await made.connect()
  return createRedisStore({ client: made })
}

/** Asks a server something, on a connection of its own. */
export async function tellRedis<T>(port: number, ask: (own: RedisClientType) => Promise<T>): Promise<T> {
  const own: RedisClientType = createClient({ url: `redis://127.0.0.1:${port}` })
  own.on('error', () => {})
  await own.connect()
  try {
    return await ask(own)
  } finally {
    own.destroy()
  }
}
