import { invalidOption, type JsonObject } from '@latchkey/core/provider'
import type { Jwks } from '../verify/jwks.ts'
import { type ClientCredentialsRequest, type ClientCredentialsTokens, clientCredentials } from './client-credentials.ts'
import type { OidcClientOptions, OidcMetadata, VendorCallOptions } from './client-options.ts'
import { createClientSetup, factory } from './client-setup.ts'
import {
  finishLogin,
  type OidcLoginResult,
  type OidcTransaction,
  type StartLoginOptions,
  startLogin,
} from './code-flow.ts'
import { type OidcRefreshResult, type RefreshExpectation, refresh } from './refresh.ts'
import { type RevocationRequest, revoke } from './revoke.ts'
import { requestUserinfo } from './userinfo.ts'

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
  userinfo(accessToken: string, subject: string, options?: VendorCallOptions): Promise<JsonObject>
  /**
   * Exchanges a refresh token. What comes back must belong to the same user: an ID token, where there is one, passes
   * all checks of a login, names the subject that is expected, and has the login's `nonce` or none.
   *
   * @throws the codes of {@link OidcClient.finishLogin} from `oidc/client_refused` on, but `oidc/id_token_missing`
   * @see https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens
   */
  refresh(refreshToken: string, expected: RefreshExpectation): Promise<OidcRefreshResult>
  /**
   * Asks for an access token of the application itself.
   *
   * @throws `oidc/client_refused`, `oidc/grant_refused`, `oidc/token_request_failed`, `oidc/token_response_invalid`, and
   *   the `core/…` codes of `VendorHttp.fetch`
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
   */
  clientCredentials(request?: ClientCredentialsRequest): Promise<ClientCredentialsTokens>
  /**
   * Revokes a token. One that the provider does not know counts as revoked.
   *
   * @throws `oidc/client_refused`, `oidc/revocation_failed`, `core/invalid_option` without a `revocationEndpoint`, and the
   *   `core/…` codes of `VendorHttp.fetch`
   * @see https://www.rfc-editor.org/rfc/rfc7009
   */
  revoke(token: string, request?: RevocationRequest): Promise<void>
}

/**
 * Makes a client of an OpenID Connect provider: code flow with PKCE, `state` and `nonce`, and strict verification.
 *
 * @throws `core/invalid_option`
 */
export function createOidcClient(metadata: OidcMetadata, options: OidcClientOptions): OidcClient {
  const client = createClientSetup(metadata, options)
  const defaults = { clientId: client.clientId, authorizationEndpoint: metadata.authorizationEndpoint }
  return {
    jwks: client.verification.jwks,
    startLogin: (start) => startLogin(defaults, start),
    finishLogin: (callback, transaction) => finishLogin(client, callback, transaction),
    refresh: (refreshToken, expected) => refresh(client, refreshToken, expected),
    clientCredentials: (request = {}) => clientCredentials(client, request),
    revoke: (token, request = {}) => revoke(client, token, request),
    userinfo: async (accessToken, subject, { deadlineSeconds } = {}) => {
      if (metadata.userinfoEndpoint === undefined) {
        throw invalidOption(factory, 'userinfoEndpoint', 'is needed to call userinfo')
      }
      return requestUserinfo(client.http(deadlineSeconds), {
        endpoint: metadata.userinfoEndpoint,
        accessToken,
        subject,
      })
    },
  }
}
