import { getBearer, getSession, latchkey, readSession, requireBearer, requireSession } from '@latchkey/adapter-fastify'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify'
import { payrollAnswer, payrollRequirement, reportsAnswer, reportsRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { incomingOf } from '../incoming.ts'
import { makeTrouble } from '../make-trouble.ts'
import { createPages, type Page, type PageQuery } from '../pages/pages.ts'
import { styleSheet } from '../style-sheet.ts'
import { loggedRequest } from './request-log.ts'

type Logger = Extract<FastifyServerOptions['logger'], object>
const steppedUp = requireSession(payrollRequirement)

/** The demo on Fastify. */
export async function createFastifyApp(demo: Demo, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({ logger: { ...logger, serializers: { req: loggedRequest } } })
  await app.register(latchkey, { auth: demo.auth })
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _body, done) => done(null))

  app.get('/api/me', { preHandler: requireSession() }, async (request) => getSession(request))
  app.get('/api/payroll', { preHandler: steppedUp }, async (request) => payrollAnswer(getSession(request)))
  app.get('/api/reports', { preHandler: requireBearer(reportsRequirement) }, async (request) =>
    reportsAnswer(getBearer(request)),
  )
  app.get('/healthz', async () => ({ ok: true }))

  const pages = createPages(demo)
  app.get('/', async (request, reply) => send(reply, pages.front(await readSession(request))))
  app.get('/payroll', { preHandler: steppedUp }, async (request, reply) =>
    send(reply, pages.payroll(getSession(request))),
  )
  app.get<Asked>('/sign-in', async ({ query }, reply) => send(reply, pages.signIn(query)))
  app.get<Asked>('/error', async (request, reply) => send(reply, await pages.error(request.query, incomingOf(request))))
  app.get('/reports', async (request, reply) => send(reply, await pages.reports(incomingOf(request))))
  app.get<Asked>('/trouble', async (request, reply) =>
    send(reply, pages.trouble(request.query, await readSession(request))),
  )
  app.post<{ Params: { name: string } }>('/trouble/:name', async (request, reply) =>
    reply.redirect(await makeTrouble(demo, incomingOf(request), request.params.name), 303),
  )
  app.get('/style.css', async (_request, reply) => reply.type('text/css').send(await styleSheet()))
  app.setNotFoundHandler((_request, reply) => send(reply, pages.notFound()))
  return app
}

type Asked = { Querystring: PageQuery }

function send(reply: FastifyReply, { status, headers, markup }: Page): FastifyReply {
  return reply.code(status).headers(headers).send(markup)
}
