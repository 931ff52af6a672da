import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { onTestFinished } from 'vitest'
import { latchkey } from '../src/index.ts'
import { createExampleAuth, type ExampleAuth } from './example-auth.ts'

/** An app on a real socket. */
export interface ListeningApp {
  readonly port: number
  /** A request as a script sends it; no redirect is followed. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** A request by which a user opens a page. */
  open(path: string, cookie?: string): Promise<Response>
  /** Signs Ada in; gives the Cookie header of her browser. */
  signIn(): Promise<string>
  /** Every line that was logged, parsed. */
  readonly lines: readonly Record<string, unknown>[]
}

/** Starts an app with an auth and routes until the test ends. */
export async function listen(
  { auth }: ExampleAuth = createExampleAuth(),
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
  const app = fastify({ logger: { level: 'trace', stream }, ...options })
  await app.register(latchkey, { auth })
  await routes(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())

  const { port } = app.server.address() as AddressInfo
  const send: ListeningApp['send'] = (path, init) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init })
  return {
    port,
    lines,
    send,
    open: (path, cookie) =>
      send(path, { headers: { 'sec-fetch-dest': 'document', ...(cookie === undefined ? {} : { cookie }) } }),
    async signIn() {
      return cookieHeader(await send('/auth/example/callback'))
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
