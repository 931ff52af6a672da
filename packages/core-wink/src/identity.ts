import type { Identity } from '@latchkey/core'
import type { BaseProfile, Seconds } from '@latchkey/core/provider'
import type { AccessTokenClaims } from './access-token.ts'
import type { AuthenticationTime } from './authentication-time.ts'
import { winkError } from './errors.ts'
import type { ProfileAnswer } from './schema.ts'

/** What Wink tells of a person. Never from the claims of a token: those are placeholders (`tok_…`). */
export interface WinkProfile extends BaseProfile {
  /** The Wink tag, with its semicolon: `;stage-t`. Unique over all of Wink. */
  readonly tag?: string
  /** As Wink displays it: `(875) 945-3854`. Not E.164. */
  readonly phone?: string
  /** All that Wink shows of the date of birth. */
  readonly birthYear?: number
}

/** A person at Wink. `subject` is the Wink token: unique for each person and client id. */
export type WinkIdentity = Identity<'wink', WinkProfile>

declare module '@latchkey/core' {
  interface Identities {
    wink: WinkIdentity
  }
}

/**
 * Makes the identity of verified claims and of the profile that verify-client gave, if it was asked.
 *
 * @throws `wink/profile_mismatch`
 */
export function winkIdentity(
  { subject, tag }: AccessTokenClaims,
  {
    profile,
    issuer,
    signedInAt,
    authentication,
  }: {
    readonly profile: ProfileAnswer | null
    readonly issuer: string
    readonly signedInAt: Seconds
    readonly authentication: AuthenticationTime
  },
): WinkIdentity {
  if (profile !== null) {
    const sameTag = tag === null || !profile.winkTag || profile.winkTag === tag
    if (profile.winkToken !== subject || !sameTag) throw winkError('wink/profile_mismatch')
  }
  return {
    provider: 'wink',
    issuer,
    subject,
    signedInAt,
    ...authentication,
    profile: profile === null ? withoutEmpty({ tag }) : winkProfile(profile, tag),
  }
}

function winkProfile(answer: ProfileAnswer, tag: string | null): WinkProfile {
  return withoutEmpty({
    name: [answer.firstName, answer.lastName].filter((part) => part).join(' '),
    email: answer.email,
    tag: answer.winkTag || tag,
    phone: answer.contactNo,
    birthYear: birthYearOf(answer.dateOfBirth),
  })
}

/** The date is masked but for its year. */
function birthYearOf(date: string | null | undefined): number | null {
  const year = /(?<!\d)\d{4}(?!\d)/.exec(date ?? '')
  return year === null ? null : Number(year[0])
}

type Loose<T> = { readonly [K in keyof T]: T[K] | null | undefined }

function withoutEmpty(profile: Loose<WinkProfile>): WinkProfile {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value))
}
