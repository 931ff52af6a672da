import { isJsonObject, ownMember } from '@latchkey/core/crypto'
import type { Json, JsonObject } from '@latchkey/core/provider'
import { chosenProfile, claimsInOne, requestUserinfo, type UserClaims } from '@latchkey/oidc'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'
import type { WristbandProfile } from '../model/identity.ts'
import type { CustomDomain } from '../tenant/reference.ts'
import { accessTokenClaims, subjectOf } from './access-token.ts'
import type * as schema from './userinfo-schema.ts'

/** Describes the user of an access token. See {@link WristbandClient.userinfo}. */
export async function userinfo(application: Application, accessToken: string): Promise<JsonObject> {
  const subject = subjectOf(await accessTokenClaims(application, accessToken, 'trusted'))
  const { oidc } = await application.connection()
  return requestUserinfo(oidc, { accessToken, subject })
}

/**
 * What an identity keeps of what is said of a user: little, for it travels in a cookie. It says nothing of who the user
 * is: that is in the verified claims. Where the user signed in is not for `profile` to say.
 *
 * @throws `wristband/userinfo_invalid`, `wristband/profile_failed`
 */
export async function profileOf(
  { profile }: Application,
  user: WristbandClaims,
  customDomain: CustomDomain | null,
): Promise<WristbandProfile> {
  const { tenantCustomDomain: _notItsOwn, ...kept } =
    profile === undefined ? await defaultProfile(user) : chosen(profile, user)
  return customDomain === null ? kept : { ...kept, tenantCustomDomain: customDomain }
}

/** What is said of one user: `userinfo` is always asked. */
export type WristbandClaims = UserClaims & { readonly userinfo: JsonObject }

function chosen(profile: NonNullable<Application['profile']>, user: WristbandClaims): WristbandProfile {
  const { signed, userinfo } = structuredClone(user)
  const kept = chosenProfile(
    () => profile(userinfo, { signed }),
    (detail) => wristbandError('wristband/profile_failed', detail),
  )
  const [roles, customClaims] = [kept['roles'] ?? undefined, kept['customClaims'] ?? undefined]
  if (!isRoles(roles) || !isClaims(customClaims)) {
    throw wristbandError('wristband/profile_failed', {
      hint: '`profile` returned `roles` that are no list of `{ id, name }`, or `customClaims` that are no object.',
    })
  }
  return { ...kept, roles, customClaims }
}

function isRoles(roles: Json | undefined): roles is JsonRoles | undefined {
  const isRole = (role: Json): boolean =>
    isJsonObject(role) && typeof ownMember(role, 'id') === 'string' && typeof ownMember(role, 'name') === 'string'
  return roles === undefined || (Array.isArray(roles) && roles.every(isRole))
}

type JsonRoles = readonly { readonly id: string; readonly name: string }[]

function isClaims(claims: Json | undefined): claims is JsonObject | undefined {
  return claims === undefined || isJsonObject(claims)
}

let loading: Promise<typeof schema> | undefined

async function defaultProfile(user: WristbandClaims): Promise<WristbandProfile> {
  // zod is loaded when it is first needed, and once: `import()` of what is loaded takes longer than to use it.
  const { parseProfile } = await (loading ??= import('./userinfo-schema.ts'))
  return parseProfile(claimsInOne(user))
}
