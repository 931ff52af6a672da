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
    hint: 'Redis has left a call unanswered for over a second. Calls fail at once until it answers, or until the client gives up the connection: set `socketTimeout`.',
  },
} as const

type RedisErrorCode = keyof typeof definitions

/** The errors of this package. */
export const redisError: ErrorFactory<RedisErrorCode> = defineErrors(definitions)
