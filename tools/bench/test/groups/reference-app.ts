import { type Auth, createAuth, type Identity, type InstalledProvider, type Store } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { createTestSession, type TestIdentities } from '@latchkey/testkit'
import { payload, reference } from './reference.ts'

declare module '@latchkey/core' {
  interface Identities {
    acme: Identity<'acme'>
  }
}

/** The app with Latchkey: its sessions are in a cookie, or in a store that is given. */
export function createReferenceAuth(store?: Store, ...others: readonly InstalledProvider[]): Auth {
  const { clientId, clientSecret, domain: applicationDomain, origin: baseUrl, secret } = reference
  const tenancy = { kind: 'query', default: 'acme' } as const
  // What a group puts there: the vendor of this app answers nowhere.
  const fetch: typeof globalThis.fetch = (...request) => globalThis.fetch(...request)
  return createAuth({
    baseUrl,
    secret,
    store,
    session: { strategy: store === undefined ? 'cookie' : 'store' },
    providers: [wristbandProvider({ clientId, clientSecret, applicationDomain, tenancy, fetch }), ...others],
  })
}

/** The Cookie header of a browser with the session of {@link payload}. */
export async function referenceCookie(auth: Auth, others: TestIdentities = {}): Promise<string> {
  const { accessToken, refreshToken, claims } = payload
  const { iss: issuer, sub: subject, tnt_id: id, ...profile } = claims
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  const tokens = { accessToken, refreshToken, expiresAt: inAnHour, refreshAt: inAnHour - 60 }
  const identity = { issuer, subject, tenant: { id }, profile }
  return (await createTestSession(auth, { wristband: identity, ...others }, { tokens: { wristband: tokens } })).cookie
}

/** As many browsers as there are connections. */
export function referenceCookies(auth: Auth): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: 64 }, () => referenceCookie(auth)))
}
