import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { payload } from '../groups/reference.ts'
import type { App, Start } from './app-process.ts'

// What only one contender needs is imported by it: memory is compared.
const { email } = payload.claims

async function listen(app: FastifyInstance, cookies: readonly string[]): Promise<App> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { port: (app.server.address() as AddressInfo).port, cookies }
}

/** Apps on Fastify with `GET /me`, which says the e-mail address of the session. */
export const apps: Readonly<Record<string, Start>> = {
  async bare() {
    const app = fastify()
    app.get('/me', async () => ({ email }))
    return listen(app, ['none'])
  },

  async floor() {
    const { createSealFloor } = await import('../floors/session.ts')
    const { seal, read } = createSealFloor(randomBytes(32))
    const app = fastify()
    app.get('/me', async ({ headers }, reply) => {
      const session = read(headers.cookie) as typeof payload | null
      return session === null ? reply.code(401).send() : { email: session.claims.email }
    })
    const cookies = Array.from({ length: 64 }, () => `s=${seal({ ...payload, exp: Date.now() + 3_600_000 })}`)
    return listen(app, cookies)
  },

  async latchkey() {
    const { latchkey, requireSession, sessionOf } = await import('@latchkey/adapter-fastify')
    const { createReferenceAuth, referenceCookies } = await import('../groups/reference-app.ts')
    const auth = createReferenceAuth()
    const app = fastify()
    await app.register(latchkey, { auth })
    app.get('/me', { preHandler: requireSession() }, async (request) => ({
      email: sessionOf(request).identities.wristband?.profile.email,
    }))
    return listen(app, await referenceCookies(auth))
  },

  async 'secure-session'() {
    const { default: secureSession } = await import('@fastify/secure-session')
    const app = fastify()
    await app.register(secureSession, { key: randomBytes(32), cookieName: 's' })
    app.get('/me', async (request, reply) => {
      // Another tool of this repository gives `session` another type.
      const session = (request as { readonly session: unknown }).session as { get(name: string): unknown }
      const claims = session.get('claims') as typeof payload.claims | undefined
      return claims === undefined ? reply.code(401).send() : { email: claims.email }
    })
    await app.ready()
    const sealed = (): string => app.encodeSecureSession(app.createSecureSession({ ...payload }))
    return listen(
      app,
      Array.from({ length: 64 }, () => `s=${encodeURIComponent(sealed())}`),
    )
  },
}
