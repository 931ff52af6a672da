import { createHash } from 'node:crypto'
import { getSession, latchkey, requireSession } from '@latchkey/adapter-fastify'
import { type Auth, type AuthEvent, createAuth, createVault, type Store, type Vault } from '@latchkey/core'
import fastify, { type FastifyInstance } from 'fastify'
import { refreshingProvider } from './refreshing-provider.ts'

/** What all processes of one app have in common. */
export interface AppSettings {
  readonly secret: string
  readonly tokenUrl: string
  readonly redisUrl: string | null
  /** `false`: each request refreshes for itself, as if there were no coordinator. */
  readonly isCoordinated: boolean
}

/** An app and the time that it goes by. */
export interface ExampleApp {
  readonly auth: Auth
  readonly app: FastifyInstance
  readonly events: readonly AuthEvent[]
  pass(seconds: number): void
}

export async function createExampleApp(settings: AppSettings, store: Store | null): Promise<ExampleApp> {
  const { secret, tokenUrl, isCoordinated } = settings
  const events: AuthEvent[] = []
  let passed = 0
  const clock = (): number => Math.floor(Date.now() / 1000) + passed
  const vault = createVault({ secrets: [secret], clock, ...(store && { store }) })
  const auth = createAuth({
    baseUrl: 'http://localhost:3001',
    vault: isCoordinated ? vault : withoutCoordinator(vault),
    session: { kind: store === null ? 'cookie' : 'store' },
    providers: [refreshingProvider(tokenUrl)],
    onEvent: (event) => events.push(event),
    clock,
  })
  const app = fastify()
  await app.register(latchkey, { auth })
  app.get('/api/me', { preHandler: requireSession() }, async (request) => {
    const { tokens } = await auth.getAccessToken(incomingOf(request), 'acme')
    const token = createHash('sha256')
      .update(tokens.accessToken ?? '')
      .digest('base64url')
    return { subject: getSession(request).identities.acme?.subject, token }
  })
  app.get('/events', async () => events)
  return {
    auth,
    app,
    events,
    pass(seconds) {
      passed += seconds
    },
  }
}

/** Each who comes works for itself. */
function withoutCoordinator(vault: Vault): Vault {
  return { ...vault, once: (_key, { work }) => work() }
}

function incomingOf({ method, url, headers }: { method: string; url: string; headers: object }) {
  const values = headers as Readonly<Record<string, string | undefined>>
  return { method, url, headers: { get: (name: string) => values[name] ?? null } }
}
