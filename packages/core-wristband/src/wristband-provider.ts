import { type AuthProvider, checkOptions, invalidOption } from '@latchkey/core/provider'
import { callbackRoute } from './routes/callback.ts'
import { loginRoute } from './routes/login.ts'
import { checkTenancy, type Tenancy } from './tenancy.ts'
import type { TenantReference } from './tenant-name.ts'
import type { Wristband } from './wristband.ts'

/** The options of `wristbandProvider`. */
export interface WristbandProviderOptions {
  /** From `createWristband`. */
  readonly client: Wristband
  readonly tenancy: Tenancy
}

/**
 * Sign-in with Wristband as routes of `createAuth`: `GET /wristband/login` (`tenant_name`, `login_hint`, `idp_hint`,
 * `return_url`) and `GET /wristband/callback` under its base path. Register the callback and `logout/next` at Wristband.
 * Signing out ends the sign-on at the person's tenant: the proven one, else the default one.
 *
 * @throws `core/invalid_option`
 */
export function wristbandProvider(options: WristbandProviderOptions): AuthProvider<'wristband'> {
  const factory = 'wristbandProvider'
  checkOptions(factory, options, ['client', 'tenancy'])
  const { client, tenancy } = options
  if (typeof client?.startLogin !== 'function') throw invalidOption(factory, 'client', 'must come from createWristband')
  checkTenancy(factory, tenancy)

  const signOutTenant = (proven: string | undefined): TenantReference | null => {
    const name = proven ?? tenancy.default
    return name === undefined ? null : { name }
  }
  return {
    name: 'wristband',
    mount({ basePath }) {
      const callbackPath = `${basePath}/wristband/callback`
      return {
        signInPath: '/login',
        routes: [loginRoute(client, tenancy, callbackPath), callbackRoute(client, callbackPath)],
        async signOut(_credentials, identity, { returnTo }) {
          const tenant = signOutTenant(identity.tenant?.name)
          return tenant === null ? {} : { url: client.signOutUrl({ tenant, returnTo }) }
        },
        leaveOrigins(session) {
          const identity = session?.identities.wristband
          const tenant = signOutTenant(identity?.tenant?.name)
          return identity === undefined || tenant === null ? [] : [client.signOutUrl({ tenant }).origin]
        },
      }
    },
  }
}
