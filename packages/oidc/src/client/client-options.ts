import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import type { VendorReports } from '@latchkey/core/http'
import {
  algorithmList,
  clockTolerance,
  type OptionRules,
  option,
  required,
  rule,
  type Seconds,
} from '@latchkey/core/provider'
import type { ClientAuthentication } from './client-authentication.ts'

/** What is known of a provider. Endpoints are https, or http on loopback. */
export interface OidcMetadata {
  /** Accepted `iss` values, compared exactly; the provider's own first. Several while a custom domain is introduced. */
  readonly issuers: readonly [string, ...string[]]
  /** Where a login begins. */
  readonly authorizationEndpoint: string
  /** Where codes and refresh tokens are redeemed. */
  readonly tokenEndpoint: string
  /** Where the claims about a user are. */
  readonly userinfoEndpoint?: string | undefined
  /** Where the keys are. */
  readonly jwksUri: string
  /** Where tokens are revoked. */
  readonly revocationEndpoint?: string | undefined
  /** Where a browser goes to sign out of the provider, too. */
  readonly endSessionEndpoint?: string | undefined
  /** Where authorization requests are sent from the back end, by `pushAuthorizationRequest` (RFC 9126). */
  readonly pushedAuthorizationRequestEndpoint?: string | undefined
  /** Whether the callback must carry `iss` (RFC 9207). Defaults to `optional`: checked where present. */
  readonly authorizationResponseIssuer?: 'required' | 'optional' | undefined
}

/** Options of {@link createOidcClient}. */
export interface OidcClientOptions {
  /** Of the client at the provider. */
  readonly clientId: string
  /** How the client proves itself. */
  readonly clientAuthentication: ClientAuthentication
  /** Accepted `alg` values of ID tokens. Defaults to `['RS256']`. */
  readonly idTokenAlgorithms?: readonly SignatureAlgorithm[] | undefined
  /**
   * Whether access tokens are never looked into: some providers name the user in them by another `sub`. Default false: one
   * that names a user must name the user of the ID token.
   */
  readonly opaqueAccessTokens?: boolean | undefined
  /** How far `iat` and `nbf` may lie ahead of our clock, in seconds, up to 300. `exp` has no tolerance. Defaults to 10. */
  readonly clockToleranceSeconds?: Seconds | undefined
  /** The fetch of every request. By default what `createVendorHttp` of `@latchkey/core/http` has. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * The only hosts that may be at an address that is not on the public internet, for metadata that somebody else wrote. By
   * default all. Checked on Node, where a name is resolved to connect, and not with a `fetch` of yours.
   */
  readonly privateHosts?: readonly string[] | undefined
  /** The time in whole seconds since the epoch. Defaults to the system's. */
  readonly clock?: (() => Seconds) | undefined
  /** Defaults to `latchkey`. */
  readonly userAgent?: string | undefined
  /** Where the client reports its requests. Defaults to a place of its own. */
  readonly reports?: VendorReports | undefined
}

/** How long one call to the provider may take. */
export interface VendorCallOptions {
  /** To the last byte of the answer, 5 by default. */
  readonly deadlineSeconds?: number | undefined
}

/** What {@link OidcMetadata} must be. */
export const metadataRules: OptionRules<OidcMetadata> = {
  issuers: required(option.filledList(option.text)),
  authorizationEndpoint: required(option.webUrl),
  tokenEndpoint: required(option.webUrl),
  userinfoEndpoint: option.webUrl,
  jwksUri: required(option.webUrl),
  revocationEndpoint: option.webUrl,
  endSessionEndpoint: option.webUrl,
  pushedAuthorizationRequestEndpoint: option.webUrl,
  authorizationResponseIssuer: option.oneOf(['required', 'optional']),
}

const authenticationKinds: readonly string[] = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']

/** What {@link OidcClientOptions} must be. */
export const clientRules: OptionRules<OidcClientOptions> = {
  clientId: required(option.text),
  clientAuthentication: required(
    rule(`must be an object whose \`kind\` is one of ${authenticationKinds.join(', ')}`, (value) =>
      authenticationKinds.includes((value as Partial<ClientAuthentication>)?.kind ?? ''),
    ),
  ),
  idTokenAlgorithms: algorithmList,
  opaqueAccessTokens: option.boolean,
  clockToleranceSeconds: clockTolerance,
  fetch: option.function,
  privateHosts: option.list(option.text),
  clock: option.function,
  // Its form is checked by the HTTP client that sends it.
  userAgent: option.text,
  reports: option.object,
}
