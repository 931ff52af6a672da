import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  'fastify/headers_sent': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'The session cannot be changed here: the answer takes no cookie. Call `updateSession` before the first byte of a stream, and neither for an upgrade nor behind a guard that is `readOnly`.',
  },
} as const

/** Makes an error of this package's table. */
export const fastifyError: ErrorFactory<keyof typeof definitions> = defineErrors(definitions)
