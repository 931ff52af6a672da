import type { JsonObject } from '@latchkey/core/provider'
import { accessTokenClaims } from './access-token.ts'
import type { Application } from './application.ts'
import type { WristbandProfile } from './identity.ts'

/** Describes the person of an access token. See {@link Wristband.userinfo}. */
export async function userinfo(application: Application, accessToken: string): Promise<WristbandProfile> {
  const { sub } = await accessTokenClaims(application, accessToken)
  // No person has the subject '': without one, every answer is refused.
  return profileOf(await application.oidc.userinfo(accessToken, typeof sub === 'string' ? sub : ''))
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
