import { wiseError } from './errors.ts'

/** What a user of Wise can be found by. */
export interface WiseIdentityKeys {
  /** Wise's own id. */
  userId: { readonly userId: string }
  /** The id that you gave. */
  vendorUserId: { readonly vendorUserId: string }
  /** A verified address. */
  email: { readonly email: string; readonly emailVerified: true }
  /** A verified number, E.164. */
  phoneNumber: { readonly phoneNumber: string; readonly phoneVerified: true }
}

/** One of these keys, and none of the others. */
export type OneIdentity<Key extends keyof WiseIdentityKeys> = WiseIdentityKeys[Key] & {
  readonly [Other in Exclude<keyof WiseIdentityKeys, Key>]?: undefined
}

/**
 * A user as Wise is told about them. Exactly one key says who it is: `userId` (Wise's own), `vendorUserId` (yours,
 * the best choice), or a verified `email` or `phoneNumber`.
 *
 * - Ids have up to 255 characters. `email` is one plain address. `phoneNumber` is E.164: `+`, country, 7 to 15 digits.
 * - `name` is what Wise displays: up to 200 characters; white space at its ends is dropped.
 * - `profile` is the role in Wise. There is no value for administrators.
 */
export type WiseUser = (
  | OneIdentity<'userId'>
  | OneIdentity<'vendorUserId'>
  | OneIdentity<'email'>
  | OneIdentity<'phoneNumber'>
) & {
  readonly name: string
  readonly profile: 'student' | 'teacher'
}

/** What the token says of a user, in the order of the reference signer. */
export interface UserClaims {
  readonly identity: { readonly [Key in keyof WiseIdentityKeys]?: string }
  readonly profile: WiseUser['profile']
  readonly name: string
}

/**
 * Checks a user at run time as strictly as the type does, and takes only what the token carries.
 *
 * Members that are `undefined` do not count; `null` and `''` are refused; inherited members are not looked at.
 *
 * @throws `wise/identity_count`, `wise/identity_invalid`, `wise/identity_unverified`, `wise/name_invalid`,
 * `wise/profile_invalid`
 */
export function userClaims(user: WiseUser): UserClaims {
  return {
    identity: checkIdentity(user),
    profile: checkProfile(own(user, 'profile')),
    name: checkName(own(user, 'name')),
  }
}

const identityKeys = ['userId', 'vendorUserId', 'email', 'phoneNumber'] as const
const maximumNameLength = 200
/**
 * What Wise finds an account by. Nothing that one reader takes for one address or number and another for two: an e-mail
 * address is the plain form `local@host.name` without quotes and lists, a phone number is E.164.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
 * @see https://www.itu.int/rec/T-REC-E.164
 */
const forms: Readonly<Record<keyof WiseIdentityKeys, RegExp>> = {
  userId: /^.{1,255}$/u,
  vendorUserId: /^.{1,255}$/u,
  email:
    /^(?=.{3,254}$)(?!\.)(?!.*\.[.@])[^\s@<>()[\]\\,;:"]{1,64}@(?=[^@]{1,253}$)(?:(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-)\.)+(?=.*\p{L})(?!-)[\p{L}\p{M}\p{N}-]{2,63}(?<!-)$/u,
  phoneNumber: /^\+[1-9]\d{6,14}$/,
}
const neverInText = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u
/** Format characters, such as the zero-width space and the marks that turn the direction of a text. */
const unseen = /\p{Cf}/u

function checkIdentity(user: WiseUser): UserClaims['identity'] {
  const [key, ...others] = identityKeys.filter((name) => own(user, name) !== undefined)
  if (key === undefined || others.length > 0) throw wiseError('wise/identity_count')
  const value = own(user, key)
  if (typeof value !== 'string' || !forms[key].test(value) || !isPlain(key, value)) {
    throw wiseError('wise/identity_invalid', { cause: { key } })
  }
  if (key === 'email' && own(user, 'emailVerified') !== true)
    throw wiseError('wise/identity_unverified', { cause: { key } })
  if (key === 'phoneNumber' && own(user, 'phoneVerified') !== true)
    throw wiseError('wise/identity_unverified', { cause: { key } })
  return { [key]: value }
}

/** An address is read by others, who may leave out what is not seen, or take look-alikes for what they look like. */
function isPlain(key: keyof WiseIdentityKeys, text: string): boolean {
  if (text !== text.trim() || neverInText.test(text)) return false
  return key !== 'email' || (!unseen.test(text) && text === text.normalize('NFKC'))
}

function checkProfile(profile: unknown): WiseUser['profile'] {
  if (profile !== 'student' && profile !== 'teacher') throw wiseError('wise/profile_invalid')
  return profile
}

function checkName(name: unknown): string {
  if (typeof name !== 'string' || neverInText.test(name)) throw wiseError('wise/name_invalid')
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > maximumNameLength) throw wiseError('wise/name_invalid')
  return trimmed
}

function own(user: unknown, name: string): unknown {
  return typeof user === 'object' && user !== null && Object.hasOwn(user, name) ? Reflect.get(user, name) : undefined
}
