import type { JsonObject } from '@latchkey/core/provider'
import { z } from 'zod'
import { wristbandError } from './errors.ts'
import type { WristbandProfile } from './identity.ts'

const schema = z.object({
  name: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().nullish(),
  picture: z.string().nullish(),
  roles: z.array(z.object({ id: z.string(), name: z.string(), display_name: z.string().nullish() })).nullish(),
  custom_claims: z.record(z.string(), z.json()).nullish(),
})

/** @throws `wristband/userinfo_invalid` */
export function parseProfile(claims: JsonObject): WristbandProfile {
  const parsed = schema.safeParse(claims)
  if (!parsed.success) {
    // Only the names of our own schema: keys below them are the vendor's.
    throw wristbandError('wristband/userinfo_invalid', { cause: { claim: String(parsed.error.issues[0]?.path[0]) } })
  }
  const { name, email, email_verified: emailVerified, picture, roles, custom_claims: customClaims } = parsed.data
  return {
    ...(name && { name }),
    ...(email && { email }),
    ...(typeof emailVerified === 'boolean' && { emailVerified }),
    ...(picture && { picture }),
    ...(roles && { roles: roles.map(roleOf) }),
    ...(customClaims && { customClaims }),
  }
}

type Role = NonNullable<z.infer<typeof schema>['roles']>[number]

function roleOf({ id, name, display_name: displayName }: Role): NonNullable<WristbandProfile['roles']>[number] {
  return displayName ? { id, name, displayName } : { id, name }
}
