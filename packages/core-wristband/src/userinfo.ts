import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '@latchkey/oidc'
import { accessTokenClaims } from './access-token.ts'
import type { Application } from './application.ts'
import type { WristbandProfile } from './identity.ts'

/** Describes the person of an access token. See {@link Wristband.userinfo}. */
export async function userinfo(application: Application, accessToken: string): Promise<WristbandProfile> {
  const subject = subjectOf(await accessTokenClaims(application, accessToken))
  return profileOf(await application.oidc.userinfo(accessToken, subject))
}

/**
 * Whom the claims of a verified token are about.
 *
 * @throws `oidc/subject_missing`
 */
export function subjectOf({ sub }: JsonObject): string {
  if (typeof sub !== 'string' || sub === '') throw oidcError('oidc/subject_missing')
  return sub
}

/**
 * Our profile of a userinfo answer. It holds no identity: that is in the verified claims.
 *
 * @throws `wristband/userinfo_invalid`
 */
export async function profileOf(claims: JsonObject): Promise<WristbandProfile> {
  // zod is loaded when it is first needed.
  const { parseProfile } = await import('./userinfo-schema.ts')
  return parseProfile(claims)
}
