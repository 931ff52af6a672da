import {
  type AuthProvider,
  checkOptions,
  type Identity,
  invalidOption,
  isAuthError,
  type MountedProvider,
} from '@latchkey/core/provider'
import { type CustomDomainPolicy, checkCustomDomains } from './application/custom-domains.ts'
import { bearerClaims } from './client/access-token.ts'
import { refresh, revoke } from './client/refresh.ts'
import { signOutOrigins } from './client/sign-out.ts'
import { applicationOf, type Wristband } from './client/wristband-client.ts'
import type { WristbandIdentity } from './model/identity.ts'
import { callbackRoute } from './routes/callback.ts'
import { loginRoute } from './routes/login.ts'
import { type MountedApplication, mountApplication } from './routes/mount.ts'
import { tokenRoute } from './routes/token.ts'
import type { TenantReference } from './tenant/reference.ts'
import { checkTenancy, configuredTenant, type Tenancy } from './tenant/tenancy.ts'

/** The options of `wristbandProvider`. */
export interface WristbandProviderOptions {
  /** From `createWristbandClient`. */
  readonly client: Wristband
  readonly tenancy: Tenancy
  /** Domains of tenants that a sign-in may go to (`tenant_custom_domain`). None by default. */
  readonly customDomains?: CustomDomainPolicy
  /** Whether `GET /token` gives the access token to scripts of our own pages. Off by default. */
  readonly exposeAccessToken?: boolean
}

const factory = 'wristbandProvider'

/**
 * Sign-in with Wristband as routes of `createAuth`: `GET /wristband/login` (`tenant_name`, `tenant_custom_domain`,
 * `login_hint`, `idp_hint`, `prompt`, `max_age`, `return_url`) and `GET /wristband/callback` under its base path; opt-in
 * `GET /wristband/token`. Register the callback and `logout/next` at Wristband. Signing out revokes the refresh token and
 * ends the sign-on at the domain that the user signed in at: the tenant's own, the proven tenant's, else the
 * configured one's.
 *
 * @throws `core/invalid_option`
 */
export function wristbandProvider(options: WristbandProviderOptions): AuthProvider<'wristband'> {
  checkOptions(factory, options, ['client', 'tenancy', 'customDomains', 'exposeAccessToken'])
  const { client, tenancy, customDomains = [], exposeAccessToken = false } = options
  const application = applicationOf(client)
  if (application === undefined) throw invalidOption(factory, 'client', 'must come from createWristbandClient')
  checkTenancy(factory, tenancy)
  if (tenancy.kind === 'subdomain' && application.tenantId === undefined) {
    throw invalidOption(factory, 'tenancy', 'is `subdomain`, which needs `tenantId` of createWristbandClient')
  }
  checkCustomDomains(factory, customDomains)
  if (typeof exposeAccessToken !== 'boolean') throw invalidOption(factory, 'exposeAccessToken', 'must be a boolean')
  return {
    name: 'wristband',
    mount(host) {
      const mounted = mountApplication({ client, application, tenancy, customDomains }, host)
      return {
        signInPath: '/login',
        routes: [loginRoute(mounted), callbackRoute(mounted), ...(exposeAccessToken ? [tokenRoute(mounted)] : [])],
        bearer: {
          issuers: application.issuers,
          verify: async (token) => bearerClaims(await client.verifyAccessToken(token)),
        },
        holds: mounted.holds,
        refresh: (tokens, identity) => refresh(application, tokens, identity),
        ...signOutOf(mounted),
      }
    },
  }
}

function signOutOf({
  client,
  application,
  tenancy,
}: MountedApplication): Pick<MountedProvider, 'signOut' | 'formActionOrigins'> {
  const tenantOf = ({ tenant, profile }: Identity | WristbandIdentity): TenantReference | null => {
    const { tenantCustomDomain: customDomain } = profile as WristbandIdentity['profile']
    const name = tenant?.name ?? configuredTenant(tenancy)
    if (customDomain !== undefined) return { customDomain }
    return name === null ? null : { name }
  }
  return {
    async signOut(tokens, identity, { returnTo }) {
      const tenant = tenantOf(identity)
      const [failure] = await Promise.all([
        tokens === null ? undefined : revoke(application, tokens).then(() => undefined, codeOf),
        application.configuration.read(),
      ])
      return {
        ...(tenant !== null && { url: client.signOutUrl({ tenant, returnTo }) }),
        ...(failure !== undefined && { failure }),
      }
    },
    formActionOrigins(session) {
      const identity = session?.identities.wristband
      const tenant = identity === undefined ? null : tenantOf(identity)
      return tenant === null ? [] : signOutOrigins(application, tenant)
    },
  }
}

/** The code of a revocation that failed: our own session has ended all the same. */
function codeOf(error: unknown): `${string}/${string}` {
  if (!isAuthError(error)) throw error
  return error.code
}
