import websocket from '@fastify/websocket'
import { beginWithoutLogin } from '@latchkey/core/testing'
import { createExampleAuth } from '@latchkey/testkit'
import { describeForeignPages } from '@latchkey/tool-test-support'
import fastify from 'fastify'
import { getSession, latchkey, requireSession, sessionOf } from '../../src/index.ts'

describeForeignPages('pages of other origins and an app on Fastify', async ({ port, origins }) => {
  const { auth } = createExampleAuth({ pages: {}, baseUrl: origins })
  const app = fastify({ forceCloseConnections: true })
  await app.register(websocket)
  await app.register(latchkey, { auth })
  app.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    if (origin !== undefined) reply.headers({ 'access-control-allow-origin': origin, vary: 'Origin' })
    reply.header('access-control-allow-credentials', 'true')
  })
  const preHandler = requireSession()
  app.get('/page', async (_request, reply) => reply.type('text/html').send('<!doctype html><title>App</title>'))
  app.get('/sign-in', async (request, reply) => {
    const url = `http://${request.host}`
    const { setCookies } = await beginWithoutLogin(auth, { identities: { example: { subject: 'ada' } }, url })
    return reply.header('set-cookie', setCookies).send('signed in')
  })
  app.get('/api/me', { preHandler }, async (request) => sessionOf(request).user.subject)
  app.get('/events', { preHandler }, async (request, reply) =>
    reply.type('text/event-stream').send(`data: ${sessionOf(request).user.subject}\n\n`),
  )
  app.get('/live', { websocket: true, preHandler }, async (socket, request) =>
    socket.send((await getSession(request))?.user.subject ?? 'nobody'),
  )
  await app.listen({ host: '127.0.0.1', port })
  return { server: app.server, close: () => app.close() }
})
