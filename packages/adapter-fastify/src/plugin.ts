import type { Auth } from '@latchkey/core'
import {
  addListener,
  answerRoute,
  checkOptions,
  invalidOption,
  notFound,
  option,
  required,
  routeMethods,
  rule,
} from '@latchkey/core/adapter'
import { nearMisses, publishEvent, toRequestLike, toWebRequest } from '@latchkey/core/adapter/node'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { mountAuth } from './mounted-auth.ts'
import { sendAnswer, sendResponse } from './send-response.ts'

declare module '@latchkey/core' {
  interface FrameworkRequests {
    /** Fastify's own request. */
    fastify: FastifyRequest
  }
}

/** Options of the plugin. */
export interface LatchkeyOptions {
  /** What `createAuth` returned. */
  readonly auth: Auth
}

const name = '@latchkey/adapter-fastify'

// Core answers what is over its own, smaller limit with a problem document; of more, nothing is kept.
const bodyLimit = 128 * 1024

/**
 * The Fastify plugin: mounts the routes of an auth, each visible to `printRoutes`, and lets the guards find it. Register
 * it before the routes that it guards, and without a `prefix`: the paths come from the auth's `basePath`.
 *
 * @throws `core/invalid_option` at the start of the app
 */
export const latchkey: FastifyPluginAsync<LatchkeyOptions> = /* @__PURE__ */ Object.assign(
  async (app: FastifyInstance, options: LatchkeyOptions) => {
    const { auth } = checkOptions<MountOptions>('latchkey', options, {
      auth: required(option.auth),
      prefix: rule(noPrefix, (prefix) => prefix === ''),
      logLevel: option.anything,
      logSerializers: option.anything,
    })
    // The callbacks that the vendors know would be elsewhere, and so would every link to a login.
    if (app.prefix !== '') throw invalidOption('latchkey', 'prefix', noPrefix)
    mountAuth(app, auth)
    addListener(auth, 'node:diagnostics_channel', publishEvent)
    // A scope of its own, so that the app's own parsers stay as they are.
    await app.register(async (scope) => mountRoutes(scope, auth))
  },
  // What the package fastify-plugin would set; to load it takes a ninth of what importing us takes.
  {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: name,
    [Symbol.for('plugin-meta')]: { name, fastify: '5.x' },
  },
)

const noPrefix =
  'must be left out, here and on the scope around the plugin: the routes live under the `basePath` of the auth'

/** With what `register` itself takes. */
interface MountOptions extends LatchkeyOptions {
  readonly prefix?: unknown
  readonly logLevel?: unknown
  readonly logSerializers?: unknown
}

function mountRoutes(scope: FastifyInstance, auth: Auth): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body))
  const mount = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>): void => {
    const method = [...routeMethods(auth, url, scope.supportedMethods)]
    scope.route({ method, url, exposeHeadRoute: false, logSerializers: { req: withoutQuery }, handler })
  }
  for (const path of new Set(auth.routes.map((route) => route.path))) {
    mount(path, (request, reply) => answer(auth, request, reply))
  }
  // Fastify's own 404 would show the code of a callback in its log and its body.
  for (const path of nearMisses(auth.routes)) {
    mount(path, (request, reply) => sendResponse(reply, auth.errorResponse(notFound(), toRequestLike(request))))
  }
}

async function answer(auth: Auth, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { request: web, body } = await toWebRequest(request, request.body ?? undefined)
  await sendAnswer(reply, await answerRoute(auth, web, { body, frameworkRequest: request }))
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
