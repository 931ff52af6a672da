/**
 * An OpenID Connect relying party: a client as a plain value, and the functions that take it.
 *
 * @module
 */

export type { ClientAuthentication, ClientSecret } from './client/client-authentication.ts'
export { basicAuthorization } from './client/client-authentication.ts'
export type { ClientCredentialsRequest, ClientCredentialsTokens } from './client/client-credentials.ts'
export { clientCredentials } from './client/client-credentials.ts'
export type { OidcClientOptions, OidcMetadata, VendorCallOptions } from './client/client-options.ts'
export type { AuthorizationRequestOptions, OidcLoginResult, OidcTransaction } from './client/code-flow.ts'
export { authorizationRequest, exchangeCode } from './client/code-flow.ts'
export type { OidcClient } from './client/oidc-client.ts'
export { createOidcClient } from './client/oidc-client.ts'
export type { OidcRefreshResult, RefreshExpectation } from './client/refresh.ts'
export { refreshTokens } from './client/refresh.ts'
export type { RevocationRequest } from './client/revoke.ts'
export { revokeToken } from './client/revoke.ts'
export type { StoredTokens } from './client/stored-tokens.ts'
export { refreshFailure, storedTokens } from './client/stored-tokens.ts'
export type { OidcRefreshedTokens, OidcTokens } from './client/token-response.ts'
export { requestUserinfo } from './client/userinfo.ts'
export { oidcError } from './errors/oidc-errors.ts'
export { algorithmList, clockTolerance, scopeList } from './errors/options.ts'
export type { SignatureAlgorithm } from './verify/index.ts'
