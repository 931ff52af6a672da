import { createClient, type RedisClientType } from 'redis'

/** A connection of the test, with the settings that the README advises. */
export interface Connection {
  readonly client: RedisClientType
  /** What the client told of its errors. */
  readonly errors: readonly Error[]
}

/** Begins to connect, and does not wait for it. */
export function beginToConnect(url: string): Connection {
  const errors: Error[] = []
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 1000,
    commandOptions: { timeout: 500 },
    socket: {
      connectTimeout: 1000,
      socketTimeout: 2000,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1000),
    },
  })
  client.on('error', (error: Error) => errors.push(error))
  client.connect().catch(() => undefined)
  return { client, errors }
}

/** Connects. */
export async function connect(url: string): Promise<RedisClientType> {
  const { client } = beginToConnect(url)
  await new Promise((resolve) => client.once('ready', resolve))
  return client
}
