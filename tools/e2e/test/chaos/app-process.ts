import { flushCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import { getAccessToken, latchkey, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import { type AuthEvent, createAuth } from '@latchkey/core'
import { oidcProvider } from '@latchkey/oidc'
import fastify from 'fastify'
import { type AppSettings, type Order, origin } from './app-settings.ts'
import { openStore } from './stores/open-store.ts'

const settings = JSON.parse(process.env['SETTINGS'] ?? '') as AppSettings
const { store, strategy, secrets, vendor } = settings
const events: AuthEvent[] = []
let ahead = settings.aheadSeconds
const auth = createAuth({
  baseUrl: origin,
  secret: secrets as [string, ...string[]],
  store: await openStore(store),
  session: { strategy },
  // Without a page in between, so that a loop of redirects would be one.
  pages: { signIn: '/auth/acme/login?max_age=300', error: '/error' },
  providers: [oidcProvider({ name: 'acme', ...vendor, scopes: ['openid', 'offline_access'] })],
  onEvent: (event) => void (events.length < 100_000 && events.push(event)),
  clock: () => Math.floor(Date.now() / 1000) + ahead,
})
const app = fastify()
await app.register(latchkey, { auth })
app.get('/me', { preHandler: requireSession() }, async (request) => ({
  subject: sessionOf(request).user.subject,
  token: await getAccessToken(request, 'acme').catch(() => null),
}))
app.get('/recent', { preHandler: requireSession({ maxAuthAgeSeconds: 300 }) }, async () => ({ isIn: true }))
app.get('/error', async () => ({ isIn: false }))
app.post('/orders', async (request) => {
  const order = request.body as Order
  if (order.kind === 'events') return events
  if (order.kind === 'pass') ahead += order.seconds
  if (order.kind === 'revoke') {
    await auth.revokeSessions({ provider: 'acme', issuer: vendor.issuer, subject: order.subject })
  }
  if (order.kind === 'stall') {
    // The whole thread stands still, and takes no core from the others.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.milliseconds)
  }
  return {}
})
await app.listen({ host: '127.0.0.1', port: 0 })
process.on('SIGTERM', () => {
  void app.close().then(() => process.exit())
  // Connections that stay open without a request would hold it up.
  setTimeout(() => app.server.closeAllConnections(), 2000)
})
process.on('disconnect', () => process.exit())
// Most of these processes are killed; the next one starts in half the time.
flushCompileCache()
process.send?.((app.server.address() as AddressInfo).port)
