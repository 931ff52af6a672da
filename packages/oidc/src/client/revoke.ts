import { invalidOption } from '@latchkey/core/provider'
import { failureCause } from '../errors/busy.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import type { VendorCallOptions } from './client-options.ts'
import { isClientRefused } from './client-proofs.ts'
import { factory, type OidcClient } from './oidc-client.ts'
import { postAsClient } from './post-as-client.ts'
import { newestRefreshToken } from './refresh-stored.ts'

/** What is told about a token that is revoked. */
export interface RevocationRequest extends VendorCallOptions {
  /** The kind of token, which saves the provider a search. */
  readonly hint?: 'refresh_token' | 'access_token' | undefined
}

/**
 * Revokes a token, or the one that came in its place by a refresh that could not be completed. One that the provider does not know counts as revoked, and so does any answer of success.
 *
 * @throws `oidc/client_refused`, `oidc/revocation_failed`, `core/invalid_option` without a `revocationEndpoint`, and the
 *   `core/…` codes of `VendorHttp.fetch`
 * @see https://www.rfc-editor.org/rfc/rfc7009
 */
export async function revokeToken(
  client: OidcClient,
  token: string,
  { hint, deadlineSeconds }: RevocationRequest = {},
): Promise<void> {
  const { revocationEndpoint } = client.metadata
  if (revocationEndpoint === undefined) {
    throw invalidOption(factory, 'revocationEndpoint', 'is needed to revoke a token')
  }
  const newest = newestRefreshToken(client, token)
  const parameters = hint === undefined ? { token: newest } : { token: newest, token_type_hint: hint }
  const answer = await postAsClient(client, revocationEndpoint, {
    parameters,
    name: 'revocation',
    deadlineSeconds,
  })
  // RFC 7009 says 200; what matters is that it is no refusal: providers answer 202 and 204 as well.
  if (answer.ok) return
  const code = isClientRefused(answer) ? 'oidc/client_refused' : 'oidc/revocation_failed'
  throw oidcError(code, { cause: failureCause(answer) })
}
