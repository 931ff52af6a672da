import { type Auth, createAuth } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { createTestSession } from '@latchkey/testkit'
import { payload, reference } from './reference.ts'

/** The app with Latchkey. */
export function createReferenceAuth(options: { readonly baseUrl?: string; readonly strategy?: 'store' } = {}): Auth {
  const { baseUrl = reference.origin, strategy = 'cookie' } = options
  const { clientId, clientSecret, domain: applicationDomain, secret } = reference
  const tenancy = { kind: 'query', default: 'acme' } as const
  return createAuth({
    baseUrl,
    secret,
    session: { strategy },
    providers: [wristbandProvider({ clientId, clientSecret, applicationDomain, tenancy })],
  })
}

/** The Cookie header of a browser with the session of {@link payload}. */
export async function referenceCookie(auth: Auth): Promise<string> {
  const { accessToken, refreshToken, claims: profile } = payload
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  const tokens = { accessToken, refreshToken, expiresAt: inAnHour, refreshAt: inAnHour - 60 }
  const identity = { subject: 'user-1', tenant: { id: reference.tenantId }, profile: { ...profile, roles: [] } }
  return (await createTestSession(auth, { wristband: identity }, { tokens: { wristband: tokens } })).cookie
}

/** As many browsers as there are connections. */
export function referenceCookies(auth: Auth): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: 64 }, () => referenceCookie(auth)))
}
