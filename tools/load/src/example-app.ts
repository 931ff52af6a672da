import { getSession, latchkey, requireSession } from '@latchkey/adapter-fastify'
import {
  type Auth,
  type Tokens,
  createAuth,
  createMemoryStore,
  createVault,
  type Identity,
  type Vault,
} from '@latchkey/core'
import type { AuthProvider } from '@latchkey/core/provider'
import fastify, { type FastifyInstance } from 'fastify'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

/** How an example app keeps its sessions, and goes by the time. */
export interface ExampleSettings {
  readonly kind: 'cookie' | 'store'
  readonly clock?: () => number
  /** How long its tokens are good; 1800 by default. */
  readonly tokenSeconds?: number
  /** Awaited by everything that an app or a vendor would take time for. */
  readonly delay?: () => Promise<void>
  /** Makes the vault another. */
  readonly change?: (vault: Vault) => Vault
}

/** An app with one guarded route, `GET /me`, which tells who is signed in and whose token the session holds. */
export async function createExampleApp(settings: ExampleSettings): Promise<{ auth: Auth; app: FastifyInstance }> {
  const { kind, clock = () => Math.floor(Date.now() / 1000), delay = async () => {}, change = same } = settings
  const vault = createVault({
    secrets: ['an-example-secret-of-at-least-32-bytes'],
    store: createMemoryStore({ maxEntries: 100_000, clock }),
    clock,
  })
  const auth = createAuth({
    baseUrl: 'http://localhost:3001',
    vault: change(vault),
    session: { kind },
    providers: [refreshingProvider(settings.tokenSeconds ?? 1800, delay)],
    clock,
  })
  const app = fastify()
  await app.register(latchkey, { auth })
  app.get('/bare', async () => ({ subject: null }))
  app.get('/me', { preHandler: requireSession() }, async (request) => {
    await delay()
    const { method, url, headers } = request
    const get = (name: string): string | null => (headers[name] as string | undefined) ?? null
    const { tokens } = await auth.getAccessToken({ method, url, headers: { get } }, 'acme')
    await delay()
    return { subject: getSession(request).identities.acme?.subject, token: tokens.accessToken }
  })
  return { auth, app }
}

/** Tokens that name whom they are for, and their number: `ada.7`. */
export function tokensOf(subject: string, number: number, expiresAt: number): Tokens {
  return {
    accessToken: `${subject}.${number}`,
    refreshToken: `${subject}.${number}`,
    expiresAt,
    refreshAt: expiresAt - 5,
  }
}

function refreshingProvider(tokenSeconds: number, delay: () => Promise<void>): AuthProvider<'acme'> {
  return {
    name: 'acme',
    mount: ({ clock }) => ({
      routes: [],
      async refresh({ refreshToken = '' }) {
        await delay()
        const [subject = '', number = '0'] = refreshToken.split('.')
        return { kind: 'refreshed', tokens: tokensOf(subject, Number(number) + 1, clock() + tokenSeconds) }
      },
    }),
  }
}

function same(vault: Vault): Vault {
  return vault
}
