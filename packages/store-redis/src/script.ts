import { createHash } from 'node:crypto'
import type { RedisClient } from './redis-client.ts'

/** A Lua script on one key. */
export interface Script {
  readonly text: string
  readonly sha1: string
}

/** Replaces the value if it is exactly the expected one: expected, value, lifetime in seconds. */
export const replaceScript: Script = script(
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`,
)

/** Removes the key if its value is exactly the expected one. */
export const removeScript: Script = script(
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
)

/**
 * Runs a script by its hash. If Redis does not know the hash (after a restart, a failover or SCRIPT FLUSH), sends the text.
 * Returns true if the script answered 1.
 *
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/#script-cache
 */
export async function runScript(
  client: RedisClient,
  { text, sha1 }: Script,
  [key, ...values]: readonly [string, ...string[]],
): Promise<boolean> {
  const given = { keys: [key], arguments: values }
  try {
    return (await client.evalSha(sha1, given)) === 1
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return (await client.eval(text, given)) === 1
  }
}

function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') }
}
