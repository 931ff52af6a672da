import { type Auth, createAuth, createVault, type Identity, isAuthError } from '@latchkey/core'
import type { AuthProvider } from '@latchkey/core/provider'
import { createWristbandClient, type WristbandClient, wristbandProvider } from '@latchkey/core-wristband'
import { appOrigin, user, registration } from '../provider/registration.ts'
import type { Mount } from './mount.ts'
import { openidProvider } from './openid-provider.ts'
import type { Party, PartySetup } from './party.ts'

declare module '@latchkey/core' {
  interface Identities {
    openid: Identity<'openid'>
  }
}

/** Latchkey on a mount: `createAuth` with Wristband, `query` tenancy. */
export function latchkeyParty(mount: Mount): Party {
  return {
    name: mount.name,
    async start(setup) {
      const client = createClient(setup)
      const provider = setup.promisesIssuer ? openidProvider(setup) : wristband(client)
      const auth = createAppAuth(setup, provider)
      const server = await mount.start(auth)
      return {
        server: server.origin,
        loginUrl: `${appOrigin}/auth/${provider.name}/login`,
        async accessToken(browser) {
          try {
            const { tokens, headers } = await auth.getAccessToken(request(browser.cookieHeader()), provider.name)
            browser.keep(headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value))
            return tokens.accessToken ?? null
          } catch (error) {
            if (isAuthError(error) && error.code === 'auth/session_required') return null
            throw error
          }
        },
        async profile(browser) {
          const incoming = request(browser.cookieHeader())
          const { session } = await auth.getSession(incoming, { readOnly: true })
          const { tokens } = await auth.getAccessToken(incoming, 'wristband')
          return {
            ...session?.identities.wristband?.profile,
            ...(await client.userinfo(tokens.accessToken ?? '')),
          }
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

function createAppAuth({ clock }: PartySetup, provider: AuthProvider): Auth {
  return createAuth({
    baseUrl: appOrigin,
    vault: createVault({ secrets: [`an-example-secret-of-32-bytes-${crypto.randomUUID()}`], clock: () => clock.now }),
    providers: [provider],
    clock: () => clock.now,
  })
}

function createClient({ provider, clock, scopes }: PartySetup): Wristband {
  return createWristbandClient({
    clientId: registration.clientId,
    clientSecret: registration.clientSecret,
    applicationDomain: provider.domain,
    tenantId: (tenant) => ('name' in tenant && tenant.name === user.tenant ? user.tenantId : null),
    clock: () => clock.now,
    ...(scopes && { scopes }),
  })
}

function wristband(client: Wristband): AuthProvider<'wristband'> {
  return wristbandProvider({ client, tenancy: { kind: 'query', default: user.tenant } })
}

function request(cookie: string): { method: string; url: string; headers: Headers } {
  return { method: 'GET', url: `${appOrigin}/api`, headers: new Headers({ cookie }) }
}
