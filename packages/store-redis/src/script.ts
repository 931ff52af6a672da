import { createHash } from 'node:crypto'
import { tagLength } from './tagged-value.ts'

/** A Lua script on one key. */
export interface Script {
  readonly text: string
  readonly sha1: string
}

/** Sets the key: tagged value, lifetime in seconds. */
export const setScript: Script = writing(`redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return {1, now}`)

/** Sets the key if it is absent: tagged value, lifetime in seconds. */
export const addScript: Script = writing(`local held = redis.call('GET', KEYS[1])
if held == ARGV[2] then return {1, now} end
if held then return {0, now} end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return {1, now}`)

/** Replaces the value if it is exactly the expected one: tagged value, lifetime in seconds, expected. */
export const replaceScript: Script = writing(`local held = redis.call('GET', KEYS[1])
if held == ARGV[2] then return {1, now} end
if not held or string.sub(held, ${tagLength + 1}) ~= ARGV[4] then return {0, now} end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return {1, now}`)

/** Removes the key. */
export const removeScript: Script = writing(`return {redis.call('DEL', KEYS[1]), now}`)

/** Removes the key if its value is exactly the expected one: expected. */
export const removeExpectedScript: Script = writing(`local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, ${tagLength + 1}) ~= ARGV[2] then return {0, now} end
return {redis.call('DEL', KEYS[1]), now}`)

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

/**
 * A script that changes the key, unless it comes after its limit, the first argument: a time of the server in milliseconds.
 * It answers 1 if it did, 0 if it did not, or -1 if it is late, and the server's time, which is 0 if the user may not ask
 * for it; then there is no limit.
 */
function writing(change: string): Script {
  return script(`local time = redis.pcall('TIME')
local now = time.err and 0 or time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then return {-1, now} end
${change}`)
}

function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') }
}
