import { getBearer, getSession, latchkey, requireBearer, requireSession } from '@latchkey/adapter-fastify'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { payrollAnswer, payrollRequirement, reportsAnswer, reportsRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { registerPages } from './pages.ts'
import { loggedRequest } from './request-log.ts'

type Logger = Extract<FastifyServerOptions['logger'], object>

/** The demo on Fastify. */
export async function createFastifyApp(demo: Demo, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({ logger: { ...logger, serializers: { req: loggedRequest } } })
  await app.register(latchkey, { auth: demo.auth })

  app.get('/api/me', { preHandler: requireSession() }, async (request) => getSession(request))
  app.get('/api/payroll', { preHandler: requireSession(payrollRequirement) }, async (request) =>
    payrollAnswer(getSession(request)),
  )
  app.get('/api/reports', { preHandler: requireBearer(reportsRequirement) }, async (request) =>
    reportsAnswer(getBearer(request)),
  )
  app.get('/healthz', async (_request, reply) => {
    const ok = await demo.isHealthy()
    return reply.code(ok ? 200 : 503).send({ ok })
  })

  registerPages(app, demo)
  return app
}
