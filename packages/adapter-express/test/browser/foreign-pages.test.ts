import { once } from 'node:events'
import { beginWithoutLogin } from '@latchkey/core/testing'
import { createExampleAuth } from '@latchkey/testkit'
import { describeForeignPages } from '@latchkey/tool-test-support'
import express from 'express'
import { WebSocketServer } from 'ws'
import { latchkey, requireSession, sessionOf, upgradeListener, upgradeOf } from '../../src/index.ts'

describeForeignPages('pages of other origins and an app on Express', async ({ port, origins }) => {
  const { auth } = createExampleAuth({ pages: {}, baseUrl: origins })
  const app = express()
  const sockets = new WebSocketServer({ noServer: true })
  app.use(({ headers: { origin } }, response, next) => {
    if (origin !== undefined) response.set({ 'access-control-allow-origin': origin, vary: 'Origin' })
    response.set('access-control-allow-credentials', 'true')
    next()
  })
  app.use(latchkey({ auth }))
  const guard = requireSession()
  app.get('/page', (_request, response) => void response.type('text/html').send('<!doctype html><title>App</title>'))
  app.get('/sign-in', async (request, response) => {
    const url = `http://${request.headers.host}`
    const { setCookies } = await beginWithoutLogin(auth, { identities: { example: { subject: 'ada' } }, url })
    response.set('set-cookie', [...setCookies]).send('signed in')
  })
  app.get('/api/me', guard, (request, response) => void response.send(sessionOf(request).user.subject))
  app.get('/events', guard, (request, response) => {
    response.type('text/event-stream').send(`data: ${sessionOf(request).user.subject}\n\n`)
  })
  app.get('/live', guard, (request) => {
    const { socket, head } = upgradeOf(request)
    sockets.handleUpgrade(request, socket, head, (client) => client.send(sessionOf(request).user.subject))
  })
  const server = app.listen(port, '127.0.0.1')
  server.on('upgrade', upgradeListener(app))
  await once(server, 'listening')
  return {
    server,
    async close() {
      for (const client of sockets.clients) client.terminate()
      const closed = once(server, 'close')
      server.close().closeAllConnections()
      await closed
    },
  }
})
