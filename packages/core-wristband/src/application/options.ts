import { checkOptions, invalidOption, parseWebUrl, type Seconds, type Vault } from '@latchkey/core/provider'
import type { ClientSecret, SignatureAlgorithm } from '@latchkey/oidc'
import type { TenantIdLookup } from '../tenant/proof.ts'
import { isApplicationDomain } from '../tenant/reference.ts'

/** The options of `createWristbandClient`. */
export interface WristbandClientOptions {
  readonly clientId: string
  /** The client secret; while it is being replaced, the newest and those before it. */
  readonly clientSecret: ClientSecret
  /**
   * The application's vanity domain, or its custom domain: a host without scheme. On loopback (`localhost:4001`) the
   * scheme is http.
   */
  readonly applicationDomain: string
  /** Whether the application's custom domain is active: tenants are then `{tenant}.{applicationDomain}`. Off by default. */
  readonly customDomain?: boolean
  /** The `iss` values that tokens may have: several while a custom domain is being activated. The application's origin by default. */
  readonly issuers?: readonly string[]
  /** The issuer that users are keyed by; it must never change. The first of `issuers` by default. */
  readonly accountIssuer?: string
  /** `openid`, `offline_access`, `profile`, `email` and `roles` by default: a session that refreshes, with name and roles. */
  readonly scopes?: readonly string[]
  /**
   * Whether what is not given here is asked of Wristband: `customDomain`, `loginPageUrl`, `applicationAuthorization` and
   * the redirect URI of `startLogin`. Fetched on first use, or by `configure`. Off by default.
   */
  readonly autoConfigure?: boolean
  /** The application's own page where users look for their tenant. Wristband's by default. */
  readonly loginPageUrl?: string
  /** Whether a login may begin without a tenant: "application authorization requests" at Wristband. Off by default. */
  readonly applicationAuthorization?: boolean
  /**
   * The id (`tnt_id`) that a tenant must prove, from your own record of tenants; null for no such tenant. Without it
   * anyone of any tenant of this application signs in, and `identity.tenant.name` is never set.
   */
  readonly tenantId?: TenantIdLookup
  /** Whose access tokens `verifyAccessToken` takes. Our own client's by default. */
  readonly allowedClientIds?: readonly string[]
  /** Accepted `alg` values of tokens. `['RS256']` by default. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** Shares machine tokens with everything else that has this vault: other bundles, and with a store other processes. */
  readonly vault?: Vault
  /** The fetch of every request to Wristband. */
  readonly fetch?: typeof globalThis.fetch
  /** The time in whole seconds. */
  readonly clock?: () => Seconds
}

const factory = 'createWristbandClient'

const known = [
  'clientId',
  'clientSecret',
  'applicationDomain',
  'customDomain',
  'issuers',
  'accountIssuer',
  'scopes',
  'autoConfigure',
  'loginPageUrl',
  'applicationAuthorization',
  'tenantId',
  'allowedClientIds',
  'algorithms',
  'vault',
  'fetch',
  'clock',
]

/**
 * Checks the options, all but the algorithms, which the OpenID Connect client checks.
 *
 * @throws `core/invalid_option`
 */
export function checkWristbandOptions(options: WristbandClientOptions): void {
  checkOptions(factory, options, known)
  const require = (option: keyof WristbandClientOptions, holds: boolean, problem: string): void => {
    if (!holds) throw invalidOption(factory, option, problem)
  }
  const optional = (option: keyof WristbandClientOptions, holds: (value: unknown) => boolean, problem: string): void =>
    require(option, options[option] === undefined || holds(options[option]), problem)

  require('clientId', isFilled(options.clientId), 'must be a string that is not blank')
  const { clientSecret } = options
  require('clientSecret', isFilled(clientSecret) ||
    isListOf(clientSecret, isFilled), 'must be a string that is not blank, or a list of them')
  require('applicationDomain', isApplicationDomain(
    options.applicationDomain,
  ), 'must be a host name in lower case, without scheme and path')
  for (const option of ['customDomain', 'autoConfigure', 'applicationAuthorization'] as const) {
    optional(option, (value) => typeof value === 'boolean', 'must be a boolean')
  }
  for (const option of ['accountIssuer', 'loginPageUrl'] as const) {
    optional(option, isWebUrl, 'must be an https URL (http on loopback)')
  }
  optional('issuers', (value) => isListOf(value, isWebUrl), 'must be a list of https URLs (http on loopback)')
  optional(
    'scopes',
    (value) => isListOf(value, isScope) && (value as string[]).includes('openid'),
    'must be a list of scopes with `openid`',
  )
  optional('allowedClientIds', (value) => isListOf(value, isFilled), 'must be a list of client ids')
  optional(
    'vault',
    (value) => typeof (value as Partial<Vault> | null)?.once === 'function',
    'must come from createVault',
  )
  for (const option of ['tenantId', 'fetch', 'clock'] as const) {
    optional(option, (value) => typeof value === 'function', 'must be a function')
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function isListOf(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(holds)
}

function isWebUrl(value: unknown): boolean {
  return parseWebUrl(value) !== null
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
function isScope(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}
