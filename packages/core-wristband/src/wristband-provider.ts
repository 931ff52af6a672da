import {
  type AuthProvider,
  type ClientOr,
  checkOptions,
  clientOf,
  faultOf,
  invalidOption,
  isAuthError,
  type MountedProvider,
  type OptionRules,
  option,
  optionalRules,
  required,
  rule,
} from '@latchkey/core/provider'
import type { Application } from './application/application.ts'
import { type CustomDomainPolicy, customDomainPolicy } from './application/custom-domains.ts'
import { type WristbandClientOptions, wristbandClientRules } from './application/options.ts'
import { loadProtocol } from './client/load-protocol.ts'
import { anyTenantOrigins, signOutOrigins, signOutUrl } from './client/sign-out.ts'
import { createWristbandClient, type WristbandClient } from './client/wristband-client.ts'
import type { ChooseProfile, WristbandIdentity, WristbandTokens } from './model/identity.ts'
import { callbackRoute } from './routes/callback.ts'
import { frontEndSdkRoutes } from './routes/front-end-sdk.ts'
import { loginRoute } from './routes/login.ts'
import { type MountedApplication, mountApplication } from './routes/mount.ts'
import { tokenRoute } from './routes/token.ts'
import { createHostCheck } from './routes/valid-for.ts'
import type { TenantReference } from './tenant/reference.ts'
import { checkTenancy, configuredTenant, type Tenancy } from './tenant/tenancy.ts'

/** What the routes of {@link wristbandProvider} take. */
export interface WristbandMountOptions {
  /** How a login finds its tenant. */
  readonly tenancy: Tenancy
  /**
   * Domains of tenants that a sign-in may go to (`tenant_custom_domain`): by default those that `resolveTenantId` knows,
   * else those that Wristband confirms (`validate`). Beside a tenant's name one that is not confirmed is left out.
   */
  readonly tenantCustomDomains?: CustomDomainPolicy | undefined
  /**
   * What the session keeps of userinfo's claims; `signed` are those of the verified ID token, null where a refresh brought
   * none. By default name, e-mail, picture, and roles as id and name, where what is signed wins. Synchronous.
   */
  readonly profile?: ChooseProfile | undefined
  /** Whether `GET /token` gives the access token to scripts of our own pages. Off by default. */
  readonly exposeAccessToken?: boolean | undefined
  /**
   * Whether the vendor's SDKs for React and Vue find what they read, for pages of our own origin: `GET /sdk/session`,
   * `/sdk/logout`, and with `exposeAccessToken` as well `/sdk/token`. Off by default.
   */
  readonly frontEndSdk?: boolean | undefined
}

/** What {@link wristbandProvider} takes: the options of its routes, and those of `createWristbandClient` or a `client`. */
export type WristbandProviderOptions = WristbandMountOptions & ClientOr<WristbandClientOptions, WristbandClient>

/**
 * Sign-in with Wristband as routes of `createAuth`: `GET /wristband/login` (`tenant_name`, `tenant_custom_domain`,
 * `login_hint`, `idp_hint`, `prompt`, `max_age`, `return_url`) and `GET /wristband/callback` under its base path; opt-in
 * `GET /wristband/token` and `GET /wristband/sdk/…`. Register the callback and `logout/next` at Wristband. Signing out revokes the refresh token and
 * ends the sign-on of the tenant that the user signed in at, proven or not, at its own domain or its host; else that of
 * the configured one.
 *
 * @throws `core/invalid_option`, also for a `client` beside options of a client, and for `single` or `subdomain` without
 *   a proof of the tenant
 */
