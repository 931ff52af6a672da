import type { Store } from '@latchkey/core'
import { checkOptions, invalidOption } from '@latchkey/core/provider'
import { redisError } from './errors.ts'
import { failureReason } from './failure-reason.ts'
import { createOverdueGate } from './overdue-gate.ts'
import type { RedisClient, RedisSetOptions } from './redis-client.ts'
import { removeScript, replaceScript, runScript } from './script.ts'

const patienceMilliseconds = 500
const overdueMilliseconds = 1000

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /** A client of the package `redis`. The app connects it, listens to its errors, and closes it. */
  readonly client: RedisClient
  /** Begins every key. Default `latchkey:`. */
  readonly prefix?: string
}

/** A store in Redis or Valkey. */
export interface RedisStore extends Store {
  /**
   * Whether Redis takes writes right now, for readiness probes: false also when it does not answer within 500 ms. Never
   * rejects.
   */
  health(): Promise<boolean>
}

/**
 * A store that all processes share, in Redis 7 or newer or Valkey, alone, with Sentinel or as a cluster: each call
 * touches one key. Each method is one command or one script, and each key has a lifetime.
 *
 * Keeps nothing open and waits for nothing: how long a command may take is up to the client, and core gives up on a
 * call after 500 ms. While a call is unanswered for over a second, others fail at once.
 *
 * @throws `core/invalid_option`; each method `redis/unavailable` or `redis/unanswered`, which name no key and no value
 */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  const { client, prefix = 'latchkey:' } = checkOptions('createRedisStore', options, ['client', 'prefix'])
  checkClient(client)
  if (typeof prefix !== 'string') throw invalidOption('createRedisStore', 'prefix', 'must be a string')
  const pass = createOverdueGate(overdueMilliseconds)

  const call = <T>(command: () => Promise<T>): Promise<T> =>
    pass(async () => {
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
    timer = setTimeout(() => resolve(false), patienceMilliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

function checkClient(client: RedisClient): void {
  const commands = ['get', 'set', 'del', 'eval', 'evalSha'] as const
  if (commands.some((command) => typeof client?.[command] !== 'function')) {
    throw invalidOption('createRedisStore', 'client', 'must be a client of the package `redis`')
  }
}
