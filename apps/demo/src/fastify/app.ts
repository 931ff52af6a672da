import { readFile } from 'node:fs/promises'
import { getSession, latchkey, readSession, requireSession } from '@latchkey/adapter-fastify'
import type { Auth, Session } from '@latchkey/core'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify'
import { errorPage } from '../pages/error-page.ts'
import { frontPage } from '../pages/front-page.ts'
import { notFoundPage } from '../pages/not-found-page.ts'
import { payrollPage } from '../pages/payroll-page.ts'
import { signInPage } from '../pages/sign-in-page.ts'
import { loggedRequest } from './request-log.ts'

/** What the Fastify server is made of. */
export interface FastifyDemo {
  readonly auth: Auth
  /** Names of the tenants to choose from. */
  readonly tenants: readonly string[]
  readonly logger: Extract<FastifyServerOptions['logger'], object>
}

const steppedUp = requireSession({ provider: 'wink', maxAgeSeconds: 300 })

/** The demo on Fastify. */
export async function createFastifyApp({ auth, tenants, logger }: FastifyDemo): Promise<FastifyInstance> {
  const app = fastify({ logger: { ...logger, serializers: { req: loggedRequest } } })
  await app.register(latchkey, { auth })

  app.get('/healthz', async () => ({ ok: true }))
  app.get('/api/me', { preHandler: requireSession() }, async (request) => getSession(request))
  app.get('/api/payroll', { preHandler: steppedUp }, async (request) => ({
    salary: '4200.00',
    for: getSession(request).identities.wink?.subject,
  }))

  const page = (reply: FastifyReply, session: Session | null, markup: string): FastifyReply =>
    reply
      .type('text/html')
      .headers(pageHeaders(auth.formActionOrigins(session)))
      .send(markup)
  app.get('/', async (request, reply) => {
    const session = await readSession(request)
    return page(reply, session, frontPage(session, tenants))
  })
  app.get('/payroll', { preHandler: steppedUp }, async (request, reply) => {
    const session = getSession(request)
    return page(reply, session, payrollPage(session))
  })
  app.get<{ Querystring: { code?: string; return_url?: string } }>('/sign-in', async ({ query }, reply) =>
    page(reply, null, signInPage({ code: query.code ?? '', returnTo: query.return_url ?? '/', tenants })),
  )
  app.get<{ Querystring: { code?: string } }>('/error', async ({ query }, reply) =>
    page(reply, null, errorPage(query.code ?? '')),
  )
  app.setNotFoundHandler((_request, reply) => page(reply.code(404), null, notFoundPage()))
  const style = await readFile(new URL('../../public/style.css', import.meta.url))
  app.get('/style.css', async (_request, reply) => reply.type('text/css').send(style))
  return app
}

/** Nothing from elsewhere, no script, no frame; forms end here or where a sign-out or launch leads. */
function pageHeaders(formActionOrigins: readonly string[]): Record<string, string> {
  const formAction = ["'self'", ...formActionOrigins].join(' ')
  return {
    'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  }
}
