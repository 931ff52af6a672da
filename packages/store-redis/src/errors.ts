import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  'redis/unavailable': {
    status: 503,
    message: 'This is not available right now.',
    hint: 'Redis refused a command or cannot be reached. The cause has the reason: OOM, READONLY, NOAUTH, WRONGTYPE and the like are answers of Redis, others are errors of the connection.',
  },
  'redis/unanswered': {
    status: 503,
    message: 'This is not available right now.',
    hint: 'Redis has left a call unanswered for over a second. Calls fail at once, but for one every 5 seconds, until it answers or the client gives up the connection: set `socketTimeout`.',
  },
  'redis/client_unsupported': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'This client cannot be used. Give the store a client of `redis` 5 or 6, or of `ioredis` 5 or newer.',
  },
  'redis/client_resends': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'This client would send commands that were given up, or send one twice. On `ioredis` set `enableOfflineQueue: false`, `autoResendUnfulfilledCommands: false` and `maxRetriesPerRequest: 0`; on a `Cluster` set `enableOfflineQueue: false`, `retryDelayOnFailover: 0` and `retryDelayOnClusterDown: 0`.',
  },
  'redis/client_reads_replicas': {
    status: 500,
    message: 'Something went wrong.',
    hint: "This client reads from replicas, which lag behind: a revoked session would still be valid. Leave `scaleReads` of an ioredis `Cluster` at `master`; do not set `role: 'slave'` or `readOnly`.",
  },
} as const

type RedisErrorCode = keyof typeof definitions

/** The errors of this package. */
export const redisError: ErrorFactory<RedisErrorCode> = defineErrors(definitions)
