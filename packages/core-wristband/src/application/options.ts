import {
  algorithmList,
  clockTolerance,
  type OptionRule,
  type OptionRules,
  option,
  required,
  rule,
  type Seconds,
  type Store,
  scopeList,
} from '@latchkey/core/provider'
import type { ClientSecret, SignatureAlgorithm } from '@latchkey/oidc'
import type { ResolveTenantId } from '../tenant/proof.ts'
import { isApplicationDomain } from '../tenant/reference.ts'

/** The options of `createWristbandClient`. */
export interface WristbandClientOptions {
  /** Of the application's client. */
  readonly clientId: string
  /** The client secret; while it is being replaced, the newest and those before it. */
  readonly clientSecret: ClientSecret
  /**
   * The application's vanity domain, or its custom domain: a host without scheme. On loopback (`localhost:4001`) the
   * scheme is http.
   */
  readonly applicationDomain: string
  /** Whether the application's custom domain is active: tenants are then `{tenant}.{applicationDomain}`. Off by default. */
  readonly isApplicationCustomDomainActive?: boolean | undefined
  /** The `iss` values that tokens may have: several while a custom domain is being activated. The application's origin by default. */
  readonly issuers?: readonly string[] | undefined
  /** The issuer that users are keyed by; it must never change. The first of `issuers` by default. */
  readonly accountIssuer?: string | undefined
  /** `openid`, `offline_access`, `profile`, `email` and `roles` by default: a session that refreshes, with name and roles. */
  readonly scopes?: readonly string[] | undefined
  /**
   * Whether Wristband is asked for what is not given here: `isApplicationCustomDomainActive`, `loginPageUrl`,
   * `applicationAuthorization` and the redirect URI of `startLogin`. Fetched on first use, or by `configure`. Off by
   * default.
   */
  readonly autoConfigure?: boolean | undefined
  /** The application's own page where users look for their tenant. Wristband's by default. */
  readonly loginPageUrl?: string | undefined
  /** Whether a login may begin without a tenant: "application authorization requests" at Wristband. Off by default. */
  readonly applicationAuthorization?: boolean | undefined
  /**
   * The id (`tnt_id`) that a tenant must prove, from your own record of tenants; null for no such tenant. It is asked
   * with a name or with a custom domain, one at a time. Without it any user of any tenant of this application signs in,
   * and `identity.tenant.name` is never set.
   */
  readonly resolveTenantId?: ResolveTenantId | undefined
  /** The clients whose access tokens `verifyAccessToken` accepts. Our own client by default. */
  readonly allowedClientIds?: readonly string[] | undefined
  /** Accepted `alg` values of tokens. `['RS256']` by default. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /**
   * Where processes share machine tokens, sealed under a key that is made from `clientSecret`. Without it each process
   * has its own.
   */
  readonly store?: Store | undefined
  /** How far Wristband's clock may differ from ours, in seconds: 0 to 300, 10 by default. `exp` has no tolerance. */
  readonly clockToleranceSeconds?: Seconds | undefined
  /** The fetch of every request to Wristband. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The time in whole seconds. */
  readonly clock?: (() => Seconds) | undefined
}

/** A secret, or a list of secrets with the newest first. */
const clientSecret: OptionRule = rule('must be a text that is not empty, or a list of them', (value) =>
  (Array.isArray(value) ? option.filledList(option.text) : option.text).holds(value),
)

const storeMethods = ['get', 'set', 'add', 'replace', 'remove'] as const

/** What {@link WristbandClientOptions} must be. */
export const wristbandClientRules: OptionRules<WristbandClientOptions> = {
  clientId: required(option.text),
  clientSecret: required(clientSecret),
  applicationDomain: required(rule('must be a host name in lower case, without scheme and path', isApplicationDomain)),
  isApplicationCustomDomainActive: option.boolean,
  issuers: option.filledList(option.webUrl),
  accountIssuer: option.webUrl,
  scopes: rule(
    'must be a list of scopes with `openid`',
    (value) => scopeList.holds(value) && (value as readonly string[]).includes('openid'),
  ),
  autoConfigure: option.boolean,
  loginPageUrl: option.webUrl,
  applicationAuthorization: option.boolean,
  resolveTenantId: option.function,
  allowedClientIds: option.filledList(option.text),
  algorithms: algorithmList,
  store: rule(`must have the methods ${storeMethods.join(', ')}`, (value) =>
    storeMethods.every((method) => typeof (value as Record<string, unknown> | null)?.[method] === 'function'),
  ),
  clockToleranceSeconds: clockTolerance,
  fetch: option.function,
  clock: option.function,
}
