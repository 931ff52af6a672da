import {
  type Auth,
  type AuthEvent,
  type AuthOptions,
  createAuth,
  createMemoryStore,
  type HeaderEntries,
  type Session,
} from '@latchkey/core'
import type { AuthProvider, Awaitable, MountedProvider } from '@latchkey/core/provider'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '../browser/test-browser.ts'
import { createTestSession } from '../session/create-test-session.ts'
import type { ProviderSubject, VendorDouble, VendorSurroundings, VisitOutcome } from './vendor-double.ts'

/** A request of the provider to its vendor. */
export interface VendorRequest {
  readonly method: string
  readonly url: string
}

/** An app with the provider under test alone, and its vendor. */
export interface ProviderApp {
  readonly auth: Auth
  /** The name of the provider. */
  readonly name: string
  readonly mounted: MountedProvider
  readonly vendor: VendorDouble
  readonly events: readonly AuthEvent[]
  /** All answers of the app so far, headers and body, each as one text. */
  readonly answers: readonly string[]
  readonly requests: readonly VendorRequest[]
  readonly now: () => number
  pass(seconds: number): void
  /** Has the vendor answer every request so; null for what the double says. */
  break(answer: (() => Awaitable<Response>) | null): void
  browser(): TestBrowser
  /** A browser that is signed in without a login and without tokens. */
  browserWithoutTokens(): Promise<TestBrowser>
  /** Opens the login route, from a page of the app. */
  begin(browser: TestBrowser, query?: string): Promise<TestAnswer>
  /** Where the vendor sends a browser back to whose login was begun. */
  callback(begun: TestAnswer, as?: Partial<VisitOutcome>): Promise<URL>
  /** From the login route to the answer of the callback. */
  signIn(browser: TestBrowser, as?: Partial<VisitOutcome> & { readonly query?: string }): Promise<TestAnswer>
  session(browser: TestBrowser): Promise<Session | null>
  accessToken(browser: TestBrowser): Promise<{ readonly accessToken: string; readonly expiresAt?: number | undefined }>
}

const firstMoment = 1_800_000_000

const daySeconds = 86_400

/** Makes a provider and an app with it. */
export async function startProviderApp(
  origin: string,
  create: (vendor: VendorSurroundings) => Awaitable<ProviderSubject>,
): Promise<ProviderApp> {
  let now = firstMoment
  let broken: (() => Awaitable<Response>) | null = null
  const requests: VendorRequest[] = []
  const events: AuthEvent[] = []
  const answers: string[] = []
  const clock = (): number => now
  let vendor: VendorDouble | null = null
  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    requests.push({ method: request.method, url: request.url })
    if (broken !== null) return broken()
    return vendor?.answer === undefined ? fetch(input, init) : vendor.answer(request)
  }
  const subject = await create({ fetch: watched, clock })
  vendor = subject.vendor
  const { provider, mounted } = observed(subject.provider)
  const auth = createAuth({
    baseUrl: origin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    store: createMemoryStore({ clock }),
    session: { strategy: 'store', idleSeconds: 90 * daySeconds, absoluteSeconds: 180 * daySeconds },
    // An app that installs providers has types of identities in which this name is not.
    providers: [provider] as unknown as AuthOptions['providers'],
    pages: { signIn: '/sign-in', error: '/error', apiPaths: ['/api'] },
    onEvent: (event) => events.push(event),
    clock,
  })
  const { name } = provider
  const loginPath = `/auth/${name}${mounted().signInPath ?? '/login'}`
  async function answer(request: Request): Promise<Response> {
    if (new URL(request.url).origin !== origin) throw new Error(`the suite does not visit ${request.url}`)
    const response = await auth.handle(request)
    answers.push(JSON.stringify([...response.headers]) + (await response.clone().text()))
    return response
  }
  const app: ProviderApp = {
    auth,
    name,
    mounted: mounted(),
    vendor,
    events,
    answers,
    requests,
    now: clock,
    pass(seconds) {
      now += seconds
    },
    break(given) {
      broken = given
    },
    browser: () => createTestBrowser({ origin, answer, clock }),
    async browserWithoutTokens() {
      const { cookie } = await createTestSession(auth, { [name]: { subject: 'nobody-at-the-vendor' } })
      const browser = app.browser()
      browser.cookies.keep(cookie.split('; ').map((pair) => `${pair}; Secure; Path=/`))
      return browser
    },
    begin: (browser, query = '') => browser.open(loginPath + query, { from: '/' }),
    async callback({ location, text, status }, as = {}) {
      if (location === null || location.origin === origin) {
        throw new Error(`The login did not lead to the vendor: ${location?.href ?? `${status} ${text}`}`)
      }
      return app.vendor.authorize(location, { subject: 'ada', outcome: 'signed-in', ...as })
    },
    async signIn(browser, { query, ...as } = {}) {
      return browser.open(await app.callback(await app.begin(browser, query), as))
    },
    async session(browser) {
      const { session, headers } = await auth.getSession(browser.request('/api'))
      keep(browser, headers)
      return session
    },
    async accessToken(browser) {
      const { headers, ...token } = await auth.getAccessToken(browser.request('/api'), name as never)
      keep(browser, headers)
      return token
    },
  }
  return app
}

/** The provider, and what it is once it is mounted. */
function observed(given: AuthProvider): { readonly provider: AuthProvider; mounted(): MountedProvider } {
  let mounted: MountedProvider | null = null
  const provider: AuthProvider = {
    name: given.name,
    mount(host) {
      mounted = given.mount(host)
      return mounted
    },
  }
  return {
    provider,
    mounted() {
      if (mounted === null) throw new Error('the provider was not mounted')
      return mounted
    },
  }
}

function keep(browser: TestBrowser, headers: HeaderEntries): void {
  browser.cookies.keep(headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, line]) => line))
}
