import { getSession, readSession, requireSession } from '@latchkey/adapter-fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { payrollRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { incomingOf } from '../incoming.ts'
import { makeTrouble } from '../make-trouble.ts'
import { createPages, type Page, type PageQuery } from '../pages/pages.ts'
import { styleSheet } from '../style-sheet.ts'

type Asked = { Querystring: PageQuery }

/** What users look at. */
export function registerPages(app: FastifyInstance, demo: Demo): void {
  const pages = createPages(demo)

  app.get('/', async (request, reply) => send(reply, pages.front(await readSession(request))))
  app.get('/payroll', { preHandler: requireSession(payrollRequirement) }, async (request, reply) =>
    send(reply, pages.payroll(getSession(request))),
  )
  app.get<Asked>('/sign-in', async ({ query }, reply) => send(reply, pages.signIn(query)))
  app.get<Asked>('/error', async (request, reply) => send(reply, await pages.error(request.query, incomingOf(request))))
  app.get('/reports', async (request, reply) => send(reply, await pages.reports(incomingOf(request))))
  app.get<Asked>('/trouble', async (request, reply) =>
    send(reply, pages.trouble(request.query, await readSession(request))),
  )
  // The form has no fields.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _body, done) => done(null))
  app.post<{ Params: { name: string } }>('/trouble/:name', async (request, reply) =>
    reply.redirect(await makeTrouble(demo, incomingOf(request), request.params.name), 303),
  )
  app.get('/style.css', async (_request, reply) => reply.type('text/css').send(await styleSheet()))
  app.setNotFoundHandler((_request, reply) => send(reply, pages.notFound()))
}

function send(reply: FastifyReply, { status, headers, markup }: Page): FastifyReply {
  return reply.code(status).headers(headers).send(markup)
}
