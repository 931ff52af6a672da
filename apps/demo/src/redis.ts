import { setTimeout as wait } from 'node:timers/promises'
import type { HealthyStore, Store } from '@latchkey/core'
import { createRedisStore } from '@latchkey/store-redis'
import { createClient } from 'redis'
import { type LinkRecord, rowKey } from './link-record.ts'

/** What all servers of the demo share where there is a Redis. */
export interface SharedRedis {
  readonly store: Store
  readonly linkRecord: LinkRecord
  /** Whether it takes writes. */
  isHealthy(): Promise<boolean>
}

type Client = ReturnType<typeof connect>

/** Connects to a Redis or Valkey. The store's commands that come earlier wait for the connection, as long as core does. */
export function openRedis(url: string): SharedRedis {
  const client = connect(url)
  const store = createRedisStore({ prefix: 'latchkey-demo:', client })
  return { store, linkRecord: createRedisLinkRecord(client), isHealthy: () => takesWrites(store) }
}

function connect(url: string) {
  const client = createClient({
    url,
    pingInterval: 1000,
    socket: {
      connectTimeout: 1000,
      socketTimeout: 2000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1000),
    },
  })
  // Commands fail by themselves; without a listener the process would end.
  client.on('error', () => undefined)
  client.connect().catch(() => undefined)
  return client
}

/** A demo needs no Redis that keeps its entries: what it says of eviction and persistence is left out. */
async function takesWrites(store: HealthyStore): Promise<boolean> {
  const { problems } = await store.health()
  return !problems.includes('unreachable') && !problems.includes('read_only')
}

const links = 'latchkey-demo:links'
/** Both directions of a pair, or neither. */
const linkScript = `
local wink = redis.call('HGET', KEYS[1], ARGV[1])
local user = redis.call('HGET', KEYS[1], ARGV[2])
if not wink and not user then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[2], ARGV[1])
  return 1
end
return wink == ARGV[2] and 1 or 0
`

function createRedisLinkRecord(client: Client): LinkRecord {
  const winkField = (subject: string): string => `wink ${subject}`
  return {
    async winkOf(user) {
      const field = await client.hGet(links, rowKey(user))
      return field?.slice(winkField('').length) ?? null
    },
    async link(user, winkSubject) {
      const options = { keys: [links], arguments: [rowKey(user), winkField(winkSubject)] }
      return (await client.eval(linkScript, options)) === 1
    },
    async close() {
      await Promise.race([client.close().catch(() => undefined), wait(1000)])
    },
  }
}
