import { type Auth, type AuthEvent, type AuthOptions, createAuth, type InstalledProvider } from '@latchkey/core'
import {
  createWristbandClient,
  type WristbandClientOptions,
  type WristbandMountOptions,
  wristbandProvider,
} from '../src/index.ts'
import { type Browser, createBrowser } from './browser.ts'
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
  browser(origin?: string): Browser
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
    onEvent: (event) => events.push(event),
    clock,
    ...options,
  })
  return { auth, events, browser: (origin = 'https://invo.example') => createBrowser(auth, origin) }
}

export const locationOf = (response: Response, origin = 'https://invo.example'): URL =>
  new URL(response.headers.get('location') ?? '', origin)

export const pathOf = (url: URL): string => url.pathname + url.search

export async function codeOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { code: unknown }).code
}

/** Signs a user in; gives the answer of our callback. */
export async function signIn(
  vendor: Vendor,
  browser: Browser,
  { login = '/auth/wristband/login', tenant }: { login?: string; tenant?: string } = {},
): Promise<Response> {
  const url = locationOf(await browser.open(login))
  return browser.open(pathOf(vendor.authorize(url, tenant === undefined ? {} : { tenant })))
}

export function cookieHeader(browser: Browser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
