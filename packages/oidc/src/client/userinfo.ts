import { isJsonObject, ownMember } from '@latchkey/core/crypto'
import { invalidOption, type JsonObject } from '@latchkey/core/provider'
import { requireNotBusy } from '../errors/busy.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { isSameText } from '../verify/claims.ts'
import type { VendorCallOptions } from './client-options.ts'
import { factory, type OidcClient } from './oidc-client.ts'

/**
 * Asks the userinfo endpoint about the user of an access token.
 *
 * @param subject The `sub` of the verified ID token: userinfo must have the same.
 * @throws `oidc/provider_busy`, `oidc/userinfo_failed`, `oidc/subject_mismatch`, `core/invalid_option` without a `userinfoEndpoint`, and the
 *   `core/…` codes of `VendorHttp.json`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
export async function requestUserinfo(
  { metadata, httpWithin }: OidcClient,
  { accessToken, subject }: { readonly accessToken: string; readonly subject: string },
  { deadlineSeconds }: VendorCallOptions = {},
): Promise<JsonObject> {
  if (metadata.userinfoEndpoint === undefined) {
    throw invalidOption(factory, 'userinfoEndpoint', 'is needed to call userinfo')
  }
  const { status, headers, body } = await httpWithin(deadlineSeconds).json(metadata.userinfoEndpoint, {
    headers: { authorization: `Bearer ${accessToken}` },
    retry: true,
  })
  requireNotBusy({ status, headers })
  if (status !== 200 || !isJsonObject(body)) throw oidcError('oidc/userinfo_failed', { cause: { status } })
  if (!isSameText(ownMember(body, 'sub'), subject)) throw oidcError('oidc/subject_mismatch')
  return body
}
