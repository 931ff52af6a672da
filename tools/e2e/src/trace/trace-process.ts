import { createAuth } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { startEmulator } from '@latchkey/emulator'
import { createTestBrowser } from '@latchkey/testkit'
import { watchFiles } from './files-run.ts'
import { type Hop, traceHops } from './own-hops.ts'

/** What one sign-in with Wristband and one guarded request ran. */
export interface Trace {
  readonly login: readonly string[]
  readonly callback: readonly string[]
  readonly requireSession: readonly string[]
  /** From the token request back to `auth.handle`. */
  readonly hops: readonly Hop[]
}

const origin = 'http://localhost:3001'
const { wristband, close } = await startEmulator({ wink: false, wise: false, clock: 'manual' })
const { clientId, clientSecret, applicationDomain, tenants } = wristband
const clock = wristband.clock.now
const tracer = traceHops()
let hops: readonly Hop[] = []

const auth = createAuth({
  baseUrl: origin,
  secret: 'an-example-secret-of-32-bytes-or-more',
  providers: [
    wristbandProvider({
      clientId,
      clientSecret,
      applicationDomain,
      resolveTenantId: ({ name }) => (name === tenants.acme.name ? tenants.acme.id : null),
      tenancy: { kind: 'query' },
      clock,
      fetch(input, init) {
        const { pathname } = new URL(input instanceof Request ? input.url : input)
        if (pathname.endsWith('/token')) hops = tracer.here()
        return fetch(input, init)
      },
    }),
  ],
  clock,
})
const browser = createTestBrowser({
  origin,
  answer: async (request) => (new URL(request.url).origin === origin ? auth.handle(request) : null),
})

const files = await watchFiles()
const login = await browser.open('/auth/wristband/login?tenant_name=acme')
const duringLogin = await files.take()
const page = await browser.follow(login)
const [, req = ''] = /name="req" value="([^"]+)"/.exec(page.text) ?? []
const { location } = await browser.submit(new URL('/login', page.url), { req, user: 'ada' })
await files.take()
const callback = await browser.open(location ?? origin)
const duringCallback = await files.take()
const { session } = await auth.requireSession(browser.request('/api'))
const duringGuard = await files.take()
if (callback.status !== 303 || session.user.subject !== wristband.users.ada.subject) throw new Error(callback.text)
files.stop()
tracer.stop()
await close()

const trace: Trace = { login: duringLogin, callback: duringCallback, requireSession: duringGuard, hops }
process.send?.(trace)
