/** What a script is run with. */
export interface RedisScriptArguments {
  keys: string[]
  arguments: string[]
}

/**
 * The commands that the store needs of the package `redis`. What `createClient`, `createCluster`, `createClientPool`
 * and `createSentinel` make has them, and more.
 *
 * @see https://redis.io/docs/latest/develop/clients/nodejs/
 */
export interface RedisClient {
  get(key: string): Promise<string | null>
  eval(script: string, options: RedisScriptArguments): Promise<unknown>
  evalSha(sha1: string, options: RedisScriptArguments): Promise<unknown>
  /** An app's own object around a client may lack it. */
  mGet?(keys: string[]): Promise<readonly (string | null)[]>
  /** Since version 5. An app's own object around a client lacks it. */
  withCommandOptions?(options: { readonly abortSignal: AbortSignal; readonly timeout: number }): RedisClient
  /** Since version 5, of one connection and of a pool. */
  info?(): Promise<string>
  configGet?(parameter: string): Promise<unknown>
  /** Of a cluster. */
  readonly masters?: readonly unknown[]
  nodeClient?(node: unknown): RedisClient | Promise<RedisClient>
  /** Of Sentinel. */
  getMasterNode?(): unknown
  /** Up to version 4. */
  commandsExecutor?(): unknown
}

const commands = ['get', 'eval', 'evalSha'] as const

/** Whether it is a client of the package `redis`, or an object with its commands. */
export function isRedisClient(client: object): client is RedisClient {
  return commands.every((command) => typeof (client as Partial<RedisClient>)[command] === 'function')
}
