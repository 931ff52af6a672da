import type { HealthyStore } from '@latchkey/core'
import { checkOptions, isAuthError, type OptionRule, required, rule } from '@latchkey/core/provider'
import { createCalls } from './calls.ts'
import { createCircuitBreaker } from './circuit-breaker.ts'
import type { Commands } from './commands.ts'
import { redisError } from './errors.ts'
import { failureReason } from './failure-reason.ts'
import { readHealth } from './health.ts'
import { isIoredisClient } from './ioredis-client.ts'
import { ioredisCommands } from './ioredis-commands.ts'
import { isRedisClient } from './redis-client.ts'
import { redisCommands } from './redis-commands.ts'
import { addScript, removeExpectedScript, removeScript, replaceScript, type Script, setScript } from './script.ts'
import { tag, untag } from './tagged-value.ts'

/** How long a store waits, in milliseconds. */
export interface StoreTimeouts {
  /** For a call. */
  readonly call: number
  /** For a call that has no answer, until others are refused. */
  readonly unanswered: number
}

/** For a call a little less than core waits, so that nothing is done that nobody waits for. */
const timeouts: StoreTimeouts = { call: 450, unanswered: 1000 }

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
 * method is one command or one script on one key, is read and written on the primary, and each key has a lifetime. Several
 * keys are read by one MGET; where a client may read from a replica, and on a cluster, by one command each, sent together.
 *
 * The store opens no connection. Core gives up on a call after 500 ms, and the store after 450: what was not sent until then
 * is not sent, and a write that arrives later does nothing. While one call has been unanswered for over a second, others
 * fail at once, but for a trial every 5 seconds. A write that the client sends twice counts once.
 *
 * @throws `core/invalid_option`, `redis/client_unsupported` (an older version), `redis/client_resends`,
 *   `redis/client_reads_replicas`; each method `redis/unavailable` or `redis/unanswered`, which name no key and no value
 */
export function createRedisStore(options: RedisStoreOptions): HealthyStore {
  const { client, prefix = 'latchkey:' } = checkOptions('createRedisStore', options, {
    client: required(redisClient),
    prefix: rule('must be a text', (value) => typeof value === 'string'),
  })
  return storeOn(client, prefix, timeouts)
}

/** The store behind {@link createRedisStore}, with other timeouts. */
export function storeOn(
  client: object,
  prefix: string,
  { call: callMilliseconds, unanswered }: StoreTimeouts,
): HealthyStore {
  const commands = commandsOf(client)
  const calls = createCalls(commands, callMilliseconds)
  const attempt = createCircuitBreaker(unanswered)

  const call = <T>(command: () => Promise<T>): Promise<T> =>
    attempt(async () => {
      try {
        return await command()
      } catch (error) {
        if (isAuthError(error)) throw error
        throw redisError('redis/unavailable', { cause: { reason: failureReason(error) } })
      }
    })
  const write = (script: Script, key: string, ...values: readonly string[]): Promise<boolean> =>
    call(() => calls.write(script, { key: prefix + key, values }))

  return {
    get: async (key) => untag(await call(() => calls.get(prefix + key))),
    async getMany(keys) {
      if (keys.length === 0) return []
      return (await call(() => calls.getMany(keys.map((key) => prefix + key)))).map(untag)
    },
    async set(key, value, lifetime) {
      await write(setScript, key, tag(value), `${lifetime}`)
    },
    add: (key, value, lifetime) => write(addScript, key, tag(value), `${lifetime}`),
    replace: (key, expected, value, lifetime) => write(replaceScript, key, tag(value), `${lifetime}`, expected),
    remove: (key, expected) =>
      expected === undefined ? write(removeScript, key) : write(removeExpectedScript, key, expected),
    health: () =>
      readHealth({ commands, attempt, timeoutMilliseconds: callMilliseconds }, () =>
        calls.write(setScript, { key: `${prefix}health`, values: [tag('1'), '1'] }),
      ),
  }
}

function commandsOf(client: object): Commands {
  if (isIoredisClient(client)) return ioredisCommands(client)
  // Anything else was refused with the options.
  return redisCommands(client as Parameters<typeof redisCommands>[0])
}
