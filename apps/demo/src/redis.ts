import { setTimeout as wait } from 'node:timers/promises'
import { createRedisStore, type RedisStore } from '@latchkey/store-redis'
import { type JoinRecord, keyOf } from './join-record.ts'

/** What all servers of the demo share where there is a Redis. */
export interface SharedRedis {
  readonly store: RedisStore
  readonly joinRecord: JoinRecord
}

type Client = Awaited<ReturnType<typeof connect>>

/** Connects to a Redis or Valkey; what is asked before that waits for it. */
export function openRedis(url: string): SharedRedis {
  const client = connect(url)
  // Who asks is told; a server that nobody asked yet goes on.
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
  return { store, joinRecord: createRedisJoinRecord(client) }
}

async function connect(url: string) {
  const { createClient } = await import('redis')
  const client = createClient({ url, disableOfflineQueue: true })
  // Commands fail by themselves; without a listener the process would end.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const joined = 'latchkey-demo:joined'
/** Both directions of a pair, or neither. */
const joinScript = `
local wink = redis.call('HGET', KEYS[1], ARGV[1])
local user = redis.call('HGET', KEYS[1], ARGV[2])
if not wink and not user then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[2], ARGV[1])
  return 1
end
return wink == ARGV[2] and 1 or 0
`

function createRedisJoinRecord(client: Promise<Client>): JoinRecord {
  const winkField = (subject: string): string => `wink ${subject}`
  return {
    async winkOf(user) {
      const field = await (await client).hGet(joined, keyOf(user))
      return field?.slice(winkField('').length) ?? null
    },
    async join(user, winkSubject) {
      const options = { keys: [joined], arguments: [keyOf(user), winkField(winkSubject)] }
      return (await (await client).eval(joinScript, options)) === 1
    },
    async close() {
      await Promise.race([client.then((open) => open.close()).catch(() => undefined), wait(1000)])
    },
  }
}
