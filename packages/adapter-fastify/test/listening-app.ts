import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import type { Identity } from '@latchkey/core'
import {
  type Assertion,
  createExampleAuth,
  type ExampleAuth,
  type ExampleBrowser,
  openExampleBrowser,
} from '@latchkey/testkit'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { onTestFinished } from 'vitest'
import { latchkey } from '../src/index.ts'

declare module '@latchkey/core' {
  interface Identities {
    example: Identity<'example'>
  }
  interface SessionData {
    visits?: number
  }
}

/** What no log may show. */
export const canary = 'a-canary-of-this-test'

/** An app on a real socket, behind a proxy that ends the TLS of `https://app.example`. */
export interface ListeningApp {
  readonly port: number
  readonly server: FastifyInstance
  /** A request as a program sends it; no redirect is followed. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** A new browser. */
  browser(): ExampleBrowser
  /** Signs Ada in with a new browser; gives the Cookie header of it. */
  signIn(assertion?: Partial<Assertion>): Promise<string>
  /** Every line that was logged, parsed. */
  readonly lines: readonly Record<string, unknown>[]
}

/** Starts an app with an auth and routes until the test ends. */
export async function listen(
  { auth }: ExampleAuth = createExampleAuth({ pages: {} }),
  routes: (app: FastifyInstance) => void | Promise<void> = () => {},
  options: FastifyServerOptions = {},
): Promise<ListeningApp> {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const server = fastify({ logger: { level: 'trace', stream }, forceCloseConnections: true, ...options })
  await server.register(latchkey, { auth })
  await routes(server)
  await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())

  const { port } = server.server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const browser = () => openExampleBrowser({ server: origin, basePath: '/auth' })
  return {
    port,
    server,
    lines,
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
