import { checkOptions, invalidOption, parseWebUrl, type Seconds } from '@latchkey/core/provider'
import { createOidcClient, type OidcClient } from '@latchkey/oidc'
import { createDomains, type Domains, isApplicationDomain } from './domains.ts'
import type { TenantIdLookup } from './tenant-proof.ts'

/** The options of `createWristband`. */
export interface WristbandOptions {
  readonly clientId: string
  readonly clientSecret: string
  /**
   * The application's vanity domain, or its custom domain: a host without scheme. On loopback (`localhost:4001`) the
   * scheme is http.
   */
  readonly applicationDomain: string
  /** Whether the application's custom domain is active: tenants are then `{tenant}.{applicationDomain}`. Off by default. */
  readonly customDomain?: boolean
  /** The `iss` values that tokens may have: several while a custom domain is being activated. The application's origin by default. */
  readonly issuers?: readonly string[]
  /** The issuer that people are keyed by; it must never change. The first of `issuers` by default. */
  readonly accountIssuer?: string
  /** `openid`, `offline_access`, `profile`, `email` and `roles` by default: a session that renews, with name and roles. */
  readonly scopes?: readonly string[]
  /**
   * The id (`tnt_id`) that a tenant must prove, from your own record of tenants; null for no such tenant. Without it
   * anyone of any tenant of this application signs in, and `identity.tenant.name` is never set.
   */
  readonly tenantId?: TenantIdLookup
  /** The fetch of every request to Wristband. */
  readonly fetch?: typeof globalThis.fetch
  /** The time in whole seconds. */
  readonly clock?: () => Seconds
}

/** A Wristband application, its options checked. */
export interface Application {
  readonly clientId: string
  readonly domains: Domains
  readonly issuers: readonly [string, ...string[]]
  readonly accountIssuer: string
  readonly scopes: readonly string[]
  readonly tenantId: TenantIdLookup | undefined
  readonly oidc: OidcClient
  readonly clock: () => Seconds
}

const factory = 'createWristband'
const known = [
  'clientId',
  'clientSecret',
  'applicationDomain',
  'customDomain',
  'issuers',
  'accountIssuer',
  'scopes',
  'tenantId',
  'fetch',
  'clock',
]
const defaultScopes = ['openid', 'offline_access', 'profile', 'email', 'roles']

/**
 * Checks the options and makes the OpenID Connect client behind an application.
 *
 * @throws `core/invalid_option`
 */
export function createApplication(options: WristbandOptions): Application {
  check(options)
  const { clientId, clientSecret, applicationDomain, customDomain = false, scopes = defaultScopes, tenantId } = options
  const clock = options.clock ?? (() => Math.floor(Date.now() / 1000))
  const domains = createDomains(applicationDomain, customDomain)
  const origin = domains.applicationOrigin
  const [issuer = origin, ...otherIssuers] = options.issuers ?? []
  const issuers = [issuer, ...otherIssuers] as const
  const oidc = createOidcClient(
    {
      issuers: [issuer, ...otherIssuers],
      authorizationEndpoint: `${origin}/api/v1/oauth2/authorize`,
      tokenEndpoint: `${origin}/api/v1/oauth2/token`,
      userinfoEndpoint: `${origin}/api/v1/oauth2/userinfo`,
      jwksUri: `${origin}/api/v1/oauth2/jwks`,
    },
    {
      clientId,
      clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
      ...(options.clock && { clock: options.clock }),
      ...(options.fetch && { fetch: options.fetch }),
    },
  )
  const accountIssuer = options.accountIssuer ?? issuer
  return { clientId, domains, issuers, accountIssuer, scopes: [...scopes], tenantId, oidc, clock }
}

function check(options: WristbandOptions): void {
  checkOptions(factory, options, known)
  const require = (option: keyof WristbandOptions, holds: boolean, problem: string): void => {
    if (!holds) throw invalidOption(factory, option, problem)
  }
  const optional = (option: keyof WristbandOptions, type: 'boolean' | 'function'): void =>
    require(option, options[option] === undefined || typeof options[option] === type, `must be a ${type}`)

  require('clientId', isFilled(options.clientId), 'must be a string that is not blank')
  require('clientSecret', isFilled(options.clientSecret), 'must be a string that is not blank')
  require('applicationDomain', isApplicationDomain(
    options.applicationDomain,
  ), 'must be a host name in lower case, without scheme and path')
  optional('customDomain', 'boolean')
  const { issuers, accountIssuer, scopes } = options
  require('issuers', issuers === undefined ||
    isListOf(issuers, isIssuer), 'must be a list of https URLs (http on loopback)')
  require('accountIssuer', accountIssuer === undefined ||
    isIssuer(accountIssuer), 'must be an https URL (http on loopback)')
  require('scopes', scopes === undefined ||
    (isListOf(scopes, isScope) && scopes.includes('openid')), 'must be a list of scopes with `openid`')
  optional('tenantId', 'function')
  optional('fetch', 'function')
  optional('clock', 'function')
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function isListOf(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(holds)
}

function isIssuer(value: unknown): boolean {
  return parseWebUrl(value) !== null
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
function isScope(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}
