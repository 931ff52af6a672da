import type { VendorAnswer, VendorHttp } from '@latchkey/core/http'
import type * as oauth4webapi from 'oauth4webapi'
import type { TokenEndpointRequestOptions } from 'oauth4webapi'
import { startTrial } from './client-proofs.ts'
import { loadOauth } from './load-oauth.ts'
import type { OidcClient } from './oidc-client.ts'
import { readTokenResponse, type TokenAnswer } from './token-response.ts'

/** A grant, and what goes with it. */
export interface TokenRequest {
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials'
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Asks the token endpoint, as the client.
 *
 * @throws `oidc/client_refused`, `oidc/provider_busy`, `oidc/token_request_failed`, `oidc/token_response_invalid`, and
 *   `core/…` of the transport
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
export async function tokenRequest(client: OidcClient, { grantType, parameters }: TokenRequest): Promise<TokenAnswer> {
  const { metadata, clientId, clock, http } = client
  const oauth = await loadOauth()
  const server = { issuer: metadata.issuers[0], token_endpoint: metadata.tokenEndpoint }
  const party = { client_id: clientId }
  const options = requestOptions(oauth, http)
  const trial = await startTrial(client)
  try {
    let answer: VendorAnswer
    do {
      const sent = oauth.genericTokenEndpointRequest(server, party, trial.proof, grantType, parameters, options)
      answer = (await sent) as unknown as VendorAnswer
    } while (trial.triesAnother(answer))
    return await readTokenResponse(answer, { issuer: server.issuer, clientId, now: clock() })
  } finally {
    trial.end()
  }
}

/** What oauth4webapi sends a request with. What its fetch gives it hands on unread, so that need be no `Response`. */
function requestOptions(oauth: typeof oauth4webapi, http: VendorHttp): TokenEndpointRequestOptions {
  const send = http.sendAs('token') as unknown as typeof fetch
  // oxlint-disable-next-line typescript/no-deprecated -- endpoints were checked before: http is on loopback only
  return { [oauth.customFetch]: send, [oauth.allowInsecureRequests]: true }
}
