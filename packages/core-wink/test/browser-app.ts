import { type Auth, type AuthEvent, createAuth, createVault } from '@latchkey/core'
import { type WinkProviderOptions, winkProvider } from '../src/index.ts'
import { CookieJar } from './cookie-jar.ts'
import { clientOf } from './wink-client.ts'
import { now, type WinkStandIn } from './wink-stand-in.ts'

export const origin = 'https://app.example.com'
export const pageUrls = { returnUrl: `${origin}/wink/callback`, cancelUrl: `${origin}/` }

/** An app with Wink's browser flow, at a time that tests move. */
export interface BrowserApp {
  readonly auth: Auth
  readonly events: AuthEvent[]
  readonly clock: { now: number }
  /** One more browser. */
  open(): PageVisitor
}

/** The page of one browser: what its script may send. */
export interface PageVisitor {
  readonly jar: CookieJar
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** Begins a login; gives its nonce. */
  begin(): Promise<string>
  session(): Promise<{ readonly signedIn: boolean; readonly identities: Record<string, Record<string, unknown>> }>
}

export function openBrowserApp(wink: WinkStandIn, options: Partial<WinkProviderOptions> = {}): BrowserApp {
  const clock = { now }
  const events: AuthEvent[] = []
  const client = clientOf(wink, {
    returnUrls: [pageUrls.returnUrl],
    cancelUrls: [pageUrls.cancelUrl],
    clock: () => clock.now,
  })
  const auth = createAuth({
    baseUrl: origin,
    vault: createVault({ secrets: ['an-example-secret-of-32-bytes-or-more'], clock: () => clock.now }),
    providers: [winkProvider({ client, flows: ['browser'], ...options })],
    onEvent: (event) => events.push(event),
    clock: () => clock.now,
  })
  const open = (): PageVisitor => {
    const jar = new CookieJar()
    const visitor: PageVisitor = {
      jar,
      async post(path, body, headers = { 'sec-fetch-site': 'same-origin' }) {
        const response = await auth.handle(
          new Request(origin + path, {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { cookie: jar.header(), 'content-type': 'application/json', ...headers },
          }),
        )
        jar.store(response)
        return response
      },
      async begin() {
        const response = await visitor.post('/auth/wink/session', pageUrls)
        return ((await response.json()) as { nonce: string }).nonce
      },
      async session() {
        const request = new Request(`${origin}/auth/session`, { headers: { cookie: jar.header() } })
        return (await auth.handle(request)).json()
      },
    }
    return visitor
  }
  return { auth, events, clock, open }
}
