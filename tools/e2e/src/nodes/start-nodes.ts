import { type Auth, createAuth, type Store } from '@latchkey/core'
import { winkProvider } from '@latchkey/core-wink'
import type { EmulatedWink } from '@latchkey/emulator'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'
import { createClient, type RedisClientType } from 'redis'
import { patientStore } from '../../../../packages/store-redis/test/patient-store.ts'
import { winkPageUrls } from './wink-page.ts'

/** How the nodes of an app are set up. */
export interface NodeSettings {
  readonly count: number
  readonly kind: 'cookie' | 'store'
  readonly wink?: EmulatedWink
  /** Makes the store of one node another. */
  readonly change?: (store: Store, node: number) => Store
}

/** Nodes of one app: each has an auth, a connection to Redis and a memory of its own. */
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
  const secret = `an-example-secret-of-32-bytes-${crypto.randomUUID()}`
  let passed = 0
  const clock = (): number => Math.floor(Date.now() / 1000) + passed
  const clients: RedisClientType[] = await Promise.all(Array.from({ length: count }, () => connect(redisUrl)))
  const client = await connect(redisUrl)

  const startNode = (own: RedisClientType, node: number): Auth =>
    createAuth({
      baseUrl: origin,
      secret,
      store: change(patientStore(own), node),
      session: { strategy: kind },
      providers: [exampleProvider(), ...(wink === undefined ? [] : [winkOf(wink, clock)])],
      // With a clock that is not the system's, the auths of one process share nothing but their store.
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
  return winkProvider({
    clientId,
    clientSecret,
    environment: { apiUrl, authUrl },
    returnUrls: [returnUrl],
    cancelUrls: [cancelUrl],
    flows: ['browser'],
    clock,
  })
}
