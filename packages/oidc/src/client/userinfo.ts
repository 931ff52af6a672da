import { isJsonObject, ownMember } from '@latchkey/core/crypto'
import type { VendorHttp } from '@latchkey/core/http'
import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { isSameText } from '../verify/claims.ts'

/**
 * Asks the userinfo endpoint about the user of an access token.
 *
 * @throws `oidc/userinfo_failed`, `oidc/subject_mismatch`, `core/…` of the transport
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
export async function requestUserinfo(
  http: VendorHttp,
  request: { readonly endpoint: string; readonly accessToken: string; readonly subject: string },
): Promise<JsonObject> {
  const { status, body } = await http.json(request.endpoint, {
    headers: { authorization: `Bearer ${request.accessToken}` },
    retry: true,
  })
  if (status !== 200 || !isJsonObject(body)) throw oidcError('oidc/userinfo_failed', { cause: { status } })
  if (!isSameText(ownMember(body, 'sub'), request.subject)) throw oidcError('oidc/subject_mismatch')
  return body
}
