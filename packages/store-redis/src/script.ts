import { createHash } from 'node:crypto'
import { tagLength } from './tagged-value.ts'

/** A Lua script on one key. */
export interface Script {
  readonly text: string
  readonly sha1: string
}

/**
 * Replaces the value if it is exactly the expected one: expected, tagged value, lifetime in seconds. A key that holds the
 * very same tagged value has been replaced by this call already: the client sent it twice.
 */
export const replaceScript: Script = script(
  `local held = redis.call('GET', KEYS[1])
if not held then return 0 end
if held == ARGV[2] then return 1 end
if string.sub(held, ${tagLength + 1}) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`,
)

/** Removes the key if its value is exactly the expected one. */
export const removeScript: Script = script(
  `local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, ${tagLength + 1}) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
)

/** Reads the key. Clients send scripts to a primary, also those that read from replicas. */
export const getScript: Script = script(`return redis.call('GET', KEYS[1])`)

/**
 * Runs a script by its hash. If Redis does not know the hash (after a restart, a failover or SCRIPT FLUSH), sends the text.
 *
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/#script-cache
 */
export async function runScript(byHash: () => Promise<unknown>, byText: () => Promise<unknown>): Promise<unknown> {
  try {
    return await byHash()
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return await byText()
  }
}

function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') }
}
