import {
  type Auth,
  type AuthOptions,
  createAuth,
  createMemoryStore,
  type InstalledProvider,
  isAuthError,
} from '@latchkey/core'
import type { AuthProvider } from '@latchkey/core/provider'
import { createWristbandClient, type WristbandClient, wristbandProvider } from '@latchkey/core-wristband'
import { type OidcIdentity, oidcProvider } from '@latchkey/oidc'
import { appOrigin, registration, user } from '../provider/registration.ts'
import type { Mount } from './mount.ts'
import type { Party, PartySetup } from './party.ts'

declare module '@latchkey/core' {
  interface Identities {
    openid: OidcIdentity<'openid'>
  }
}

/** Latchkey on a mount: `createAuth` with Wristband, `query` tenancy, or with any OpenID provider and a store. */
export function latchkeyParty(mount: Mount): Party {
  return {
    name: mount.name,
    async start(setup) {
      const client = createClient(setup)
      const provider = setup.discovers ? openid(setup) : wristband(client)
      const auth = createAppAuth(setup, provider, setup.discovers ? storedSessions(setup) : {})
      const server = await mount.start(auth)
      return {
        server: server.origin,
        loginUrl: `${appOrigin}/auth/${provider.name}/login`,
        async accessToken(browser) {
          try {
            const { accessToken, headers } = await auth.getAccessToken(browser.request('/api'), provider.name)
            browser.cookies.keep(headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value))
            return accessToken
          } catch (error) {
            if (isAuthError(error) && error.code === 'auth/session_required') return null
            throw error
          }
        },
        async profile(browser) {
          const request = browser.request('/api')
          const { session } = await auth.getSession(request, { readOnly: true })
          const { accessToken } = await auth.getAccessToken(request, 'wristband')
          // A phone number is for the app to ask for: the session does not keep it.
          const { phone_number: phoneNumber } = await client.userinfo(accessToken)
          return { ...session?.identities.wristband?.profile, phoneNumber }
        },
        close: server.close,
      }
    },
  }
}

/** An application with Wristband alone. */
export function createWristbandAuth(setup: PartySetup): Auth {
  return createAppAuth(setup, wristband(createClient(setup)))
}

function createAppAuth({ clock }: PartySetup, provider: InstalledProvider, more: Partial<AuthOptions> = {}): Auth {
  return createAuth({
    baseUrl: appOrigin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    providers: [provider],
    clock: () => clock.now,
    ...more,
  })
}

function storedSessions({ clock }: PartySetup): Partial<AuthOptions> {
  return { store: createMemoryStore({ clock: () => clock.now }), session: { strategy: 'store' } }
}

function openid({ provider: { issuer } }: PartySetup): AuthProvider<'openid'> {
  const { clientId, clientSecret } = registration
  return oidcProvider({ name: 'openid', issuer, clientId, clientSecret, backChannelLogout: true })
}

function createClient({ provider, clock, scopes }: PartySetup): WristbandClient {
  return createWristbandClient({
    clientId: registration.clientId,
    clientSecret: registration.clientSecret,
    applicationDomain: provider.domain,
    resolveTenantId: ({ name }) => (name === user.tenant ? user.tenantId : null),
    clock: () => clock.now,
    scopes,
  })
}

function wristband(client: WristbandClient): AuthProvider<'wristband'> {
  return wristbandProvider({ client, tenancy: { kind: 'query', default: user.tenant } })
}
