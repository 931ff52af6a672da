import type { JsonObject } from '@latchkey/core/provider'
import { requestUserinfo } from '@latchkey/oidc'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
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
 * @throws `wristband/userinfo_invalid`, `wristband/profile_failed`
 */
export async function profileOf(
  { profile }: Application,
  userinfo: JsonObject,
  customDomain: CustomDomain | null,
): Promise<WristbandProfile> {
  const kept = profile === undefined ? await defaultProfile(userinfo) : chosenProfile(profile, userinfo)
  return customDomain === null ? kept : { ...kept, tenantCustomDomain: customDomain }
}

/** More fits into no session cookie, and is no profile in a store either. */
const longestProfile = 16_384

/** What the app's function chooses, as the session will have it: as JSON, and not as an object that the app still holds. */
function chosenProfile(profile: NonNullable<Application['profile']>, userinfo: JsonObject): WristbandProfile {
  const text = textOf(() => profile(structuredClone(userinfo)))
  if (text.length > longestProfile) {
    throw wristbandError('wristband/profile_failed', {
      hint: `\`profile\` returned ${text.length} characters of JSON; ${longestProfile} are the most. Keep ids, and read the rest where it is used.`,
    })
  }
  return JSON.parse(text) as WristbandProfile
}

/** Of the app's error nothing is kept: its text may hold claims. */
function textOf(choose: () => unknown): string {
  try {
    const chosen = choose()
    if (isPlainObject(chosen)) return JSON.stringify(chosen)
  } catch {
    // Refused below.
  }
  throw wristbandError('wristband/profile_failed')
}

/** Whether a value is an object of no class: a promise, a list or a `Map` is none. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

async function defaultProfile(userinfo: JsonObject): Promise<WristbandProfile> {
  // zod is loaded when it is first needed.
  const { parseProfile } = await import('./userinfo-schema.ts')
  return parseProfile(userinfo)
}
