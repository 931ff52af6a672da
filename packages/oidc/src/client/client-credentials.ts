import { oidcError } from '../errors/oidc-errors.ts'
import type { ClientSetup } from './client-setup.ts'
import { type OidcRefreshedTokens, readTokenResponse } from './token-response.ts'

/** What an application asks for in its own name. */
export interface ClientCredentialsRequest {
  /** None is asked for if absent. */
  readonly scopes?: readonly string[]
}

/** An access token of the application itself. */
export type ClientCredentialsTokens = Pick<OidcRefreshedTokens, 'accessToken' | 'expiresAt' | 'scope'>

/** See {@link OidcClient.clientCredentials}. */
export async function clientCredentials(
  { metadata, clientId, clock, requests, http }: ClientSetup,
  { scopes = [] }: ClientCredentialsRequest,
): Promise<ClientCredentialsTokens> {
  const server = { issuer: metadata.issuers[0], token_endpoint: metadata.tokenEndpoint }
  const parameters = scopes.length === 0 ? {} : { scope: scopes.join(' ') }
  const response = await requests.send(http(), ({ oauth, client, authentication, options }) =>
    oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, options),
  )
  const answer = await readTokenResponse(response, { issuer: server.issuer, clientId, now: clock() })
  if (answer.kind === 'refused') throw oidcError('oidc/grant_refused', { cause: { error: answer.error } })
  const { accessToken, expiresAt, scope } = answer.tokens
  return { accessToken, expiresAt, ...(scope !== undefined && { scope }) }
}
