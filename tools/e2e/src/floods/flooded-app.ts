import type { AddressInfo } from 'node:net'
import { latchkey, requireBearer, requireSession } from '@latchkey/adapter-fastify'
import { type Auth, createAuth, createMemoryStore, type Store } from '@latchkey/core'
import { winkProvider } from '@latchkey/core-wink'
import { wristbandProvider } from '@latchkey/core-wristband'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { exampleProvider } from '@latchkey/tool-test-support/example-provider'
import fastify from 'fastify'

/** A server with three providers, whose store and vendors count. */
export interface FloodedApp {
  readonly auth: Auth
  readonly origin: string
  /** How often the store was called. */
  storeCommands(): number
  /** How often a vendor was called. */
  vendorCalls(): number
  close(): Promise<void>
}

/** Starts the server and the vendors that it signs users in with, all on loopback. */
export async function startFloodedApp(strategy: 'cookie' | 'store'): Promise<FloodedApp> {
  const emulator = await startEmulator({ wise: false })
  let calls = 0
  const countingFetch: typeof fetch = (input, init) => {
    calls++
    return fetch(input, init)
  }
  const { store, commands } = countingStore()
  const auth = createAuth({
    // One origin: the server answers at whatever port it gets.
    baseUrl: 'http://localhost:3001',
    secret: 'an-example-secret-of-at-least-32-bytes',
    store,
    session: { strategy },
    pages: { signIn: '/sign-in', error: '/error' },
    providers: [exampleProvider(), ...vendors(emulator, countingFetch)],
  })
  const app = fastify()
  await app.register(latchkey, { auth })
  app.get('/page', { preHandler: requireSession() }, async () => ({ ok: true }))
  app.get('/api', { preHandler: requireBearer({ kind: 'any' }) }, async () => ({ ok: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return {
    auth,
    origin,
    storeCommands: commands,
    vendorCalls: () => calls,
    async close() {
      app.server.closeAllConnections()
      await app.close()
      await emulator.close()
    },
  }
}

function vendors({ wristband, wink }: Emulator<'wise'>, countingFetch: typeof fetch) {
  return [
    wristbandProvider({
      clientId: wristband.clientId,
      clientSecret: wristband.clientSecret,
      applicationDomain: wristband.applicationDomain,
      tenancy: { kind: 'query' },
      tenantCustomDomains: 'validate',
      fetch: countingFetch,
    }),
    winkProvider({
      clientId: wink.clientId,
      clientSecret: wink.clientSecret,
      environment: { apiUrl: wink.apiUrl, authUrl: wink.authUrl },
      flows: ['server', 'browser'],
      returnUrls: ['http://localhost:3001/auth/wink/callback', 'http://localhost:3001/wink/callback'],
      cancelUrls: ['http://localhost:3001/auth/wink/cancel'],
      fetch: countingFetch,
    }),
  ]
}

function countingStore(): { readonly store: Store; commands(): number } {
  let count = 0
  const memory = createMemoryStore({ maxEntries: 100_000 })
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
