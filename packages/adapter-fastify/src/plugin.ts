import type { Auth } from '@latchkey/core/adapter'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { mountAuth } from './mounted-auth.ts'
import { movePendingHeaders } from './response-headers.ts'
import { toRequest } from './web-request.ts'
import { sendResponse } from './web-response.ts'

/** Options of the plugin. */
export interface LatchkeyOptions {
  readonly auth: Auth
}

const bodyLimit = 64 * 1024

/**
 * The Fastify plugin: mounts the routes of an auth, each visible to `printRoutes`, and lets the guards find it. Register
 * it before the routes that it guards. Paths come from the auth's `basePath`; a `prefix` has no effect.
 */
export const latchkey: FastifyPluginAsync<LatchkeyOptions> = fastifyPlugin(
  async (app: FastifyInstance, { auth }: LatchkeyOptions) => {
    mountAuth(app, auth)
    app.addHook('onSend', async (request, reply) => movePendingHeaders(request, reply))
    // A scope of its own, so that the app's own parsers stay as they are.
    await app.register(async (scope) => mountRoutes(scope, auth))
  },
  { name: '@latchkey/adapter-fastify', fastify: '5.x' },
)

function mountRoutes(scope: FastifyInstance, auth: Auth): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body))
  for (const { method, path } of auth.routes) {
    scope.route({
      method,
      url: path,
      exposeHeadRoute: false,
      logSerializers: { req: withoutQuery },
      handler: async (request, reply) =>
        sendResponse(reply, await auth.handle(toRequest(request), { native: request })),
    })
  }
}

/** Codes and states travel in the query of these routes, so it stays out of the log. */
function withoutQuery(request: FastifyRequest): object {
  return { method: request.method, url: request.url.split('?', 1)[0], remoteAddress: request.ip }
}
