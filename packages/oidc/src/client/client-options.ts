import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import type { ClientAuthentication } from './client-authentication.ts'

/** What is known of a provider. Endpoints are https, or http on loopback. */
export interface OidcMetadata {
  /** Accepted `iss` values, compared exactly; the provider's own first. Several while a custom domain is introduced. */
  readonly issuers: readonly [string, ...string[]]
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly userinfoEndpoint?: string
  readonly jwksUri: string
  readonly revocationEndpoint?: string
  /** Whether the callback must carry `iss` (RFC 9207). Defaults to `optional`: checked where present. */
  readonly authorizationResponseIssuer?: 'required' | 'optional'
}

/** Options of {@link createOidcClient}. */
export interface OidcClientOptions {
  readonly clientId: string
  readonly clientAuthentication: ClientAuthentication
  /** Accepted `alg` values of ID tokens. Defaults to `['RS256']`. */
  readonly idTokenAlgorithms?: readonly SignatureAlgorithm[]
  /** How far `iat` and `nbf` may lie ahead of our clock, in seconds, up to 300. `exp` has no tolerance. Defaults to 10. */
  readonly clockToleranceSeconds?: number
  readonly fetch?: typeof globalThis.fetch
  /** The time in whole seconds since the epoch. Defaults to the system's. */
  readonly clock?: () => number
  /** Defaults to `latchkey`. */
  readonly userAgent?: string
}

/** How long one call to the provider may take. */
export interface VendorCallOptions {
  /** To the last byte of the answer, 5 by default. */
  readonly deadlineSeconds?: number
}
