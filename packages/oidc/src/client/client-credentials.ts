import { checkOptions, type OptionRules, scopeList } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import type { OidcClient } from './oidc-client.ts'
import { postAsClient } from './post-as-client.ts'
import { type OidcRefreshedTokens, readTokenResponse } from './token-response.ts'

/** What an application asks for in its own name. */
export interface ClientCredentialsRequest {
  /** None is asked for if absent. */
  readonly scopes?: readonly string[] | undefined
}

/** An access token of the application itself. */
export type ClientCredentialsTokens = Pick<OidcRefreshedTokens, 'accessToken' | 'expiresAt' | 'scope'>

const rules: OptionRules<ClientCredentialsRequest> = { scopes: scopeList }

/**
 * Asks for an access token of the application itself.
 *
 * @throws `oidc/client_refused`, `oidc/grant_refused`, `oidc/token_request_failed`, `oidc/token_response_invalid`,
 *   `core/invalid_option`, and the `core/…` codes of `VendorHttp.fetch`
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function clientCredentials(
  client: OidcClient,
  request: ClientCredentialsRequest = {},
): Promise<ClientCredentialsTokens> {
  const { scopes = [] } = checkOptions('clientCredentials', request, rules)
  const posted = await postAsClient(client, client.metadata.tokenEndpoint, {
    parameters: { grant_type: 'client_credentials', ...(scopes.length > 0 && { scope: scopes.join(' ') }) },
    name: 'token',
  })
  const answer = await readTokenResponse(client, posted)
  if (answer.kind === 'refused') throw oidcError('oidc/grant_refused', { cause: { error: answer.error } })
  const { accessToken, expiresAt, scope } = answer.tokens
  return { accessToken, expiresAt, scope }
}
