import { getAccessToken, latchkey, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import { type Auth, createAuth, createMemoryStore, type Tokens } from '@latchkey/core'
import type { MountedProvider } from '@latchkey/core/provider'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'
import fastify, { type FastifyInstance } from 'fastify'

type Refresh = NonNullable<MountedProvider<'acme'>['refresh']>

/** How an example app keeps its sessions, and goes by the time. */
export interface ExampleSettings {
  readonly strategy: 'cookie' | 'store'
  readonly clock?: () => number
  /** How long its tokens are good; 1800 by default. */
  readonly tokenSeconds?: number
  /** Awaited by everything that an app or a vendor would take time for. */
  readonly delay?: () => Promise<void>
  /** Makes the provider's refresh another. */
  readonly change?: ((refresh: Refresh) => Refresh) | undefined
}

/** An app with one guarded route, `GET /me`, which tells who is signed in and whose token the session holds. */
export async function createExampleApp(settings: ExampleSettings): Promise<{ auth: Auth; app: FastifyInstance }> {
  const { strategy, tokenSeconds = 1800, clock = () => Math.floor(Date.now() / 1000) } = settings
  const { delay = async () => {}, change = (same) => same } = settings
  const refresh: Refresh = async ({ refreshToken = '' }) => {
    await delay()
    const [subject = '', number = '0'] = refreshToken.split('.')
    return { kind: 'refreshed', tokens: tokensOf(subject, Number(number) + 1, clock() + tokenSeconds) }
  }
  const auth = createAuth({
    baseUrl: 'http://localhost:3001',
    secret: 'an-example-secret-of-at-least-32-bytes',
    store: createMemoryStore({ maxEntries: 100_000, clock }),
    session: { strategy },
    providers: [exampleProvider({ refresh: change(refresh) })],
    clock,
  })
  const app = fastify()
  await app.register(latchkey, { auth })
  app.get('/bare', async () => ({ subject: null }))
  app.get('/me', { preHandler: requireSession() }, async (request) => {
    await delay()
    const token = await getAccessToken(request, 'acme')
    await delay()
    return { subject: sessionOf(request).user.subject, token }
  })
  return { auth, app }
}

/** Tokens that name whom they are for, and their number: `ada.7`. */
export function tokensOf(subject: string, number: number, expiresAt: number): Tokens {
  const token = `${subject}.${number}`
  return { accessToken: token, refreshToken: token, expiresAt, refreshAt: expiresAt - 5 }
}
