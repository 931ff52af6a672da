import { ownMember } from '@latchkey/core/crypto'
import type { Json, JsonObject } from '@latchkey/core/provider'

/** What is said of one user, by what says it. */
export interface UserClaims {
  /** The claims of the verified ID token; null where there is none. */
  readonly signed: JsonObject | null
  /** What userinfo says, which nobody signed; null where there is none. */
  readonly userinfo: JsonObject | null
}

/**
 * What is said of a user, in one: what is signed wins, and null says nothing. Whether an e-mail address is verified is said
 * of that address alone: of what is signed and what is not, neither vouches for the other's.
 */
export function claimsInOne({ signed, userinfo }: UserClaims): JsonObject {
  const [proven, told] = [present(signed), present(userinfo)]
  const { email_verified: _separately, ...claims } = { ...told, ...proven }
  const isVerified = emailVerified(proven, told)
  return isVerified === undefined ? claims : { ...claims, email_verified: isVerified }
}

function emailVerified(proven: JsonObject, told: JsonObject): Json | undefined {
  const [signedEmail, toldEmail] = [ownMember(proven, 'email'), ownMember(told, 'email')]
  const signed = ownMember(proven, 'email_verified')
  // A signed yes without the address that it is about could be about another; a signed no is taken all the same.
  if (signed !== undefined && (signedEmail !== undefined || signed !== true)) return signed
  return (signedEmail ?? toldEmail) === toldEmail ? ownMember(told, 'email_verified') : undefined
}

function present(claims: JsonObject | null): JsonObject {
  return Object.fromEntries(Object.entries(claims ?? {}).filter(([, value]) => value !== null))
}
