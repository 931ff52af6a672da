import type { HealthyStore } from '@latchkey/core'
import { checkOptions, isAuthError, type OptionRule, required, rule } from '@latchkey/core/provider'
import { createCircuitBreaker } from './circuit-breaker.ts'
import type { Commands } from './commands.ts'
import { redisError } from './errors.ts'
import { failureReason } from './failure-reason.ts'
import { readHealth } from './health.ts'
import { isIoredisClient } from './ioredis-client.ts'
import { ioredisCommands } from './ioredis-commands.ts'
import { isRedisClient } from './redis-client.ts'
import { redisCommands } from './redis-commands.ts'
import { removeScript, replaceScript } from './script.ts'
import { tag, untag } from './tagged-value.ts'

const callTimeoutMilliseconds = 1000

const redisClient: OptionRule = rule(
  'must be a client of the package `redis` or `ioredis`',
  (value) => typeof value === 'object' && value !== null && (isIoredisClient(value) || isRedisClient(value)),
)

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /**
   * A client of `redis` 5 or 6 (`createClient`, `createClientPool`, `createCluster`, `createSentinel`), or of `ioredis` 5
   * or newer (`Redis`, `Cluster`). Your app connects it, listens to its errors, and closes it.
   */
  readonly client: object
  /** What every key begins with. Default `latchkey:`. */
  readonly prefix?: string | undefined
}

/**
 * Makes a store that all processes share, in Redis 7 or newer or in Valkey: a single server, Sentinel or a cluster. Each
 * method is one command or one script on one key, is read and written on the primary, and each key has a lifetime.
 *
 * The store opens no connection. Core gives up on a call after 500 ms, and what could not be sent within 450 ms is not
 * sent later. While one call has been unanswered for over a second, others fail at once. A command that the client sends
 * twice counts once.
 *
 * @throws `core/invalid_option`, `redis/client_unsupported` (an older version; for a client that an app wraps in an
 *   object of its own by the first write), `redis/client_resends`, `redis/client_reads_replicas`; each method
 *   `redis/unavailable` or `redis/unanswered`, which name no key and no value
 */
export function createRedisStore(options: RedisStoreOptions): HealthyStore {
  const { client, prefix = 'latchkey:' } = checkOptions('createRedisStore', options, {
    client: required(redisClient),
    prefix: rule('must be a text', (value) => typeof value === 'string'),
  })
  const commands = commandsOf(client, prefix)
  const attempt = createCircuitBreaker(callTimeoutMilliseconds)

  const call = <T>(command: () => Promise<T>): Promise<T> =>
    attempt(async () => {
      try {
        return await command()
      } catch (error) {
        if (isAuthError(error)) throw error
        throw redisError('redis/unavailable', { cause: { reason: failureReason(error) } })
      }
    })

  return {
    get: async (key) => untag(await call(() => commands.get(prefix + key))),
    set: (key, value, lifetime) => call(() => commands.set(prefix + key, tag(value), lifetime)),
    async add(key, value, lifetime) {
      const own = tag(value)
      const held = await call(() => commands.add(prefix + key, own, lifetime))
      // Who finds its own tag has added it already: the client sent the command twice.
      return held === null || held === own
    },
    replace: (key, expected, value, lifetime) =>
      call(() => commands.run(replaceScript, prefix + key, [expected, tag(value), `${lifetime}`])),
    remove: (key, expected) =>
      call(() =>
        expected === undefined ? commands.remove(prefix + key) : commands.run(removeScript, prefix + key, [expected]),
      ),
    health: () => readHealth(commands, attempt, `${prefix}health`),
  }
}

function commandsOf(client: object, prefix: string): Commands {
  if (isIoredisClient(client)) return ioredisCommands(client)
  // Anything else was refused with the options.
  return redisCommands(client as Parameters<typeof redisCommands>[0], prefix)
}
