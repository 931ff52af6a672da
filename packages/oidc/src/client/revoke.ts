import { invalidOption } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import type { VendorCallOptions } from './client-options.ts'
import { type ClientSetup, factory } from './client-setup.ts'
import { readJsonObject } from './token-response.ts'

/** What is told about a token that is revoked. */
export interface RevocationRequest extends VendorCallOptions {
  /** The kind of token, which saves the provider a search. */
  readonly hint?: 'refresh_token' | 'access_token'
}

/** See {@link OidcClient.revoke}. */
export async function revoke(
  { metadata, requests, http }: ClientSetup,
  token: string,
  { hint, deadlineSeconds }: RevocationRequest,
): Promise<void> {
  const { issuers, revocationEndpoint } = metadata
  if (revocationEndpoint === undefined) {
    throw invalidOption(factory, 'revocationEndpoint', 'is needed to revoke a token')
  }
  const server = { issuer: issuers[0], revocation_endpoint: revocationEndpoint }
  const response = await requests.send(http(deadlineSeconds), ({ oauth, client, authentication, options }) =>
    oauth.revocationRequest(server, client, authentication, token, {
      ...options,
      additionalParameters: hint === undefined ? {} : { token_type_hint: hint },
    }),
  )
  const { status } = response
  if (status === 200) return
  const isClientRefused = (await readJsonObject(response))?.['error'] === 'invalid_client'
  throw oidcError(isClientRefused ? 'oidc/client_refused' : 'oidc/revocation_failed', { cause: { status } })
}
