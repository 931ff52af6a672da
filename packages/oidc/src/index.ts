/**
 * An OpenID Connect relying party: sign-in with any OpenID provider as routes of `createAuth`, and below it a client as a
 * plain value, with the functions that take it.
 *
 * @module
 */

export type { ClientAuthentication, ClientPrivateKey, ClientSecret } from './client/client-authentication.ts'
export { basicAuthorization } from './client/client-authentication.ts'
export type { ClientCredentialsRequest, ClientCredentialsTokens } from './client/client-credentials.ts'
export { clientCredentials } from './client/client-credentials.ts'
export type { OidcClientOptions, OidcMetadata, VendorCallOptions } from './client/client-options.ts'
export type { AuthorizationRequestOptions, OidcLoginResult, OidcTransaction } from './client/code-flow.ts'
export { authorizationRequest, exchangeCode } from './client/code-flow.ts'
export type { OidcClient } from './client/oidc-client.ts'
export { createOidcClient } from './client/oidc-client.ts'
export { postAsClient } from './client/post-as-client.ts'
export type { OidcRefreshResult, RefreshExpectation } from './client/refresh.ts'
export { refreshTokens } from './client/refresh.ts'
export type { RefreshedTokens, StoredRefreshResult } from './client/refresh-stored.ts'
export { newestRefreshToken, refreshStoredTokens } from './client/refresh-stored.ts'
export type { RevocationRequest } from './client/revoke.ts'
export { revokeToken } from './client/revoke.ts'
export type { StoredTokens } from './client/stored-tokens.ts'
export { refreshFailure, storedTokens } from './client/stored-tokens.ts'
export type { OidcRefreshedTokens, OidcTokens } from './client/token-response.ts'
export { requestUserinfo, requestUserinfoAgain } from './client/userinfo.ts'
export { failureCause, isBusy } from './errors/busy.ts'
export { oidcError } from './errors/oidc-errors.ts'
export { algorithmList, clockTolerance, scopeList } from './errors/options.ts'
export type { PrivateKey } from './provider/authentication.ts'
export type { BearerOptions } from './provider/bearer-options.ts'
export { chosenProfile } from './provider/chosen-profile.ts'
export type { OidcIdentity } from './provider/oidc-provider.ts'
export { oidcProvider } from './provider/oidc-provider.ts'
export type { OidcProviderOptions } from './provider/options.ts'
export type { UserClaims } from './provider/user-claims.ts'
export { claimsInOne } from './provider/user-claims.ts'
export type { SignatureAlgorithm } from './verify/index.ts'
