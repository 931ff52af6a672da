import type { Store } from '@latchkey/core'
import { checkOptions, type OptionRule, required, rule } from '@latchkey/core/provider'
import { createCircuitBreaker } from './circuit-breaker.ts'
import { redisError } from './errors.ts'
import { failureReason } from './failure-reason.ts'
import type { RedisClient, RedisSetOptions } from './redis-client.ts'
import { removeScript, replaceScript, runScript } from './script.ts'

const healthTimeoutMilliseconds = 500
const callTimeoutMilliseconds = 1000

const commands = ['get', 'set', 'del', 'eval', 'evalSha'] as const

const redisClient: OptionRule = rule('must be a client of the package `redis`', (value) =>
  commands.every((command) => typeof (value as Partial<RedisClient> | null)?.[command] === 'function'),
)

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /** A client of the package `redis`. Your app connects it, listens to its errors, and closes it. */
  readonly client: RedisClient
  /** What every key begins with. Default `latchkey:`. */
  readonly prefix?: string | undefined
}

/** A store in Redis or Valkey. */
export interface RedisStore extends Store {
  /**
   * Whether Redis takes writes right now, for readiness probes. Also false if Redis does not answer within 500 ms. Never
   * rejects.
   */
  health(): Promise<boolean>
}

/**
 * Makes a store that all processes share, in Redis 7 or newer or in Valkey: a single server, Sentinel or a cluster. Each
 * method is one command or one script on one key, and each key has a lifetime.
 *
 * The store opens no connection and sets no timer for a call: the client decides how long a command may take, and core
 * gives up on a call after 500 ms. While one call has been unanswered for over a second, others fail at once.
 *
 * @throws `core/invalid_option`; each method `redis/unavailable` or `redis/unanswered`, which name no key and no value
 */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  const { client, prefix = 'latchkey:' } = checkOptions('createRedisStore', options, {
    client: required(redisClient),
    prefix: rule('must be a text', (value) => typeof value === 'string'),
  })
  const attempt = createCircuitBreaker(callTimeoutMilliseconds)

  const call = <T>(command: () => Promise<T>): Promise<T> =>
    attempt(async () => {
      try {
        return await command()
      } catch (error) {
        throw redisError('redis/unavailable', { cause: { reason: failureReason(error) } })
      }
    })
  const write = (key: string, value: string, options: RedisSetOptions): Promise<boolean> =>
    call(async () => (await client.set(prefix + key, value, options)) === 'OK')

  return {
    get: (key) => call(() => client.get(prefix + key)),
    async set(key, value, lifetime) {
      await write(key, value, { expiration: { type: 'EX', value: lifetime } })
    },
    add: (key, value, lifetime) => write(key, value, { expiration: { type: 'EX', value: lifetime }, condition: 'NX' }),
    replace: (key, expected, value, lifetime) =>
      call(() => runScript(client, replaceScript, [prefix + key, expected, value, `${lifetime}`])),
    remove: (key, expected) =>
      call(async () =>
        expected === undefined
          ? (await client.del(prefix + key)) === 1
          : runScript(client, removeScript, [prefix + key, expected]),
      ),
    health: () => isDoneInTime(write('health', '1', { expiration: { type: 'EX', value: 1 } })),
  }
}

async function isDoneInTime(work: Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), healthTimeoutMilliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
