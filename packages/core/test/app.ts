import { type Auth, type AuthEvent, type AuthOptions, createAuth } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { Browser } from './browser.ts'

export interface App {
  readonly auth: Auth
  readonly events: readonly AuthEvent[]
  /** `route.answered` and `vendor.request`, apart: one for each request. */
  readonly measurements: readonly AuthEvent[]
  readonly clock: { now: number }
  browser(): Browser
}

/** A secret that no other test has. */
export function exampleSecret(): string {
  return `an-example-secret-of-32-bytes-${crypto.randomUUID()}`
}

/** An app with the providers acme, acmetwo and beta, at a time that stands still. */
export function createApp(options: Partial<AuthOptions> = {}): App {
  const clock = { now: 1_800_000_000 }
  const events: AuthEvent[] = []
  const measurements: AuthEvent[] = []
  const auth = createAuth({
    baseUrl: 'https://app.example',
    secret: exampleSecret(),
    providers: [acme('acme'), acme('acmetwo'), acme('beta')],
    onEvent: (event) => void (isMeasurement(event) ? measurements : events).push(event),
    clock: () => clock.now,
    ...options,
  })
  return { auth, events, measurements, clock, browser: () => new Browser(auth, () => clock.now) }
}

/** Whether an event is one of those that come with each request. */
export function isMeasurement({ type }: AuthEvent): boolean {
  return type === 'route.answered' || type === 'vendor.request'
}

/** The code of a problem document. */
export async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code
}

/** What `GET /auth/session` says. */
export async function summaryOf(browser: Browser): Promise<{
  signedIn: boolean
  expiresAt?: number
  user?: { provider: string; subject: string }
  identities: Record<string, { subject: string; name?: string }>
  app?: object
}> {
  return (await browser.fetch('/auth/session')).json()
}

/** Who is signed in, by provider. */
export async function usersOf(browser: Browser): Promise<Record<string, string>> {
  const { identities } = await summaryOf(browser)
  return Object.fromEntries(Object.entries(identities).map(([provider, { subject }]) => [provider, subject]))
}

/** The code that a promise was refused with. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  return 'not refused'
}
