import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { payload, reference } from '../groups/reference.ts'
import type { App, Start } from './app-process.ts'

const dir = join(import.meta.dirname, '../../fixtures/next-app')
const require = createRequire(import.meta.url)

/** Builds the app that all contenders on Next are routes of. */
export async function buildNextApp(): Promise<void> {
  const environment = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
  await promisify(execFile)(process.execPath, [require.resolve('next/dist/bin/next'), 'build', dir], {
    env: environment,
  })
}

/** What is used of Next's own function: its types take it for a namespace where imports are Node's. */
type Next = (options: { readonly dev: false; readonly dir: string; readonly quiet: true }) => {
  prepare(): Promise<void>
  getRequestHandler(): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>
}

async function start(path: string, cookies: readonly string[]): Promise<App> {
  Object.assign(process.env, { APP_ORIGIN: reference.origin, APP_SECRET: reference.secret })
  const next = (require('next') as Next)({ dev: false, dir, quiet: true })
  await next.prepare()
  const handle = next.getRequestHandler()
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, cookies, path }
}

/** Route handlers of Next, which say the e-mail address of the session. */
export const apps: Readonly<Record<string, Start>> = {
  bare: () => start('/bare', ['none']),

  async floor() {
    const { createSealFloor } = await import('../floors/session.ts')
    const { seal } = createSealFloor(Buffer.alloc(32))
    return start('/floor', [`s=${seal({ ...payload, exp: Date.now() + 3_600_000 })}`])
  },

  async latchkey() {
    const { createReferenceAuth, referenceCookies } = await import('../groups/reference-app.ts')
    return start('/latchkey', await referenceCookies(createReferenceAuth()))
  },

  async '@auth0/nextjs-auth0'() {
    const { generateSessionCookie } = await import('@auth0/nextjs-auth0/testing')
    const { accessToken, refreshToken, claims: user } = payload
    const inAnHour = Math.floor(Date.now() / 1000) + 3600
    const session = { user, tokenSet: { accessToken, refreshToken, expiresAt: inAnHour } }
    const sealed = await generateSessionCookie(session, { secret: reference.secret })
    return start('/auth0', [`__session=${sealed}`])
  },
}
