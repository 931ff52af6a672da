import { getAccessToken, getSession, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { payrollRequirement } from '../api.ts'
import type { Demo } from '../demo.ts'
import { makeTrouble } from '../make-trouble.ts'
import { pageScript } from '../page-script.ts'
import { createPages, type Page, type PageQuery } from '../pages/pages.ts'
import { styleSheet } from '../style-sheet.ts'
import { winkCallbackPath } from '../wink-settings.ts'

type Query = { Querystring: PageQuery }

/** The pages that users open. */
export function registerPages(app: FastifyInstance, demo: Demo): void {
  const pages = createPages(demo)

  app.get('/', async (request, reply) => send(reply, pages.front(await getSession(request))))
  app.get('/payroll', { preHandler: requireSession(payrollRequirement) }, async (request, reply) =>
    send(reply, pages.payroll(sessionOf(request))),
  )
  app.get<Query>('/sign-in', async ({ query }, reply) => send(reply, pages.signIn(query)))
  app.get(winkCallbackPath, async (_request, reply) => send(reply, pages.winkCallback()))
  app.get<Query>('/error', async ({ query, headers }, reply) => send(reply, await pages.error(query, headers.cookie)))
  app.get('/reports', async (request, reply) =>
    send(reply, await pages.reports(() => getAccessToken(request, 'wristband'))),
  )
  app.get<Query>('/trouble', async (request, reply) =>
    send(reply, pages.trouble(request.query, await getSession(request))),
  )
  // The form has no fields.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _body, done) => done(null))
  app.post<{ Params: { name: string } }>('/trouble/:name', async ({ params, headers }, reply) =>
    reply.redirect(await makeTrouble(demo, { name: params.name, site: headers['sec-fetch-site'] }), 303),
  )
  app.get('/style.css', async (_request, reply) => reply.type('text/css').send(await styleSheet()))
  app.get('/page-script.js', async (_request, reply) => reply.type('text/javascript').send(await pageScript()))
  app.setNotFoundHandler((_request, reply) => send(reply, pages.notFound()))
}

function send(reply: FastifyReply, { status, headers, markup }: Page): FastifyReply {
  return reply.code(status).headers(headers).send(markup)
}
