import type { AddressInfo } from 'node:net'
import { latchkey, requireSession } from '@latchkey/adapter-fastify'
import type { Auth } from '@latchkey/core'
import fastify from 'fastify'
import { type Browser, openBrowser } from '../browser.ts'
import { appOrigin } from '../provider/registration.ts'

/** An application with an API for users who are signed in. */
export interface GuardedApp {
  /** A new user's browser. */
  browser(): Browser
  /** Signs the user of the provider in. */
  signIn(browser: Browser): Promise<void>
  /** Calls the API so many times at once, each time with the same cookie; tells how many were answered 200. */
  ask(browser: Browser, times: number): Promise<number>
  close(): Promise<void>
}

export async function startGuardedApp(auth: Auth): Promise<GuardedApp> {
  const app = fastify({ forceCloseConnections: true })
  await app.register(latchkey, { auth })
  app.get('/api', { preHandler: requireSession() }, async () => ({ ok: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const browser = (): Browser => openBrowser(`http://127.0.0.1:${port}`)

  return {
    browser,
    async signIn(user) {
      const login = `${appOrigin}/auth/wristband/login`
      const { location } = await user.follow(login, ({ href }) => href === `${appOrigin}/`)
      if (location === null) throw new Error('the sign-in was refused')
    },
    async ask(user, times) {
      const copies = Array.from({ length: times }, () => {
        const copy = browser()
        copy.keep(user.cookieHeader().split('; '))
        return copy
      })
      const pages = await Promise.all(copies.map((copy) => copy.open(`${appOrigin}/api`)))
      const [refreshed] = pages.filter(({ setCookies }) => setCookies.length > 0)
      user.keep(refreshed?.headers['set-cookie'] ?? [])
      return pages.filter(({ status }) => status === 200).length
    },
    close: () => app.close(),
  }
}
