import type { JsonObject } from '@latchkey/core/provider'
import { z } from 'zod'
import { wristbandError } from '../model/errors.ts'
import type { WristbandUserinfo } from '../model/identity.ts'

const text = z.string().nullish()

const schema = z.object({
  sub: z.string(),
  tnt_id: text,
  app_id: text,
  idp_name: text,
  name: text,
  given_name: text,
  middle_name: text,
  family_name: text,
  nickname: text,
  preferred_username: text,
  picture: text,
  email: text,
  email_verified: z.boolean().nullish(),
  phone_number: text,
  phone_number_verified: z.boolean().nullish(),
  gender: text,
  birthdate: text,
  zoneinfo: text,
  locale: text,
  updated_at: z.number().nullish(),
  roles: z.array(z.object({ id: z.string(), name: z.string(), display_name: text })).nullish(),
  custom_claims: z.record(z.string(), z.json()).nullish(),
})

/**
 * Our names for what userinfo says; what is absent, null or empty is left out.
 *
 * @throws `wristband/userinfo_invalid`
 */
export function parseUserinfo(claims: JsonObject): WristbandUserinfo {
  const parsed = schema.safeParse(claims)
  if (!parsed.success) {
    // Only the names of our own schema: keys below them are the vendor's.
    throw wristbandError('wristband/userinfo_invalid', { cause: { claim: String(parsed.error.issues[0]?.path[0]) } })
  }
  const { sub, roles, ...rest } = parsed.data
  return {
    subject: sub,
    ...present({
      tenantId: rest.tnt_id,
      applicationId: rest.app_id,
      identityProvider: rest.idp_name,
      name: rest.name,
      givenName: rest.given_name,
      middleName: rest.middle_name,
      familyName: rest.family_name,
      nickname: rest.nickname,
      displayName: rest.preferred_username,
      picture: rest.picture,
      email: rest.email,
      emailVerified: rest.email_verified,
      phoneNumber: rest.phone_number,
      phoneNumberVerified: rest.phone_number_verified,
      gender: rest.gender,
      birthdate: rest.birthdate,
      timeZone: rest.zoneinfo,
      locale: rest.locale,
      updatedAt: rest.updated_at,
      roles: roles?.map(({ id, name, display_name: displayName }) => ({ id, name, ...present({ displayName }) })),
      customClaims: rest.custom_claims,
    }),
  }
}

type Present<T> = { [Name in keyof T]?: NonNullable<T[Name]> }

function present<T extends object>(members: T): Present<T> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return Object.fromEntries(entries) as Present<T>
}
