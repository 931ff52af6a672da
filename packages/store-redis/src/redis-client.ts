/** Options of the command SET. */
export interface RedisSetOptions {
  /** `EX`: the lifetime in seconds. */
  readonly expiration: { readonly type: 'EX'; readonly value: number }
  /** `NX`: only if the key is absent. */
  readonly condition?: 'NX'
}

/** What a script is run with. */
export interface RedisScriptArguments {
  keys: string[]
  arguments: string[]
}

/**
 * The five commands that the store needs. What `createClient`, `createCluster`, `createClientPool` and `createSentinel`
 * of the package `redis` make has them.
 *
 * @see https://redis.io/docs/latest/develop/clients/nodejs/
 */
export interface RedisClient {
  get(key: string): Promise<string | null>
  set(key: string, value: string, options: RedisSetOptions): Promise<string | null>
  del(key: string): Promise<number>
  eval(script: string, options: RedisScriptArguments): Promise<unknown>
  evalSha(sha1: string, options: RedisScriptArguments): Promise<unknown>
}
