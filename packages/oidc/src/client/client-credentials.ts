import { checkOptions, type OptionRules, scopeList } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import type { OidcClient } from './oidc-client.ts'
import { tokenRequest } from './token-request.ts'
import type { OidcRefreshedTokens } from './token-response.ts'

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
  const answer = await tokenRequest(client, {
    grantType: 'client_credentials',
    parameters: scopes.length === 0 ? {} : { scope: scopes.join(' ') },
  })
  if (answer.kind === 'refused') throw oidcError('oidc/grant_refused', { cause: { error: answer.error } })
  const { accessToken, expiresAt, scope } = answer.tokens
  return { accessToken, expiresAt, scope }
}
