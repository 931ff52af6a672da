import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Identity } from '@latchkey/core'
import {
  type Assertion,
  createExampleAuth,
  type ExampleAuth,
  type ExampleBrowser,
  openExampleBrowser,
} from '@latchkey/testkit'
import express5, { type Express, type Response as Reply, type Request } from 'express'
import express4 from 'express-4'
import { onTestFinished } from 'vitest'
import { latchkey, upgradeListener } from '../src/index.ts'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
  interface SessionData {
    visits?: number
  }
}

/** What no answer may show. */
export const canary = 'a-canary-of-this-test'

/** Both versions of Express, by their names. */
export const versions: Readonly<Record<'Express 5' | 'Express 4', typeof express5>> = {
  'Express 5': express5,
  'Express 4': express4,
}

/** An app on a real socket, behind a proxy that ends the TLS of `https://app.example`. */
export interface ListeningApp {
  readonly port: number
  /** A request as a program sends it; no redirect is followed. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** A new browser. */
  browser(): ExampleBrowser
  /** Signs Ada in with a new browser; gives the Cookie header of it. */
  signIn(assertion?: Partial<Assertion>): Promise<string>
  /** What the error middleware of the app has seen. */
  readonly errors: readonly unknown[]
}

/** What of the app a test needs otherwise. */
export interface ListenOptions {
  readonly express?: typeof express5
  /** In front of the auth. */
  before?(app: Express): void
}

/** Starts an app with an auth and routes until the test ends. It answers errors as JSON. */
export async function listen(
  { auth }: Pick<ExampleAuth, 'auth'> = createExampleAuth({ pages: {} }),
  routes: (app: Express) => void = () => {},
  { express = express5, before = () => {} }: ListenOptions = {},
): Promise<ListeningApp> {
  const errors: unknown[] = []
  const app = express()
  before(app)
  app.use(latchkey({ auth }))
  routes(app)
  app.use((error: { status?: number; code?: string }, _request: Request, reply: Reply, next: (e: unknown) => void) => {
    errors.push(error)
    if (reply.headersSent) next(error)
    else reply.status(error.status ?? 500).json({ status: error.status ?? 500, code: error.code, text: String(error) })
  })
  const server = app.listen(0, '127.0.0.1')
  server.on('upgrade', upgradeListener(app))
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
  })

  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const browser = () => openExampleBrowser({ server: origin, basePath: '/auth' })
  return {
    port,
    errors,
    browser,
    send: (path, init) => fetch(origin + path, { redirect: 'manual', ...init }),
    async signIn(assertion) {
      const signedIn = browser()
      await signedIn.signIn({ subject: 'ada', ...assertion })
      return signedIn.cookies.header()
    },
  }
}

/** What a browser sends back after an answer. */
export function cookieHeader(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

/** The names of the cookies that an answer sets. */
export function cookieNames(headers: Headers): readonly (string | undefined)[] {
  return headers.getSetCookie().map((line) => line.split('=', 1)[0])
}
