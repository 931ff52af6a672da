import { type Auth, type AuthOptions, type Tokens, createAuth, createVault, type Session } from '@latchkey/core'
import type { EmulatedWink } from '@latchkey/emulator'
import { createWinkClient, type WinkIdentity, type WinkClientOptions, winkProvider } from '../src/index.ts'
import { CookieJar } from './cookie-jar.ts'
import { pressUser } from './wink-pages.ts'

/** An app with Wink's server flow against the emulator, whose clock is its own. */
export interface ServerApp {
  readonly auth: Auth
  /** One more browser, on one of the app's hosts. */
  open(origin?: string): ServerVisitor
}

/** One browser. */
export interface ServerVisitor {
  readonly jar: CookieJar
  /** A navigation on this browser's host, or on the one that is named. */
  get(path: string, origin?: string): Promise<Response>
  signIn(user: string): Promise<void>
  read(): Promise<Session | null>
  identity(): Promise<WinkIdentity | undefined>
  tokens(): Promise<Tokens>
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
    vault: createVault({ secrets: ['an-example-secret-of-32-bytes-or-more'], clock }),
    providers: [
      winkProvider({
        client: createWinkClient({ clientId, clientSecret, environment: { apiUrl, authUrl }, clock, ...options }),
      }),
    ],
    clock,
    ...authOptions,
  })
  const open = (own = appOrigin): ServerVisitor => {
    const jar = new CookieJar()
    const request = (path: string, origin = own, init: RequestInit = {}): Request =>
      new Request(origin + path, {
        ...init,
        headers: {
          host: new URL(origin).host,
          // Cookies are those of a host.
          ...(origin === own && { cookie: jar.header() }),
          ...(init.headers as Record<string, string>),
        },
      })
    const visitor: ServerVisitor = {
      jar,
      async get(path, origin = own) {
        const response = await auth.handle(request(path, origin))
        if (origin === own) jar.store(response)
        return response
      },
      async signIn(user) {
        const login = await visitor.get('/auth/wink/login')
        const callback = await pressUser(wink, login.headers.get('location') ?? '', user)
        await visitor.get(callback.pathname + callback.search)
      },
      async read() {
        const { session, headers } = await auth.getSession(request('/api'))
        jar.store(new Response(null, { headers: headers.map(([name, value]) => [name, value]) }))
        return session
      },
      identity: async () => (await visitor.read())?.identities.wink,
      async tokens() {
        const { tokens, headers } = await auth.getAccessToken(request('/api'), 'wink')
        jar.store(new Response(null, { headers: headers.map(([name, value]) => [name, value]) }))
        return tokens
      },
      async signOut() {
        const headers = { 'sec-fetch-site': 'same-origin' }
        const response = await auth.handle(request('/auth/logout', own, { method: 'POST', headers }))
        jar.store(response)
        return (await response.json()) as { signOutUrl?: string }
      },
    }
    return visitor
  }
  return { auth, open }
}
