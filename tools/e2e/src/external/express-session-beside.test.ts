import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { latchkey, requireSession } from '@latchkey/adapter-express'
import { createExampleAuth, type ExampleBrowser, openExampleBrowser } from '@latchkey/testkit'
import express, { type Express } from 'express'
import expressSession from 'express-session'
import { describe, expect, it, onTestFinished } from 'vitest'

const secret = 'an-example-secret-of-the-sessions-of-the-app'

/** Sets a cookie at the first answer, and another one whenever the app changes its session. */
const ofTheApp = (app: Express): unknown => app.use(expressSession({ secret, resave: false, saveUninitialized: true }))

async function start(stands: 'in front' | 'behind'): Promise<ExampleBrowser> {
  const { auth } = createExampleAuth({ pages: {} })
  const app = express()
  if (stands === 'in front') ofTheApp(app)
  app.use(latchkey({ auth }))
  if (stands === 'behind') ofTheApp(app)
  app.get('/count', requireSession(), (request, response) => {
    const { session } = request as unknown as { readonly session: { visits?: number } }
    session.visits = (session.visits ?? 0) + 1
    response.json({ visits: session.visits })
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return openExampleBrowser({ server: `http://127.0.0.1:${port}`, basePath: '/auth' })
}

const namesOf = (headers: Headers): readonly (string | undefined)[] =>
  headers.getSetCookie().map((line) => line.split('=', 1)[0])

describe.each(['in front', 'behind'] as const)('express-session %s', (stands) => {
  it('keeps its session and its cookie, and Latchkey its own', async () => {
    const browser = await start(stands)
    expect((await browser.fetch('/count')).status).toBe(401)
    await browser.signIn({ subject: 'ada', isDue: true })
    // The cookie of a refresh comes beside theirs, whoever sets a cookie first.
    browser.cookies.keep(['connect.sid=; Path=/; Secure; Max-Age=0'])
    const first = await browser.fetch('/count')
    expect([first.status, first.json()]).toEqual([200, { visits: 1 }])
    expect(new Set(namesOf(first.headers))).toEqual(new Set(['__Host-latchkey', 'connect.sid']))
    expect((await browser.fetch('/count')).json()).toEqual({ visits: 2 })
    await browser.submit('/auth/logout')
    expect((await browser.fetch('/count')).status).toBe(401)
    await browser.signIn({ subject: 'ada' })
    // Their session is not ours to end.
    expect((await browser.fetch('/count')).json()).toEqual({ visits: 3 })
  })
})
