import {
  type Auth,
  type AuthEvent,
  type AuthOptions,
  type AuthProvider,
  createAuth,
  createMemoryStore,
} from '@latchkey/core'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { happeningsIn } from '@latchkey/tool-test-support'
import type { OidcIdentity } from '../src/index.ts'

declare module '@latchkey/core' {
  interface Identities {
    google: OidcIdentity<'google'>
    keycloak: OidcIdentity<'keycloak'>
  }
}

export const appOrigin = 'https://app.example'

/** An app with these providers, whose time can be moved on. */
export interface App {
  readonly auth: Auth
  readonly events: AuthEvent[]
  readonly clock: { offset: number }
  /** A browser that asks the app in this process, and providers over their sockets. */
  browser(): TestBrowser
}

export function createApp(
  providers: readonly AuthProvider<'google' | 'keycloak'>[],
  options: Partial<AuthOptions> = {},
): App {
  const events: AuthEvent[] = []
  const clock = { offset: 0 }
  const auth = createAuth({
    baseUrl: appOrigin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    store: createMemoryStore(),
    session: { strategy: 'store', idleSeconds: 7200 },
    providers,
    onEvent: happeningsIn(events),
    clock: () => Math.floor(Date.now() / 1000) + clock.offset,
    ...options,
  })
  const answer = async (request: Request) => (request.url.startsWith(appOrigin) ? auth.handle(request) : null)
  return { auth, events, clock, browser: () => createTestBrowser({ origin: appOrigin, answer }) }
}

/** The code of a problem document, or of a page's error; the status of any other answer. */
export function codeOf({ text, status }: Pick<TestAnswer, 'text' | 'status'>): string {
  return /\b[a-z]+\/[a-z]+_[a-z_]+/.exec(text)?.[0] ?? String(status)
}

/** The path and query that a redirect leads to. */
export function pathOf({ location }: Pick<TestAnswer, 'location'>): string {
  return location === null ? 'nowhere' : location.pathname + location.search
}
