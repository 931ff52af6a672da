import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  'postgres/unavailable': {
    status: 503,
    message: 'This is not available right now.',
    hint: 'PostgreSQL refused a statement, did not answer within 400 ms, or cannot be reached. The cause has the reason: `timeout`, `pool_timeout` (no connection was free), `read_only` (a standby), `terminated`, the SQLSTATE of an answer (42P01: the migration has not been run), or the code of an error of the connection.',
  },
  'postgres/unanswered': {
    status: 503,
    message: 'This is not available right now.',
    hint: 'PostgreSQL has left 100 calls unanswered for over 400 ms. Calls fail at once until it answers some, or until the pool gives up their connections: set `query_timeout`.',
  },
  'postgres/unstorable': {
    status: 500,
    message: 'This is not available right now.',
    hint: 'PostgreSQL cannot keep it as it is. The cause has the reason: `text` (a key or value has a NUL character or half of a surrogate pair), `lifetime` (it is no whole number of seconds from 1).',
  },
} as const

type PostgresErrorCode = keyof typeof definitions

/** The errors of this package. */
export const postgresError: ErrorFactory<PostgresErrorCode> = defineErrors(definitions)
