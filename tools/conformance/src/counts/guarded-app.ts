import type { AddressInfo } from 'node:net'
import { latchkey, requireSession } from '@latchkey/adapter-fastify'
import type { Auth } from '@latchkey/core'
import type { TestBrowser } from '@latchkey/testkit'
import fastify from 'fastify'
import { openBrowser } from '../open-browser.ts'
import { appOrigin } from '../provider/registration.ts'

/** An application with an API for users who are signed in. */
export interface GuardedApp {
  /** A new user's browser. */
  browser(): TestBrowser
  /** Signs the user of the provider in. */
  signIn(browser: TestBrowser): Promise<void>
  /** Calls the API so many times at once, each time with the same cookie; tells how many were answered 200. */
  ask(browser: TestBrowser, times: number): Promise<number>
  close(): Promise<void>
}

export async function startGuardedApp(auth: Auth): Promise<GuardedApp> {
  const app = fastify({ forceCloseConnections: true })
  await app.register(latchkey, { auth })
  app.get('/api', { preHandler: requireSession() }, async () => ({ ok: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const browser = (): TestBrowser => openBrowser(`http://127.0.0.1:${port}`)

  return {
    browser,
    async signIn(user) {
      const login = `${appOrigin}/auth/wristband/login`
      const { location } = await user.follow(await user.open(login), ({ href }) => href === `${appOrigin}/`)
      if (location === null) throw new Error('the sign-in was refused')
    },
    async ask(user, times) {
      const pages = await Promise.all(Array.from({ length: times }, () => user.copy().open('/api')))
      const lines = pages.map(({ headers }) => headers.getSetCookie())
      user.cookies.keep(lines.find((ofPage) => ofPage.length > 0) ?? [])
      return pages.filter(({ status }) => status === 200).length
    },
    close: () => app.close(),
  }
}
