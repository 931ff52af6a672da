import { type Auth, type AuthEvent, type AuthOptions, createAuth, type InstalledProvider } from '@latchkey/core'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { happeningsIn } from '@latchkey/tool-test-support'
import {
  createWristbandClient,
  type WristbandClientOptions,
  type WristbandMountOptions,
  wristbandProvider,
} from '../src/index.ts'
import { clientId, clientSecret, type Vendor } from './vendor.ts'

export const tenantIds: ReadonlyMap<string, string> = new Map([
  ['acme', 'id-of-acme'],
  ['globex', 'id-of-globex'],
  ['login.acme.example', 'id-of-acme'],
])

export interface AppOptions {
  readonly provider?: Partial<WristbandMountOptions>
  readonly client?: Partial<WristbandClientOptions>
  readonly auth?: Partial<AuthOptions>
}

/** An app on a vendor, which both go by the vendor's time. */
export interface App {
  readonly auth: Auth
  readonly events: AuthEvent[]
  browser(origin?: string): TestBrowser
}

export function createApp(
  vendor: Vendor,
  { provider, client, auth: options }: AppOptions = {},
  otherProviders: readonly InstalledProvider[] = [],
): App {
  const events: AuthEvent[] = []
  const clock = (): number => vendor.time
  const wristband = createWristbandClient({
    clientId,
    clientSecret,
    applicationDomain: vendor.domain,
    resolveTenantId: ({ name, customDomain }) => tenantIds.get(name ?? customDomain ?? '') ?? null,
    clock,
    ...client,
  })
  const auth = createAuth({
    baseUrl: 'https://invo.example',
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    providers: [
      wristbandProvider({ client: wristband, tenancy: { kind: 'query', default: 'acme' }, ...provider }),
      ...otherProviders,
    ],
    onEvent: happeningsIn(events),
    clock,
    ...options,
  })
  return {
    auth,
    events,
    browser: (origin = 'https://invo.example') => createTestBrowser({ origin, answer: auth.handle, clock }),
  }
}

/** Where a redirect leads. */
export function locationOf({ location, status }: TestAnswer): URL {
  if (location === null) throw new Error(`no redirect, but ${status}`)
  return location
}

export const pathOf = (url: URL): string => url.pathname + url.search

export function codeOf(answer: TestAnswer): unknown {
  return (answer.json() as { code: unknown }).code
}

/** Whether the session route says that somebody is signed in. */
export async function hasSession(browser: TestBrowser): Promise<boolean> {
  return ((await browser.fetch('/auth/session')).json() as { signedIn: boolean }).signedIn
}

/** Gives another browser the cookies of one, as they would be sent to its own origin. */
export function giveCookies(from: TestBrowser, to: TestBrowser): void {
  for (const name of from.cookies.names()) to.cookies.set(name, from.cookies.get(name) ?? '')
}

/** Signs a user in; gives the answer of our callback. */
export async function signIn(
  vendor: Vendor,
  browser: TestBrowser,
  { login = '/auth/wristband/login', tenant }: { login?: string; tenant?: string } = {},
): Promise<TestAnswer> {
  const url = locationOf(await browser.open(login, { from: login }))
  return browser.open(pathOf(vendor.authorize(url, tenant === undefined ? {} : { tenant })))
}
