import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis-5'
import { createClient, type RedisClientType } from 'redis'
import { createClient as createClient5 } from 'redis-5'
import { documentedOptions, pages } from './documented-options.ts'

/** A connection of the test, with the settings that a page advises. */
export interface Connection {
  readonly client: object
  /** What the client told of its errors. */
  readonly errors: readonly Error[]
  isReady(): boolean
  destroy(): void
}

/** Begins to connect, and does not wait for it. */
export type Begin = (url: string) => Connection

function withRedis(create: typeof createClient, page: string): Begin {
  return (url) => {
    const errors: Error[] = []
    const client = create({ ...documentedOptions(page, 'createClient'), url })
    client.on('error', (error: Error) => errors.push(error))
    client.connect().catch(() => undefined)
    return { client, errors, isReady: () => client.isReady, destroy: () => client.destroy() }
  }
}

function withIoredis(Client: typeof Redis): Begin {
  return (url) => {
    const errors: Error[] = []
    const client = new Client(url, { ...documentedOptions(pages.readme, 'new Redis') })
    client.on('error', (error: Error) => errors.push(error))
    return { client, errors, isReady: () => client.status === 'ready', destroy: () => client.disconnect() }
  }
}

/** Each client and version that the store takes. */
export const clients: Readonly<Record<string, Begin>> = {
  'redis 6': withRedis(createClient, pages.readme),
  'redis 5': withRedis(createClient5 as unknown as typeof createClient, pages.readme),
  'ioredis 6': withIoredis(Redis),
  'ioredis 5': withIoredis(Redis5 as unknown as typeof Redis),
}

/** As the guide connects, with `redis` 6. */
export const asTheGuide: Begin = withRedis(createClient, pages.guide)

/** Connects, for the test itself. */
export async function connect(url: string): Promise<RedisClientType> {
  const client: RedisClientType = createClient({ url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Connects as a user does. */
export async function connectAs(begin: Begin, url: string): Promise<Connection> {
  const connection = begin(url)
  const { client } = connection
  await new Promise((resolve) => void (client as RedisClientType).once('ready', () => resolve(null)))
  return connection
}
