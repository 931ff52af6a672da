import { clients, type Tenant, type TenantName, tenants, type User, type UserName, users } from '../seed.ts'
import type { CallbackFaults } from '../server/callback-faults.ts'
import type { Times } from '../server/faults.ts'
import { mutationOf, requireKnown } from '../server/known-names.ts'
import type { TokenFaults } from '../server/planned-tokens.ts'
import type { Route } from '../server/router.ts'
import { openSystem, type RunningSystem, type Surroundings, type SystemOptions } from '../server/start-system.ts'
import type { WristbandApplication } from './application.ts'
import { authorizeApplication, showApplicationLogin, showSignup, submitTenant } from './application-pages.ts'
import { authorize } from './authorize.ts'
import { validateCustomDomain } from './custom-domains.ts'
import { showLogin, submitLogin } from './login-page.ts'
import { logout } from './logout.ts'
import { discovery, jwks, sdkConfiguration } from './metadata.ts'
import { createWristbandState, type WristbandState, type WristbandSwitches } from './state.ts'
import { applicationUrl, isTenantHost, vanityUrl, vendor } from './tenant-host.ts'
import { revoke, token } from './token.ts'
import { userinfo } from './userinfo.ts'

/** The short names of Wristband's endpoints, for the journal and for faults. */
export type WristbandEndpoint =
  | 'authorize'
  | 'login'
  | 'application-authorize'
  | 'application-login'
  | 'signup'
  | 'token'
  | 'userinfo'
  | 'revoke'
  | 'jwks'
  | 'logout'
  | 'sdk-configuration'
  | 'custom-domains-validate'
  | 'discovery'

/** Where Wristband listens, and what is registered for the application. */
export interface WristbandSystemOptions extends SystemOptions {
  /** The redirect URIs to accept, to the letter; one may hold `{tenant_name}`. By default any of this machine. */
  readonly redirectUris?: readonly string[] | undefined
  /** Where a sign-out may go on, in the same way. By default anywhere on this machine. */
  readonly logoutUrls?: readonly string[] | undefined
}

/** A running Wristband. */
export interface EmulatedWristband extends RunningSystem<WristbandEndpoint>, TokenFaults, CallbackFaults {
  /** What an application is configured with, such as `localhost:4001`; a tenant's host is `acme.localhost:4001`. */
  readonly applicationDomain: string
  /** The application's other domain, in force while its custom domain is not: `app-example.localhost:4001`. */
  readonly vanityDomain: string
  /** The `iss` of tokens now: it follows the custom domain. */
  readonly issuer: string
  /** The seeded client. */
  readonly clientId: string
  /** The newest. An example: it opens nothing but this emulator. */
  readonly clientSecret: string
  /** The seeded tenants. */
  readonly tenants: Readonly<Record<TenantName, Tenant>>
  /** Those who can sign in. */
  readonly users: Readonly<Record<UserName, User>>
  /** What Wristband leaves open; can be changed at any time. */
  readonly switches: WristbandSwitches
  /** What its dashboard holds; can be changed at any time. */
  readonly application: WristbandApplication
  /** Accepts this redirect URI, exactly as it is written; from then on no others but those registered. It may hold `{tenant_name}`. */
  registerRedirectUri(uri: string): void
  /** Accepts this address to go to after a sign-out; from then on no others but those registered. */
  registerLogoutUrl(url: string): void
  /** Makes a new client secret; the one before it stays good until the next rotation. */
  rotateClientSecret(): string
  /** Signs with a new key; `retire` unpublishes the earlier ones. */
  rotateKeys(options?: { readonly retire?: boolean }): Promise<void>
  /** The next sign-in, at whatever tenant, gives the code of somebody at this tenant. */
  codeOfTenant(tenant: TenantName, options?: Times): void
  /** Changes the next answer of userinfo; `wrong-sub` makes it another user's. */
  mutateUserinfo(
    mutation: 'wrong-sub' | ((claims: Record<string, unknown>) => Record<string, unknown>),
    options?: Times,
  ): void
}

