import type { OidcClient } from './oidc-client.ts'
import { postAsClient } from './post-as-client.ts'
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
  const { metadata, clientId, clock } = client
  const form = { ...parameters, grant_type: grantType }
  const answer = await postAsClient(client, metadata.tokenEndpoint, { parameters: form, name: 'token' })
  return readTokenResponse(answer, { issuer: metadata.issuers[0], clientId, now: clock() })
}
