import type { IncomingMessage } from 'node:http'
import { type Auth, answerRoute, crossOriginPaths, notFound, routeMethods } from '@latchkey/core/adapter'
import { bodyOf, methodsOfTheApp, nearMisses, toWebRequest, wholeRequest } from '@latchkey/core/adapter/node'
import type { HttpServer } from '@nestjs/common'
import { nestError } from './errors.ts'
import { keptOf } from './kept-request.ts'
import { type FastifyReply, type PlatformRequest, type PlatformResponse, requestLike } from './platform.ts'
import { sendAnswer, sendResponse } from './web-response.ts'

const taken = new WeakMap<object, Set<string>>()

/**
 * Mounts the routes of an auth beside Nest's own router, so that prefixes, versions, pipes and guards of the app leave
 * them alone.
 *
 * @throws `nest/mounted_twice`
 */
export function mountRoutes(server: HttpServer, auth: Auth, name: string | undefined): void {
  for (const claim of [`name ${name}`, ...auth.routes.map(({ method, path }) => `${method} ${path}`)])
    take(server, claim)
  if (server.getType() === 'fastify') mountOnFastify(server.getInstance() as FastifyScope, auth)
  else {
    for (const { method, path } of auth.routes) server[method === 'GET' ? 'get' : 'post'](path, answerWith(auth))
    for (const path of crossOriginPaths(auth)) server.options?.(path, answerWith(auth))
  }
}

/**
 * Mounts what must stand behind the routes of the app, which Express asks in the order of mounting: methods that an auth
 * route does not have, and near misses. Nest's own 404 would show the code of a callback in its body. On Fastify they are
 * with the routes.
 */
export function mountRefusals(server: HttpServer, auth: Auth): void {
  if (server.getType() === 'fastify') return
  const mount = (path: string, handle: ReturnType<typeof answerWith>): void => {
    server.all?.(path, async (request: PlatformRequest, response: PlatformResponse, next: unknown) => {
      // Nest's type says no more than that it is a function.
      if (methodsOfTheApp.includes(request.method)) (next as () => void)()
      else await handle(request, response)
    })
  }
  for (const path of new Set(auth.routes.map((route) => route.path))) mount(path, answerWith(auth))
  for (const path of nearMisses(auth.routes)) mount(path.replace('/*', '{/*rest}'), refuseWith(auth))
}

function refuseWith(auth: Auth) {
  return (request: PlatformRequest, response: PlatformResponse): Promise<void> =>
    sendResponse({ request, response }, auth.errorResponse(notFound(), requestLike(request)))
}

function answerWith(auth: Auth) {
  return async (frameworkRequest: PlatformRequest, response: PlatformResponse): Promise<void> => {
    const { request, body } = await toWebRequest(wholeRequest(frameworkRequest), givenBody(frameworkRequest))
    const answer = await answerRoute(auth, request, { body, frameworkRequest })
    await sendAnswer({ request: frameworkRequest, response }, answer)
  }
}

/** The body as the platform has it. */
function givenBody(request: PlatformRequest): unknown {
  const { raw, body } = request
  // Express' request is Node's own.
  return raw === undefined ? bodyOf(request as unknown as IncomingMessage) : (body ?? raw)
}

/** What is needed of a Fastify instance. */
interface FastifyScope {
  register(plugin: (scope: FastifyScope) => Promise<void>): unknown
  readonly supportedMethods: readonly string[]
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: '*',
    parser: (request: unknown, body: unknown, done: (error: null, body: unknown) => void) => void,
  ): void
  route(options: Readonly<Record<string, unknown>>): void
  addHook(name: 'onRequest', hook: (request: PlatformRequest, reply: FastifyReply, done: () => void) => void): void
}

function mountOnFastify(app: FastifyScope, auth: Auth): void {
  const answer = answerWith(auth)
  app.addHook('onRequest', (request, reply, done) => {
    keptOf(request).response = reply.raw
    done()
  })
  // A scope of its own, so that the app's own parsers stay as they are.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
    const mount = (url: string, handle: typeof answer): void =>
      scope.route({
        method: routeMethods(auth, url, scope.supportedMethods),
        url,
        exposeHeadRoute: false,
        logSerializers: { req: withoutQuery },
        handler: async (request: PlatformRequest, reply: FastifyReply) => {
          await handle(request, reply)
          return reply
        },
      })
    for (const path of new Set(auth.routes.map((route) => route.path))) mount(path, answer)
    // Fastify's own 404 would show the code of a callback in its log and its body.
    for (const path of nearMisses(auth.routes)) mount(path, refuseWith(auth))
  })
}

/** What a log shows of a request, but for the query: codes and states travel in that of these routes. */
function withoutQuery({ method, originalUrl, raw }: PlatformRequest): object {
  return { method, url: originalUrl.split(/[?;#]/, 1)[0], remoteAddress: raw?.socket.remoteAddress }
}

function take(server: HttpServer, claim: string): void {
  const claims = taken.get(server) ?? new Set()
  if (claims.has(claim)) throw nestError('nest/mounted_twice', { cause: { claim } })
  taken.set(server, claims.add(claim))
}
