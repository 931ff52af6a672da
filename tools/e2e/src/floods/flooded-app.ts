import { latchkey, requireBearer, requireSession } from '@latchkey/adapter-fastify'
import { type Auth, createAuth, createMemoryStore, type Store } from '@latchkey/core'
import { winkProvider } from '@latchkey/core-wink'
import { wiseProvider } from '@latchkey/core-wise'
import { wristbandProvider } from '@latchkey/core-wristband'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { oidcProvider } from '@latchkey/oidc'
import { freePort, type LoopbackServer, listen } from '@latchkey/tool-test-support'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'
import fastify from 'fastify'

/** How an app keeps its sessions: in cookies beside a store, in the store, or in cookies without any store. */
export type Keeping = 'cookies' | 'store' | 'alone'

/** What can be known of an app from outside. */
export interface FloodTarget {
  readonly keeping: Keeping
  readonly port: number
  /** The issuers that its tokens come from. */
  readonly issuers: { readonly openid: string; readonly wink: string }
  readonly winkClientId: string
}

/** A server with every provider, whose store and vendors count. */
export interface FloodedApp extends FloodTarget {
  readonly auth: Auth
  /** Lets time go by: else it stands still, so that nothing expires and no budget is filled during a flood. */
  pass(seconds: number): void
  /** How often the store was called. */
  storeCommands(): number
  /** How often a vendor was called. */
  vendorCalls(): number
  close(): Promise<void>
}

/** What the apps' vendors are called by, and the time by which they go. */
interface Surroundings {
  readonly fetch: typeof fetch
  readonly clock: () => number
}

/** The subject whom the app lets in nowhere. */
export const denied = 'mallory'

/** Starts the server and the vendors that it signs users in with, all on loopback. */
export async function startFloodedApp(keeping: Keeping): Promise<FloodedApp> {
  const emulator = await startEmulator()
  const vendor = await startOpenIdVendor()
  const port = await freePort()
  let calls = 0
  let now = Math.floor(Date.now() / 1000)
  const surroundings: Surroundings = {
    clock: () => now,
    fetch(input, init) {
      calls++
      return fetch(input, init)
    },
  }
  const { clock } = surroundings
  const { store, commands } = countingStore(clock)
  const auth = createAuth({
    baseUrl: [`http://localhost:${port}`, `http://other.localhost:${port}`],
    secret: `an-example-secret-of-at-least-32-bytes of ${keeping}`,
    ...(keeping !== 'alone' && { store }),
    session: { strategy: keeping === 'store' ? 'store' : 'cookie' },
    pages: { signIn: '/sign-in', error: '/error' },
    providers: [
      exampleProvider(),
      ...vendors(emulator, { port, surroundings }),
      oidcProvider({
        name: 'openid',
        issuer: vendor.origin,
        clientId: 'example-client',
        clientSecret: 'an-example-secret',
        bearer: { audience: 'https://api.example' },
        backChannelLogout: keeping !== 'alone',
        fetch: surroundings.fetch,
      }),
    ],
    onSignIn: ({ identity }) => ({ action: identity.subject === denied ? 'deny' : 'new' }),
    clock,
  })
  const app = fastify()
  await app.register(latchkey, { auth })
  app.get('/page', { preHandler: requireSession() }, async () => ({ ok: true }))
  app.get('/api', { preHandler: requireBearer({ kind: 'any' }) }, async () => ({ ok: true }))
  await app.listen({ host: '127.0.0.1', port })
  return {
    auth,
    keeping,
    port,
    issuers: { openid: vendor.origin, wink: emulator.wink.issuer },
    winkClientId: emulator.wink.clientId,
    pass: (seconds) => void (now += seconds),
    storeCommands: commands,
    vendorCalls: () => calls,
    async close() {
      app.server.closeAllConnections()
      await app.close()
      await vendor.close()
      await emulator.close()
    },
  }
}

function vendors(
  { wristband, wink, wise }: Emulator,
  { port, surroundings }: { readonly port: number; readonly surroundings: Surroundings },
) {
  const origin = `http://localhost:${port}`
  return [
    wristbandProvider({
      clientId: wristband.clientId,
      clientSecret: wristband.clientSecret,
      applicationDomain: wristband.applicationDomain,
      tenancy: { kind: 'query' },
      tenantCustomDomains: 'validate',
      ...surroundings,
    }),
    winkProvider({
      clientId: wink.clientId,
      clientSecret: wink.clientSecret,
      environment: { apiUrl: wink.apiUrl, authUrl: wink.authUrl },
      flows: ['server', 'browser'],
      returnUrls: [`${origin}/auth/wink/callback`, `${origin}/wink`],
      cancelUrls: [`${origin}/auth/wink/cancel`, `${origin}/`],
      ...surroundings,
    }),
    wiseProvider({
      whiteLabelUrl: wise.url,
      jwtTokenSecret: 'an-example-secret-of-at-least-32-bytes',
      resolveUser: ({ session }) =>
        session && { vendorUserId: session.user.subject, name: 'Learner', profile: 'student' },
      clock: surroundings.clock,
    }),
  ]
}

/** An OpenID provider as far as anyone gets without an account: its document, its keys, and no code that is good. */
async function startOpenIdVendor(): Promise<LoopbackServer> {
  const server = await listen((incoming, outgoing) => {
    const { origin: issuer } = server
    const answers: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
      '/keys': { keys: [] },
    }
    const answer = answers[incoming.url ?? '']
    incoming.resume()
    outgoing.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/json' })
    outgoing.end(JSON.stringify(answer ?? { error: 'invalid_grant' }))
  })
  return server
}

function countingStore(clock: () => number): { readonly store: Store; commands(): number } {
  let count = 0
  const memory = createMemoryStore({ maxEntries: 100_000, clock })
  const counted =
    <Parameters extends unknown[], Result>(method: (...given: Parameters) => Promise<Result>) =>
    (...given: Parameters): Promise<Result> => {
      count++
      return method(...given)
    }
  return {
    store: {
      get: counted(memory.get),
      set: counted(memory.set),
      add: counted(memory.add),
      replace: counted(memory.replace),
      remove: counted(memory.remove),
    },
    commands: () => count,
  }
}
