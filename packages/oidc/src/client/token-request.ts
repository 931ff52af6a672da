import type { VendorHttp } from '@latchkey/core/http'
import type { AuthorizationServer, Client } from 'oauth4webapi'
import { type ClientAuthentication, toClientAuth } from './client-authentication.ts'
import type { OidcTransaction } from './start-login.ts'

/** How a code is redeemed. */
export interface TokenRequest {
  readonly http: VendorHttp
  readonly tokenEndpoint: string
  /** The issuer that the callback named, or the first of the metadata. */
  readonly issuer: string
  readonly clientId: string
  readonly clientAuthentication: ClientAuthentication
  /** The parameters of the callback, already checked. */
  readonly parameters: URLSearchParams
  readonly transaction: OidcTransaction
}

/**
 * Redeems an authorization code, once, with PKCE and the redirect URI of the login.
 *
 * @throws `core/…` of the transport
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 */
export async function sendTokenRequest(request: TokenRequest): Promise<Response> {
  const oauth = await import('oauth4webapi')
  const server: AuthorizationServer = { issuer: request.issuer, token_endpoint: request.tokenEndpoint }
  const client: Client = { client_id: request.clientId }
  return oauth.authorizationCodeGrantRequest(
    server,
    client,
    toClientAuth(request.clientAuthentication),
    oauth.validateAuthResponse(server, client, request.parameters, request.transaction.state),
    request.transaction.redirectUri,
    request.transaction.codeVerifier,
    // oxlint-disable-next-line typescript/no-deprecated -- the endpoint was checked before: http is on loopback only
    { [oauth.customFetch]: request.http.fetch, [oauth.allowInsecureRequests]: true },
  )
}
