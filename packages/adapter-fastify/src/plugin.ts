import type { Auth } from '@latchkey/core/adapter'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { mountAuth } from './mounted-auth.ts'
import { moveKeptHeaders } from './response-headers.ts'
import { toRequest } from './web-request.ts'
import { sendResponse } from './web-response.ts'

/** Options of the plugin. */
export interface LatchkeyOptions {
  readonly auth: Auth
}

// Core answers what is over its own, smaller limit with a problem document; of more, nothing is kept.
const bodyLimit = 128 * 1024

/**
 * The Fastify plugin: mounts the routes of an auth, each visible to `printRoutes`, and lets the guards find it. Register
 * it before the routes that it guards. Paths come from the auth's `basePath`; a `prefix` has no effect.
 */
export const latchkey: FastifyPluginAsync<LatchkeyOptions> = fastifyPlugin(
  async (app: FastifyInstance, { auth }: LatchkeyOptions) => {
    mountAuth(app, auth)
    app.addHook('onSend', async (request, reply) => moveKeptHeaders(request, reply))
    // A scope of its own, so that the app's own parsers stay as they are.
    await app.register(async (scope) => mountRoutes(scope, auth))
  },
  { name: '@latchkey/adapter-fastify', fastify: '5.x' },
)

function mountRoutes(scope: FastifyInstance, auth: Auth): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body))
  for (const path of new Set(auth.routes.map((route) => route.path))) {
    scope.route({
      method: methodsOn(scope, auth, path),
      url: path,
      exposeHeadRoute: false,
      logSerializers: { req: withoutQuery },
      handler: async (request, reply) =>
        sendResponse(reply, await auth.handle(toRequest(request), { frameworkRequest: request })),
    })
  }
}

/**
 * The methods of a path, its own first. Core refuses the others: Fastify's own 404 would log the whole URL. OPTIONS is for
 * the CORS of the app, and a `Request` cannot be a TRACE.
 */
function methodsOn(scope: FastifyInstance, auth: Auth, path: string): string[] {
  const own = auth.routes.filter((route) => route.path === path).map((route) => route.method)
  return [...new Set<string>([...own, ...scope.supportedMethods])].filter(
    (name) => name !== 'OPTIONS' && name !== 'TRACE',
  )
}

/** Fastify's own log fields of a request, but for the query: codes and states travel in that of these routes. */
function withoutQuery({ method, url, headers, host, ip, socket }: FastifyRequest): object {
  return {
    method,
    url: url.split(/[?;#]/, 1)[0],
    version: headers['accept-version'],
    host,
    remoteAddress: ip,
    remotePort: socket.remotePort,
  }
}