export async function startWristband(
  where: Surroundings & WristbandSystemOptions,
): Promise<{ readonly system: EmulatedWristband; close(): Promise<void> }> {
  const { common, serve, close } = await openSystem<WristbandEndpoint>(where)
  const state = createWristbandState(common.url, common.clock)
  serve({ vendor, routes: routesOf(state), isTenantHost: isTenantHost(common.url) })
  const { application } = state
  for (const uri of where.redirectUris ?? []) application.redirectUris.add(uri)
  for (const url of where.logoutUrls ?? []) application.logoutUrls.add(url)
  const system: EmulatedWristband = {
    ...common,
    ...state.signer.faults,
    ...state.callbacks.faults,
    applicationDomain: new URL(common.url).host,
    vanityDomain: new URL(vanityUrl(common.url)).host,
    get issuer() {
      return applicationUrl(state)
    },
    clientId: clients.wristband.clientId,
    get clientSecret() {
      return state.clientSecrets.primary
    },
    tenants,
    users,
    switches: state.switches,
    application,
    registerRedirectUri: (uri) => void application.redirectUris.add(uri),
    registerLogoutUrl: (url) => void application.logoutUrls.add(url),
    rotateClientSecret: () => state.clientSecrets.rotate(),
    rotateKeys: (options) => state.keys.rotate(options),
    codeOfTenant(tenant, { times } = {}) {
      requireKnown('tenant', tenant, Object.keys(tenants))
      state.plannedTenants.add(tenant, times)
    },
    mutateUserinfo: (mutation, { times } = {}) =>
      state.plannedUserinfo.add(mutationOf(mutation, userinfoMutations), times),
    clearFaults() {
      common.clearFaults()
      state.signer.clear()
      state.callbacks.clear()
      state.plannedTenants.clear()
      state.plannedUserinfo.clear()
    },
  }
  return { system, close }
}

const userinfoMutations: Readonly<Record<string, (claims: Record<string, unknown>) => Record<string, unknown>>> = {
  'wrong-sub': (claims) => ({ ...claims, sub: 'another-subject' }),
}

const routesOf = (state: WristbandState): readonly Route<WristbandEndpoint>[] => [
  { endpoint: 'authorize', method: 'GET', path: '/api/v1/oauth2/authorize', on: 'tenant', handle: authorize(state) },
  { endpoint: 'login', method: 'GET', path: '/login', on: 'tenant', handle: showLogin(state) },
  { endpoint: 'login', method: 'POST', path: '/login', on: 'tenant', handle: submitLogin(state) },
  { endpoint: 'logout', method: 'GET', path: '/api/v1/logout', on: 'tenant', handle: logout(state) },
  {
    endpoint: 'discovery',
    method: 'GET',
    path: '/.well-known/openid-configuration',
    on: 'tenant',
    handle: discovery(state),
  },
  { endpoint: 'token', method: 'POST', path: '/api/v1/oauth2/token', handle: token(state) },
  { endpoint: 'revoke', method: 'POST', path: '/api/v1/oauth2/revoke', handle: revoke(state) },
  { endpoint: 'userinfo', method: 'GET', path: '/api/v1/oauth2/userinfo', handle: userinfo(state) },
  { endpoint: 'jwks', method: 'GET', path: '/api/v1/oauth2/jwks', handle: jwks(state) },
  {
    endpoint: 'sdk-configuration',
    method: 'GET',
    path: '/api/v1/clients/:clientId/sdk-configuration',
    handle: sdkConfiguration(state),
  },
  {
    endpoint: 'custom-domains-validate',
    method: 'POST',
    path: '/api/v1/custom-domains/validate',
    handle: validateCustomDomain(state),
  },
  {
    endpoint: 'application-authorize',
    method: 'GET',
    path: '/api/v1/oauth2/authorize',
    handle: authorizeApplication(state),
  },
  { endpoint: 'application-login', method: 'GET', path: '/login', handle: showApplicationLogin },
  { endpoint: 'application-login', method: 'POST', path: '/login', handle: submitTenant(state) },
  { endpoint: 'signup', method: 'GET', path: '/signup', handle: showSignup },
]
