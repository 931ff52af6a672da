import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import { createVendorHttp } from '@latchkey/core/http'
import { checkOptions, invalidOption, type JsonObject, systemClock } from '@latchkey/core/provider'
import { requireAlgorithms, requireClockTolerance, requireEndpoint, requireText } from '../option-checks.ts'
import { createJwks, type Jwks } from '../verify/jwks.ts'
import { type ClientAuthentication, requireClientAuthentication } from './client-authentication.ts'
import { finishLogin, type LoginClient, type OidcLoginResult } from './finish-login.ts'
import { type OidcTransaction, type StartLoginOptions, startLogin } from './start-login.ts'
import { requestUserinfo } from './userinfo.ts'

/** What is known of a provider. Endpoints are https, or http on loopback. */
export interface OidcMetadata {
  /** Accepted `iss` values, compared exactly; the provider's own first. Several while a custom domain is introduced. */
  readonly issuers: readonly [string, ...string[]]
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly userinfoEndpoint?: string
  readonly jwksUri: string
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

/** A relying party of one provider. It keeps no session and sets no cookie. */
export interface OidcClient {
  readonly jwks: Jwks
  /**
   * Begins a login: a URL to send the browser to, and the transaction to keep, sealed and bound to that browser, until
   * it comes back. Calls nobody.
   *
   * @throws `core/invalid_option`
   */
  startLogin(options: StartLoginOptions): Promise<{ readonly url: URL; readonly transaction: OidcTransaction }>
  /**
   * Finishes a login: checks the callback, redeems the code, verifies the ID token and that the access token belongs to
   * it. Nothing is called or returned before every check so far has passed. A transaction must be used once only.
   *
   * @throws `oidc/callback_invalid`, `oidc/state_mismatch`, `oidc/response_issuer_mismatch`, `oidc/client_refused`,
   *   `oidc/token_request_failed`, `oidc/token_response_invalid`, `oidc/id_token_missing`, `oidc/token_malformed`,
   *   `oidc/algorithm_not_allowed`, `oidc/key_not_found`, `oidc/jwks_unavailable`, `oidc/signature_invalid`,
   *   `oidc/type_not_allowed`, `oidc/issuer_mismatch`, `oidc/subject_missing`, `oidc/audience_mismatch`,
   *   `oidc/authorized_party_mismatch`, `oidc/token_expired`, `oidc/issued_at_invalid`, `oidc/not_yet_valid`,
   *   `oidc/nonce_mismatch`, `oidc/access_token_hash_mismatch`, `oidc/subject_mismatch`, and the `core/…` codes of
   *   `VendorHttp.fetch`
   * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
   */
  finishLogin(callback: URL, transaction: OidcTransaction): Promise<OidcLoginResult>
  /**
   * Calls userinfo and requires its `sub` to be `subject`: that of the verified ID token.
   *
   * @throws `oidc/userinfo_failed`, `oidc/subject_mismatch`, `core/invalid_option` without a `userinfoEndpoint`, and the
   *   `core/…` codes of `VendorHttp.json`
   * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
   */
  userinfo(accessToken: string, subject: string): Promise<JsonObject>
}

const factory = 'createOidcClient'

/**
 * Makes a client of an OpenID Connect provider: code flow with PKCE, `state` and `nonce`, and strict verification.
 *
 * @throws `core/invalid_option`
 */
export function createOidcClient(metadata: OidcMetadata, options: OidcClientOptions): OidcClient {
  checkMetadata(metadata)
  const client = createLoginClient(metadata, options)
  return {
    jwks: client.jwks,
    startLogin: (start) =>
      startLogin({ clientId: client.clientId, authorizationEndpoint: metadata.authorizationEndpoint }, start),
    finishLogin: (callback, transaction) => finishLogin(client, callback, transaction),
    userinfo: async (accessToken, subject) => {
      if (metadata.userinfoEndpoint === undefined) {
        throw invalidOption(factory, 'userinfoEndpoint', 'is needed to call userinfo')
      }
      return requestUserinfo(client.http, { endpoint: metadata.userinfoEndpoint, accessToken, subject })
    },
  }
}

function createLoginClient(metadata: OidcMetadata, options: OidcClientOptions): LoginClient {
  checkOptions(factory, options, [
    'clientId',
    'clientAuthentication',
    'idTokenAlgorithms',
    'clockToleranceSeconds',
    'fetch',
    'clock',
    'userAgent',
  ])
  const { clientId, clientAuthentication, clockToleranceSeconds = 10, fetch, clock, userAgent } = options
  requireText(factory, 'clientId', clientId)
  requireClientAuthentication(factory, clientId, clientAuthentication)
  requireClockTolerance(factory, 'clockToleranceSeconds', clockToleranceSeconds)
  const algorithms = requireAlgorithms(factory, 'idTokenAlgorithms', options.idTokenAlgorithms)
  return {
    metadata,
    clientId,
    clientAuthentication,
    algorithms,
    clockToleranceSeconds,
    clock: clock ?? systemClock,
    http: createVendorHttp({ ...(fetch && { fetch }), ...(userAgent !== undefined && { userAgent }) }),
    jwks: createJwks({ jwksUri: metadata.jwksUri, algorithms, fetch, clock }),
  }
}

function checkMetadata(metadata: OidcMetadata): void {
  checkOptions(factory, metadata, [
    'issuers',
    'authorizationEndpoint',
    'tokenEndpoint',
    'userinfoEndpoint',
    'jwksUri',
    'authorizationResponseIssuer',
  ])
  const { issuers, userinfoEndpoint, authorizationResponseIssuer = 'optional' } = metadata
  if (!Array.isArray(issuers) || issuers.length === 0) throw invalidOption(factory, 'issuers', 'must name an issuer')
  for (const issuer of issuers) requireText(factory, 'issuers', issuer)
  requireEndpoint(factory, 'authorizationEndpoint', metadata.authorizationEndpoint)
  requireEndpoint(factory, 'tokenEndpoint', metadata.tokenEndpoint)
  requireEndpoint(factory, 'jwksUri', metadata.jwksUri)
  if (userinfoEndpoint !== undefined) requireEndpoint(factory, 'userinfoEndpoint', userinfoEndpoint)
  if (!['required', 'optional'].includes(authorizationResponseIssuer)) {
    throw invalidOption(factory, 'authorizationResponseIssuer', 'must be required or optional')
  }
}
