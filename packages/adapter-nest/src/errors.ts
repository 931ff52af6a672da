import { defineErrors, type ErrorFactory } from '@latchkey/core/provider'

const definitions = {
  'nest/http_only': {
    status: 500,
    message: 'This is protected over HTTP only.',
    hint: 'Sessions and tokens are read from HTTP requests: a guard or decorator of Latchkey ran in another context. Protect that handler with a guard of its own; below the global guard, mark it `@Public()` then.',
  },
  'nest/headers_sent': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'The session cannot be changed here: there is no response that its cookie could go into. Call `updateSession` before the first byte of a stream, and in a handler, guard or interceptor rather than in a middleware on Fastify or for an upgrade.',
  },
  'nest/mounted_twice': {
    status: 500,
    message: 'Something went wrong.',
    hint: 'Two instances of the module have the same name, or a route in common. Give each a `name`, and each auth a `basePath` of its own.',
  },
} as const

/** Makes an error of this package's table. */
export const nestError: ErrorFactory<keyof typeof definitions> = defineErrors(definitions)