export function wristbandProvider(options: WristbandProviderOptions): AuthProvider<'wristband'> {
  const {
    tenancy: givenTenancy,
    tenantCustomDomains = 'validate',
    profile,
    exposeAccessToken = false,
    frontEndSdk = false,
    ...clientOrOptions
  } = checkOptions(factory, options, providerRules)
  const client = clientOf<WristbandClientOptions, WristbandClient>(factory, clientOrOptions, createWristbandClient)
  const tenancy = checkTenancy(factory, givenTenancy)
  const resolveTenantId = tenantProof(client.application, tenancy)
  const application = { ...client.application, profile, resolveTenantId }
  return {
    name: 'wristband',
    mount(host) {
      application.reports.subscribe(host.observeVendor)
      const mounted = mountApplication({ application, tenancy, tenantCustomDomains }, host)
      return {
        accountIssuers: [application.accountIssuer],
        signInPath: '/login',
        routes: [
          ...[loginRoute(mounted), callbackRoute(mounted)],
          ...(exposeAccessToken ? [tokenRoute(mounted)] : []),
          ...(frontEndSdk ? frontEndSdkRoutes(mounted, { exposesToken: exposeAccessToken }) : []),
        ],
        bearer: {
          issuers: application.issuers,
          recall: client.bearers.recall,
          verify: client.bearers.verifyAnew,
        },
        isValidFor: createHostCheck(application, tenancy),
        async refresh(tokens, identity) {
          const { refreshIdentity } = await loadProtocol()
          return refreshIdentity(application, { tokens, identity }, (why) => {
            host.emit({ type: 'provider.profile_kept', ...faultOf(why) })
          })
        },
        ...signOutOf(mounted),
      }
    },
  }
}

const factory = 'wristbandProvider'

const providerRules: OptionRules<WristbandProviderOptions> = {
  client: rule(
    'must be made by createWristbandClient',
    (value) => option.object.holds(value) && option.object.holds((value as Partial<WristbandClient>).application),
  ),
  ...optionalRules(wristbandClientRules),
  tenancy: required(option.object),
  tenantCustomDomains: customDomainPolicy,
  profile: option.function,
  exposeAccessToken: option.boolean,
  frontEndSdk: option.boolean,
}

/**
 * What a tenant must prove. Where one tenant is meant, users of the others must not get in by editing an address: without
 * a proof there is no start.
 */
function tenantProof({ resolveTenantId }: Application, tenancy: Tenancy): Application['resolveTenantId'] {
  const tenantId = tenancy.kind === 'single' ? tenancy.tenantId : undefined
  if (tenantId !== undefined) {
    if (resolveTenantId === undefined) return () => tenantId
    throw invalidOption(factory, 'tenancy', 'has a `tenantId`, which must not be given beside `resolveTenantId`')
  }
  if (resolveTenantId === undefined && tenancy.kind !== 'query') {
    const means = tenancy.kind === 'single' ? '`tenantId` in it, or `resolveTenantId`' : '`resolveTenantId`'
    throw invalidOption(factory, 'tenancy', `is \`${tenancy.kind}\`, which needs a proof of the tenant: ${means}`)
  }
  return resolveTenantId
}

type SignOut = Required<Pick<MountedProvider<'wristband'>, 'signOut' | 'formActionOrigins'>>

function signOutOf({ application, tenancy }: MountedApplication): SignOut {
  const tenantOf = ({ tenant, profile }: WristbandIdentity, tokens: WristbandTokens | null): TenantReference | null => {
    const { tenantCustomDomain: customDomain } = profile
    const name = tenant?.name ?? tokens?.tenantName ?? configuredTenant(tenancy)
    if (customDomain !== undefined) return { customDomain }
    return name === null ? null : { name }
  }
  return {
    async signOut(tokens, identity, { returnTo }) {
      const { revoke } = await loadProtocol()
      const tenant = tenantOf(identity, tokens)
      const [fault] = await Promise.all([
        tokens === null ? undefined : revoke(application, tokens).then(() => undefined, faultIn),
        application.configuration.read(),
      ])
      const url = tenant === null ? undefined : signOutUrl(application, { tenant, returnTo })
      return { url, failure: fault?.code, reason: fault?.reason }
    },
    formActionOrigins(session) {
      const identity = session?.identities.wristband
      if (identity === undefined) return []
      // A session does not say at which tenant nothing was proven: any of the application's may be the one.
      const isUnproven = tenancy.kind === 'query' && identity.tenant?.name === undefined
      if (isUnproven && identity.profile.tenantCustomDomain === undefined) return anyTenantOrigins(application)
      const tenant = tenantOf(identity, null)
      return tenant === null ? [] : signOutOrigins(application, tenant)
    },
  }
}

/** Why a revocation failed: our own session has ended all the same. */
function faultIn(error: unknown): ReturnType<typeof faultOf> {
  if (!isAuthError(error)) throw error
  return faultOf(error)
}
