import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import {
  authOf,
  getAccessToken,
  getSession,
  latchkey,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  updateSession,
} from '@latchkey/adapter-fastify'
import type { ProviderName } from '@latchkey/core'
import type { ExampleGuard, ExampleRoute, Mount, SeenRequest } from '@latchkey/testkit'
import fastify, { type FastifyInstance, type FastifyRequest, type FastifyServerOptions } from 'fastify'
import { keepLogs } from './log-lines.ts'

/** What of Fastify a mount sets. */
export interface FastifyMountOptions {
  readonly name: string
  readonly prefix?: `/${string}`
  readonly server?: FastifyServerOptions
}

/** Makes a mount of adapter-fastify, beside plugins that read cookies and forms for the app. */
export function createFastifyMount({ name, prefix, server = {} }: FastifyMountOptions): Mount {
  return {
    name,
    ...(prefix !== undefined && { prefix }),
    async start({ auth, routes }) {
      const logs = keepLogs()
      const app = fastify({ forceCloseConnections: true, logger: { level: 'trace', stream: logs.stream }, ...server })
      await app.register(cookie)
      await app.register(formbody)
      await app.register(latchkey, { auth })
      await app.register(async (scope) => routes.forEach((route) => addRoute(scope, route)), { prefix: prefix ?? '' })
      await app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = app.server.address() as AddressInfo
      return { origin: `http://127.0.0.1:${port}`, logs: logs.text, close: () => app.close() }
    },
  }
}

function addRoute(scope: FastifyInstance, route: ExampleRoute): void {
  scope.route({
    method: [...route.methods],
    url: route.path,
    ...hookOf(route.guard),
    async handler(request, reply) {
      const { headers, body } = await route.answer(await seenBy(request, route.guard))
      for (const [name, value] of headers) reply.header(name, value)
      if (body instanceof ReadableStream) reply.type('text/plain')
      return reply.send(body)
    },
  })
}

function hookOf(guard: ExampleGuard) {
  switch (guard.kind) {
    case 'nothing':
    case 'reading':
      return {}
    case 'session':
      return { preHandler: requireSession(guard.session) }
    case 'bearer':
      return { onRequest: requireBearer(guard.bearer) }
    case 'either':
      return { preValidation: requireSessionOrBearer({ session: guard.session, bearer: guard.bearer }) }
    default:
      return guard satisfies never
  }
}

async function seenBy(request: FastifyRequest, { kind }: ExampleGuard): Promise<SeenRequest> {
  const calls: SeenRequest['calls'] = {
    getSession: () => getSession(request),
    getAccessToken: (provider) => getAccessToken(request, provider as ProviderName),
    updateSession: (data) => updateSession(request, data),
  }
  if (kind === 'nothing') return { calls, body: request.body }
  return { calls, ...(kind === 'reading' ? { session: await getSession(request) } : authOf(request)) }
}
