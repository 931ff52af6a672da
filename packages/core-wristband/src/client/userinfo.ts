import type { JsonObject } from '@latchkey/core/provider'
import { requestUserinfo } from '@latchkey/oidc'
import type { Application } from '../application/application.ts'
import type { WristbandProfile } from '../model/identity.ts'
import type { CustomDomain } from '../tenant/reference.ts'
import { accessTokenClaims, subjectOf } from './access-token.ts'

/** Describes the user of an access token. See {@link WristbandClient.userinfo}. */
export async function userinfo(application: Application, accessToken: string): Promise<JsonObject> {
  const subject = subjectOf(await accessTokenClaims(application, accessToken, 'trusted'))
  return requestUserinfo(application.oidc, { accessToken, subject })
}

/**
 * What an identity keeps of a userinfo answer: little, for it travels in a cookie. It says nothing of who the user is:
 * that is in the verified claims.
 *
 * @throws `wristband/userinfo_invalid`, and what the app's `profile` throws
 */
export async function profileOf(
  { profile }: Application,
  userinfo: JsonObject,
  customDomain: CustomDomain | null,
): Promise<WristbandProfile> {
  const kept = profile === undefined ? await defaultProfile(userinfo) : profile(userinfo)
  return customDomain === null ? kept : { ...kept, tenantCustomDomain: customDomain }
}

async function defaultProfile(userinfo: JsonObject): Promise<WristbandProfile> {
  // zod is loaded when it is first needed.
  const { parseProfile } = await import('./userinfo-schema.ts')
  return parseProfile(userinfo)
}
