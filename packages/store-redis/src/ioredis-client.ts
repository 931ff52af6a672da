/** Options of an ioredis client that decide what becomes of a command that was given up. */
export interface IoredisOptions {
  readonly enableOfflineQueue?: boolean | undefined
  readonly autoResendUnfulfilledCommands?: boolean | undefined
  readonly maxRetriesPerRequest?: number | null | undefined
  /** Of one connection. */
  readonly role?: string | undefined
  readonly readOnly?: boolean | undefined
  /** Up to version 4. */
  readonly dropBufferSupport?: boolean | undefined
  /** Of a cluster. */
  readonly scaleReads?: unknown
  readonly retryDelayOnFailover?: number | undefined
  readonly retryDelayOnClusterDown?: number | undefined
  readonly clusterNodeRetryStrategy?: unknown
  readonly redisOptions?: IoredisOptions | undefined
}

/**
 * What the store needs of the package `ioredis`. `Redis` and `Cluster` have it.
 *
 * @see https://github.com/redis/ioredis
 */
export interface IoredisClient {
  readonly status: string
  readonly options: IoredisOptions
  get(key: string): Promise<string | null>
  mget(...keys: readonly string[]): Promise<readonly (string | null)[]>
  eval(script: string, keyCount: number, ...keysAndArguments: readonly string[]): Promise<unknown>
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: readonly string[]): Promise<unknown>
  info(): Promise<string>
  config(subcommand: 'GET', parameter: string): Promise<unknown>
  connect(): Promise<unknown>
  once(event: 'ready' | 'end', listener: () => void): unknown
  off(event: 'ready' | 'end', listener: () => void): unknown
  readonly isCluster?: boolean | undefined
  /** Of a cluster. */
  nodes?(role: 'master'): readonly IoredisClient[]
}

const commands = ['get', 'mget', 'eval', 'evalsha', 'info', 'config', 'connect', 'once', 'off'] as const

/** Whether it is a `Redis` or a `Cluster` of the package `ioredis`. */
export function isIoredisClient(client: object): client is IoredisClient {
  const { status, options } = client as Partial<IoredisClient>
  return (
    typeof status === 'string' &&
    typeof options === 'object' &&
    options !== null &&
    commands.every((command) => typeof (client as Partial<IoredisClient>)[command] === 'function')
  )
}
