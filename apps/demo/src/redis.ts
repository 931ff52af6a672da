import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from '@latchkey/core'
import { createRedisStore } from '@latchkey/store-redis'
import { type LinkRecord, rowKey } from './link-record.ts'

/** What all servers of the demo share where there is a Redis. */
export interface SharedRedis {
  readonly store: Store
  readonly linkRecord: LinkRecord
  /** Whether it takes writes. */
  isHealthy(): Promise<boolean>
}

type Client = Awaited<ReturnType<typeof connect>>

/** Connects to a Redis or Valkey; commands that come earlier wait for the connection. */
export function openRedis(url: string): SharedRedis {
  const client = connect(url)
  // Each command reports the failure; a server that has sent none yet goes on.
  client.catch(() => undefined)
  const store = createRedisStore({
    prefix: 'latchkey-demo:',
    client: {
      get: async (key) => (await client).get(key),
      set: async (key, value, options) => (await client).set(key, value, options),
      del: async (key) => (await client).del(key),
      eval: async (script, options) => (await client).eval(script, options),
      evalSha: async (sha1, options) => (await client).evalSha(sha1, options),
    },
  })
  return { store, linkRecord: createRedisLinkRecord(client), isHealthy: () => store.health() }
}

async function connect(url: string) {
  const { createClient } = await import('redis')
  const client = createClient({ url, disableOfflineQueue: true })
  // Commands fail by themselves; without a listener the process would end.
  client.on('error', () => undefined)
  await client.connect()
  return client
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

function createRedisLinkRecord(client: Promise<Client>): LinkRecord {
  const winkField = (subject: string): string => `wink ${subject}`
  return {
    async winkOf(user) {
      const field = await (await client).hGet(links, rowKey(user))
      return field?.slice(winkField('').length) ?? null
    },
    async link(user, winkSubject) {
      const options = { keys: [links], arguments: [rowKey(user), winkField(winkSubject)] }
      return (await (await client).eval(linkScript, options)) === 1
    },
    async close() {
      await Promise.race([client.then((open) => open.close()).catch(() => undefined), wait(1000)])
    },
  }
}
