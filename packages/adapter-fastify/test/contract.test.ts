import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import formbody from '@fastify/formbody'
import type { ProviderName } from '@latchkey/core'
import { adapterContract, type ExampleGuard, type ExampleRoute, type Mount, type SeenRequest } from '@latchkey/testkit'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { describe, it } from 'vitest'
import {
  authOf,
  getAccessToken,
  getSession,
  latchkey,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  updateSession,
} from '../src/index.ts'

const mount: Mount = {
  name: 'Fastify',
  prefix: '/app',
  async start({ auth, routes }) {
    let logs = ''
    const stream = new Writable({
      write(chunk, _encoding, done) {
        logs += String(chunk)
        done()
      },
    })
    const app = fastify({ forceCloseConnections: true, logger: { level: 'trace', stream } })
    await app.register(formbody)
    await app.register(latchkey, { auth })
    await app.register(async (scope) => routes.forEach((route) => addRoute(scope, route)), { prefix: '/app' })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    return { origin: `http://127.0.0.1:${port}`, logs: () => logs, close: () => app.close() }
  },
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
  return kind === 'reading' ? { calls, session: await getSession(request) } : { calls, ...authOf(request) }
}

adapterContract({ describe, it, mount, users: 50 })
