import { ownMember } from '@latchkey/core/crypto'
import { type AuthError, type BaseProfile, isAuthError, type JsonObject } from '@latchkey/core/provider'
import type { OidcClient } from '../client/oidc-client.ts'
import { requestUserinfo } from '../client/userinfo.ts'
import { oidcError } from '../errors/oidc-errors.ts'
import { chosenProfile } from './chosen-profile.ts'
import type { OidcProviderOptions } from './options.ts'
import { claimsInOne, type UserClaims } from './user-claims.ts'

/**
 * Asks userinfo where the provider has it. Null also where it refuses this access token, which may be for another API
 * alone: the ID token has proven who the user is.
 *
 * @throws the codes of `requestUserinfo`
 */
export async function userinfoOf(
  client: OidcClient,
  user: { readonly accessToken: string; readonly subject: string },
): Promise<JsonObject | null> {
  if (client.metadata.userinfoEndpoint === undefined) return null
  try {
    return await requestUserinfo(client, user)
  } catch (error) {
    if (isAuthError(error) && isRefusal(error)) return null
    throw error
  }
}

/** Whether userinfo does not take the access token. */
export function isRefusal({ code, cause }: AuthError): boolean {
  const { status } = (cause ?? {}) as { readonly status?: unknown }
  return code === 'oidc/userinfo_failed' && (status === 401 || status === 403)
}

/**
 * What the session keeps of a user, by the app's function or by default.
 *
 * @throws `oidc/profile_failed`
 */
export function profileOf(profile: OidcProviderOptions<string>['profile'], user: UserClaims): BaseProfile {
  const claims = claimsInOne(user)
  if (profile === undefined) return defaultProfile(claims)
  return chosenProfile(
    () => profile(structuredClone(claims), structuredClone(user)),
    (detail) => oidcError('oidc/profile_failed', detail),
  )
}

function defaultProfile(claims: JsonObject): BaseProfile {
  const [name, email, picture] = ['name', 'email', 'picture'].map((claim) => text(ownMember(claims, claim)))
  const verified = ownMember(claims, 'email_verified')
  return {
    name,
    ...(email !== undefined && { email, emailVerified: typeof verified === 'boolean' ? verified : undefined }),
    picture: pictureOf(picture),
  }
}

const mostCharacters = 1024

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= mostCharacters ? value : undefined
}

/** A picture that is no address is the picture itself, and too large for a session. */
function pictureOf(address: string | undefined): string | undefined {
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined
}
