import { type Auth, type AuthEvent, type AuthOptions, createAuth } from '@latchkey/core'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { happeningsIn } from '@latchkey/tool-test-support'
import { type WinkRouteOptions, winkProvider } from '../src/index.ts'
import { clientOf } from './wink-client.ts'
import { now, type WinkStandIn } from './wink-stand-in.ts'

export const origin = 'https://app.example.com'
export const pageUrls = { returnUrl: `${origin}/wink/callback`, cancelUrl: `${origin}/` }

/** An app with Wink's browser flow, at a time that tests move. */
export interface BrowserApp {
  readonly auth: Auth
  readonly events: AuthEvent[]
  readonly clock: { now: number }
  /** An access token that Wink gives at the app's time. */
  token(claims?: Record<string, unknown>): Promise<string>
  /** One more browser. */
  open(): PageVisitor
}

/** The page of one browser: what its script may send. */
export interface PageVisitor {
  readonly browser: TestBrowser
  /** A script of this origin, or of the page `from`, sends JSON. */
  post(path: string, body: unknown, from?: string): Promise<TestAnswer>
  /** Begins a login; gives its nonce. */
  begin(): Promise<string>
  /** Sends tokens to our back end. */
  send(accessToken: string, more?: object): Promise<TestAnswer>
  /** Signs in; gives the access token. */
  signIn(): Promise<string>
  session(): Promise<{ readonly signedIn: boolean; readonly identities: Record<string, Record<string, unknown>> }>
}

export function openBrowserApp(
  wink: WinkStandIn,
  options: WinkRouteOptions = {},
  rateLimit?: AuthOptions['rateLimit'],
): BrowserApp {
  const clock = { now }
  const events: AuthEvent[] = []
  const client = clientOf(wink, {
    returnUrls: [pageUrls.returnUrl],
    cancelUrls: [pageUrls.cancelUrl],
    clock: () => clock.now,
  })
  const auth = createAuth({
    baseUrl: origin,
    secret: 'an-example-secret-of-32-bytes-or-more',
    providers: [winkProvider({ client, flows: ['browser'], ...options })],
    onEvent: happeningsIn(events),
    rateLimit,
    clock: () => clock.now,
  })
  const token: BrowserApp['token'] = (claims = {}) => {
    const { now: iat } = clock
    return wink.accessToken({ iat, exp: iat + 300, jti: crypto.randomUUID(), ...claims })
  }
  const open = (): PageVisitor => {
    const browser = createTestBrowser({ origin, answer: auth.handle, clock: () => clock.now })
    const visitor: PageVisitor = {
      browser,
      post: (path, body, from) =>
        browser.fetch(path, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
          from,
        }),
      async begin() {
        return ((await visitor.post('/auth/wink/session', pageUrls)).json() as { nonce: string }).nonce
      },
      send: (accessToken, more = {}) => visitor.post('/auth/wink/token', { accessToken, ...more }),
      async signIn() {
        const accessToken = await token({ nonce: await visitor.begin() })
        const { status } = await visitor.send(accessToken)
        if (status !== 204) throw new Error(`Was not signed in: ${status}`)
        return accessToken
      },
      async session() {
        const answer = await browser.fetch('/auth/session')
        return answer.json() as Awaited<ReturnType<PageVisitor['session']>>
      },
    }
    return visitor
  }
  return { auth, events, clock, token, open }
}

/** The code of an answer that is a refusal. */
export async function codeOf(answer: TestAnswer | Response): Promise<unknown> {
  return ((await answer.json()) as { code: string }).code
}
