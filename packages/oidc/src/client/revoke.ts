import { invalidOption } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import type { VendorCallOptions } from './client-options.ts'
import { factory, type OidcClient } from './oidc-client.ts'
import { isClientRefused, requestOptions, secretsInOrder } from './token-request.ts'

/** What is told about a token that is revoked. */
export interface RevocationRequest extends VendorCallOptions {
  /** The kind of token, which saves the provider a search. */
  readonly hint?: 'refresh_token' | 'access_token' | undefined
}

/**
 * Revokes a token. One that the provider does not know counts as revoked.
 *
 * @throws `oidc/client_refused`, `oidc/revocation_failed`, `core/invalid_option` without a `revocationEndpoint`, and the
 *   `core/…` codes of `VendorHttp.fetch`
 * @see https://www.rfc-editor.org/rfc/rfc7009
 */
export async function revokeToken(
  { metadata, clientId, clock, secrets, httpWithin }: OidcClient,
  token: string,
  { hint, deadlineSeconds }: RevocationRequest = {},
): Promise<void> {
  if (metadata.revocationEndpoint === undefined) {
    throw invalidOption(factory, 'revocationEndpoint', 'is needed to revoke a token')
  }
  const oauth = await import('oauth4webapi')
  const server = { issuer: metadata.issuers[0], revocation_endpoint: metadata.revocationEndpoint }
  const party = { client_id: clientId }
  const options = {
    ...requestOptions(oauth, httpWithin(deadlineSeconds)),
    additionalParameters: hint === undefined ? {} : { token_type_hint: hint },
  }
  const [first, ...others] = secretsInOrder(secrets, clock())
  let response = await oauth.revocationRequest(server, party, first, token, options)
  for (const other of others) {
    if (!(await isClientRefused(response))) break
    response = await oauth.revocationRequest(server, party, other, token, options)
    if (response.ok) secrets.working = other
  }
  const { status } = response
  if (status === 200) return
  const isRefused = await isClientRefused(response)
  if (isRefused) secrets.refusedAt = clock()
  throw oidcError(isRefused ? 'oidc/client_refused' : 'oidc/revocation_failed', { cause: { status } })
}
