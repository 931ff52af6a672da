import { createHash } from 'node:crypto'
import { getAccessToken, latchkey, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import { type Auth, type AuthEvent, createAuth, type Store } from '@latchkey/core'
import { toRequestLike } from '@latchkey/core/adapter/node'
import fastify, { type FastifyInstance } from 'fastify'
import { refreshingProvider } from './refreshing-provider.ts'

/** What all processes of one app have in common. */
export interface AppSettings {
  readonly secret: string
  readonly tokenUrl: string
  readonly redisUrl: string | null
  /** `false`: each request has an auth of its own, and refreshes for itself. */
  readonly isCoordinated: boolean
}

/** An app and the time that it goes by. */
export interface ExampleApp {
  readonly auth: Auth
  readonly app: FastifyInstance
  pass(seconds: number): void
}

/** Makes an app with `GET /api/me`, which hashes the access token that it gets, and `GET /events`. */
export async function createExampleApp(settings: AppSettings, store: Store | null): Promise<ExampleApp> {
  const { secret, tokenUrl, isCoordinated } = settings
  const events: AuthEvent[] = []
  let passed = 0
  const clock = (): number => Math.floor(Date.now() / 1000) + passed
  const startAuth = (ofAuth: Store | null): Auth =>
    createAuth({
      baseUrl: 'http://localhost:3001',
      secret,
      store: ofAuth ?? undefined,
      session: { strategy: store === null ? 'cookie' : 'store' },
      providers: [refreshingProvider(tokenUrl, clock)],
      onEvent: (event) => events.push(event),
      clock,
    })
  const auth = startAuth(store)
  const app = fastify()
  await app.register(latchkey, { auth })
  if (isCoordinated) {
    app.get('/api/me', { preHandler: requireSession() }, async (request) => ({
      subject: sessionOf(request).user.subject,
      token: hashOf(await getAccessToken(request, 'acme')),
    }))
  } else {
    app.get('/api/me', async (request, reply) => {
      const alone = startAuth(store && withoutLocks(store))
      const result = await alone.getAccessToken(toRequestLike(request.raw), 'acme').catch(() => null)
      return result === null ? reply.code(401).send() : { token: hashOf(result.accessToken) }
    })
  }
  app.get('/events', async () => events)
  return {
    auth,
    app,
    pass(seconds) {
      passed += seconds
    },
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Every user of it gets each lock, and none finds what another has done. */
function withoutLocks(store: Store): Store {
  return {
    ...store,
    get: async (key) => (key.startsWith('result:') ? null : store.get(key)),
    add: async (key, ...entry) => key.startsWith('lock:') || store.add(key, ...entry),
  }
}
