import type { JsonObject } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import type { WristbandProfile, WristbandUserinfo } from '../model/identity.ts'
import type { CustomDomain } from '../tenant/reference.ts'
import { accessTokenClaims, subjectOf } from './access-token.ts'

/** Describes the user of an access token. See {@link Wristband.userinfo}. */
export async function userinfo(application: Application, accessToken: string): Promise<WristbandUserinfo> {
  const subject = subjectOf(await accessTokenClaims(application, accessToken, 'trusted'))
  return plainNames(await application.oidc.userinfo(accessToken, subject))
}

/**
 * What a session keeps of a userinfo answer: little, for it travels in a cookie. It holds no identity: that is in the
 * verified claims.
 *
 * @throws `wristband/userinfo_invalid`
 */
export async function profileOf(claims: JsonObject, customDomain: CustomDomain | null): Promise<WristbandProfile> {
  const { name, email, emailVerified, picture, roles, customClaims } = await plainNames(claims)
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(emailVerified !== undefined && { emailVerified }),
    ...(picture !== undefined && { picture }),
    ...(roles !== undefined && { roles }),
    ...(customClaims !== undefined && { customClaims }),
    ...(customDomain !== null && { tenantCustomDomain: customDomain }),
  }
}

async function plainNames(claims: JsonObject): Promise<WristbandUserinfo> {
  // zod is loaded when it is first needed.
  const { parseUserinfo } = await import('./userinfo-schema.ts')
  return parseUserinfo(claims)
}
