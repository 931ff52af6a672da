import { type Auth, type AuthOptions, createAuth, type HeaderEntries, type Session } from '@latchkey/core'
import type { EmulatedWink } from '@latchkey/emulator'
import { createTestBrowser, type TestBrowser } from '@latchkey/testkit'
import { createWinkClient, type WinkClientOptions, type WinkIdentity, winkProvider } from '../src/index.ts'
import { pressUser } from './wink-pages.ts'

/** An app with Wink's server flow against the emulator, whose clock is its own. */
export interface ServerApp {
  readonly auth: Auth
  /** One more browser, on one of the app's hosts. */
  open(origin?: string): ServerVisitor
}

/** One browser. */
export interface ServerVisitor {
  readonly browser: TestBrowser
  signIn(user: string): Promise<void>
  read(): Promise<Session | null>
  identity(): Promise<WinkIdentity | undefined>
  /** Wink's access token, as the app gets it. */
  accessToken(): Promise<string>
  signOut(): Promise<{ readonly signOutUrl?: string }>
}

const appOrigin = 'http://localhost:3001'

export function openServerApp(
  wink: EmulatedWink,
  options: Partial<WinkClientOptions> = {},
  authOptions: Partial<AuthOptions> = {},
): ServerApp {
  const { clientId, clientSecret, apiUrl, authUrl } = wink
  const clock = (): number => wink.clock.now()
  const auth = createAuth({
    baseUrl: appOrigin,
    secret: 'an-example-secret-of-32-bytes-or-more',
    providers: [
      winkProvider({
        client: createWinkClient({ clientId, clientSecret, environment: { apiUrl, authUrl }, clock, ...options }),
      }),
    ],
    clock,
    ...authOptions,
  })
  const open = (origin = appOrigin): ServerVisitor => {
    const browser = createTestBrowser({ origin, answer: auth.handle, clock })
    const visitor: ServerVisitor = {
      browser,
      async signIn(user) {
        const login = await browser.open('/auth/wink/login')
        const callback = await pressUser(wink, login.location?.href ?? '', user)
        await browser.open(callback.pathname + callback.search)
      },
      async read() {
        const { session, headers } = await auth.getSession(browser.request('/api'))
        browser.cookies.keep(setCookies(headers))
        return session
      },
      identity: async () => (await visitor.read())?.identities.wink,
      async accessToken() {
        const { accessToken, headers } = await auth.getAccessToken(browser.request('/api'), 'wink')
        browser.cookies.keep(setCookies(headers))
        return accessToken
      },
      async signOut() {
        return (await browser.fetch('/auth/logout', { method: 'POST' })).json() as { signOutUrl?: string }
      },
    }
    return visitor
  }
  return { auth, open }
}

function setCookies(headers: HeaderEntries): readonly string[] {
  return headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value)
}
