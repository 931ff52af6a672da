import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { payload, reference } from '../groups/reference.ts'
import type { App, Start } from './app-process.ts'

const { email } = payload.claims

async function listen(app: Express, cookies: readonly string[]): Promise<App> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, cookies }
}

/** Apps on Express with `GET /me`, which says the e-mail address of the session. */
export const apps: Readonly<Record<string, Start>> = {
  async bare() {
    const app = express()
    app.get('/me', (_request, response) => void response.json({ email }))
    return listen(app, ['none'])
  },

  async latchkey() {
    const { latchkey, requireSession, sessionOf } = await import('@latchkey/adapter-express')
    const { createReferenceAuth, referenceCookies } = await import('../groups/reference-app.ts')
    const auth = createReferenceAuth()
    const app = express()
    app.use(latchkey({ auth }))
    app.get('/me', requireSession(), (request, response) => {
      response.json({ email: sessionOf(request).identities.wristband?.profile.email })
    })
    return listen(app, await referenceCookies(auth))
  },

  // What Wristband's guide shows: the session is read, and saved again on every request.
  async official() {
    const { getIronSession, sealData } = await import('iron-session')
    const options = { password: reference.secret, cookieName: 's', cookieOptions: { secure: false } }
    const app = express()
    app.get('/me', async (request, response) => {
      const session = await getIronSession<Partial<typeof payload>>(request, response, options)
      if (session.claims === undefined) return void response.status(401).end()
      await session.save()
      response.json({ email: session.claims.email })
    })
    const sealed = Array.from({ length: 64 }, async () => `s=${await sealData(payload, options)}`)
    return listen(app, await Promise.all(sealed))
  },
}
