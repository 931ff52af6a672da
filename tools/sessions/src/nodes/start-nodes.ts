import { type Auth, createAuth, createVault, type Store } from '@latchkey/core'
import { createWinkClient, winkProvider } from '@latchkey/core-wink'
import type { EmulatedWink } from '@latchkey/emulator'
import { createRedisStore } from '@latchkey/store-redis'
import { createClient, type RedisClientType } from 'redis'
import { exampleVendor } from '../own/example-vendor.ts'
import { winkPageUrls } from './wink-page.ts'

/** How the nodes of an app are set up. */
export interface NodeSettings {
  readonly count: number
  readonly kind: 'cookie' | 'store'
  readonly wink?: EmulatedWink
  /** Makes the store of one node another. */
  readonly change?: (store: Store, node: number) => Store
}

/** Nodes of one app: each has a vault, a connection to Redis and a memory of its own. */
export interface Nodes {
  readonly auths: readonly Auth[]
  /** What Redis holds. */
  readonly client: RedisClientType
  /** Lets time pass for the nodes, for Wink and for all keys of Redis. */
  pass(seconds: number): Promise<void>
  close(): void
}

export const origin = 'http://localhost:3001'

export async function startNodes(redisUrl: string, settings: NodeSettings): Promise<Nodes> {
  const { count, kind, wink, change = (store) => store } = settings
  const secrets = [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`] as const
  let passed = 0
  const clock = (): number => Math.floor(Date.now() / 1000) + passed
  const clients: RedisClientType[] = await Promise.all(Array.from({ length: count }, () => connect(redisUrl)))
  const client = await connect(redisUrl)

  const startNode = (own: RedisClientType, node: number): Auth =>
    createAuth({
      baseUrl: origin,
      // With a clock that is not the system's, vaults of one process share nothing but their store.
      vault: createVault({ secrets, store: change(createRedisStore({ client: own }), node), clock }),
      session: { kind },
      providers: [exampleVendor(), ...(wink === undefined ? [] : [winkOf(wink, clock)])],
      clock,
    })

  return {
    auths: clients.map(startNode),
    client,
    async pass(seconds) {
      passed += seconds
      wink?.clock.advance(seconds)
      const keys = await client.keys('*')
      await Promise.all(keys.map(async (key) => client.pExpire(key, (await client.pTTL(key)) - seconds * 1000)))
    },
    close: () => [client, ...clients].forEach((each) => each.destroy()),
  }
}

async function connect(url: string): Promise<RedisClientType> {
  const client: RedisClientType = createClient({ url, disableOfflineQueue: true })
  await client.on('error', () => {}).connect()
  return client
}

function winkOf(
  { apiUrl, authUrl, clientId, clientSecret }: EmulatedWink,
  clock: () => number,
): ReturnType<typeof winkProvider> {
  const { returnUrl, cancelUrl } = winkPageUrls
  const environment = { apiUrl, authUrl }
  const lists = { returnUrls: [returnUrl], cancelUrls: [cancelUrl] }
  return winkProvider({
    client: createWinkClient({ clientId, clientSecret, environment, ...lists, clock }),
    flows: ['browser'],
  })
}
