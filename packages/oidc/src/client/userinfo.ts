import { isJsonObject, ownMember } from '@latchkey/core/crypto'
import { type AuthError, invalidOption, isAuthError, type Json, type JsonObject } from '@latchkey/core/provider'
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
    endpoint: 'userinfo',
  })
  requireNotBusy({ status, headers })
  if (status !== 200 || !isJsonObject(body)) throw oidcError('oidc/userinfo_failed', { cause: { status } })
  const named = ownMember(body, 'sub')
  if (!isSameText(named, subject)) throw oidcError('oidc/subject_mismatch', { cause: { named: isName(named) } })
  return body
}

function isName(subject: Json | undefined): boolean {
  return typeof subject === 'string' && subject !== ''
}

/** The tokens are there already: a slow description must not cost them. */
const againSeconds = 2

/**
 * Asks userinfo about a user whose tokens were refreshed. What it fails to say ends no sign-in that tokens have proven.
 *
 * @returns Its answer, or the error if there is none that names a user.
 * @throws `oidc/subject_mismatch` if it names another user
 */
export async function requestUserinfoAgain(
  client: OidcClient,
  user: { readonly accessToken: string; readonly subject: string },
): Promise<JsonObject | AuthError> {
  try {
    return await requestUserinfo(client, user, { deadlineSeconds: againSeconds })
  } catch (error) {
    if (!isAuthError(error)) throw error
    if (error.code !== 'oidc/subject_mismatch') return error
    const { named } = error.cause as { readonly named?: unknown }
    if (named === true) throw error
    return oidcError('oidc/userinfo_failed', { cause: { status: 200 } })
  }
}
