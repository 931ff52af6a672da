import type { JsonObject } from '@latchkey/core/provider'
import * as z from 'zod/mini'
import { wristbandError } from '../model/errors.ts'
import type { WristbandProfile } from '../model/identity.ts'

const text = z.nullish(z.string())

/** Only what is kept is judged: other claims may be of any type. */
const schema = z.object({
  name: text,
  email: text,
  email_verified: z.nullish(z.boolean()),
  picture: text,
  roles: z.nullish(z.array(z.object({ id: z.string(), name: z.string() }))),
})

/**
 * The profile that identities have by default: name, e-mail, picture, and roles as id and name. What is absent, null or
 * empty is left out.
 *
 * @throws `wristband/userinfo_invalid`
 */
export function parseProfile(userinfo: JsonObject): WristbandProfile {
  const parsed = schema.safeParse(userinfo)
  if (!parsed.success) {
    // Only the names of our own schema: keys below them are the vendor's.
    throw wristbandError('wristband/userinfo_invalid', { cause: { claim: String(parsed.error.issues[0]?.path[0]) } })
  }
  const { name, email, email_verified: emailVerified, picture, roles } = parsed.data
  return present({ name, email, emailVerified, picture, roles })
}

type Present<T> = { [Name in keyof T]?: NonNullable<T[Name]> }

function present<T extends object>(members: T): Present<T> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return Object.fromEntries(entries) as Present<T>
}
