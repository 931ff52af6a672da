import { bearerOf, latchkey, requireBearer, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { payrollAnswer, payrollRequirement, reportsAnswer, reportsRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { followRequests } from './follow-requests.ts'
import { registerPages } from './pages.ts'
import { loggedRequest } from './request-log.ts'

type Logger = Extract<FastifyServerOptions['logger'], object>

/** The demo on Fastify. */
export async function createFastifyApp(demo: Demo, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({ logger: { ...logger, serializers: { req: loggedRequest } } })
  if (demo.backstage !== null) followRequests(app, demo.backstage)
  await app.register(latchkey, { auth: demo.auth })

  app.get('/api/me', { preHandler: requireSession() }, async (request) => sessionOf(request))
  app.get('/api/payroll', { preHandler: requireSession(payrollRequirement) }, async (request) =>
    payrollAnswer(sessionOf(request)),
  )
  app.get('/api/reports', { preHandler: requireBearer(reportsRequirement) }, async (request) =>
    reportsAnswer(bearerOf(request)),
  )
  app.get('/healthz', async (_request, reply) => {
    const ok = await demo.isHealthy()
    return reply.code(ok ? 200 : 503).send({ ok })
  })

  registerPages(app, demo)
  return app
}
