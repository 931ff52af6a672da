import type { BaseProfile, Identity, Seconds } from '@latchkey/core'
import type { ProfileAnswer } from '../api/answers.ts'
import { winkError } from '../model/errors.ts'
import type { AccessTokenClaims } from '../tokens/access-token.ts'
import type { AuthenticationTime } from '../tokens/authentication-time.ts'

/** What Wink tells of a user. Never from the claims of a token: those are placeholders (`tok_…`). */
export interface WinkProfile extends BaseProfile {
  /** The Wink tag, with its semicolon: `;stage-t`. Unique over all of Wink. */
  readonly tag?: string | undefined
  /** As Wink displays it: `(875) 945-3854`. Not E.164. */
  readonly phone?: string | undefined
  /** All that Wink shows of the date of birth. */
  readonly birthYear?: number | undefined
  /**
   * Until when Wink has vouched for this, in seconds since the Unix epoch: the end of the newest access token that was
   * verified, or verify-client's `expiryTime` where that is earlier. A record, not a limit: sessions have lifetimes of
   * their own.
   */
  readonly verifiedUntil: Seconds
}

/** A user at Wink. `subject` is the Wink token: unique for each user and client id. */
export type WinkIdentity = Identity<'wink', WinkProfile>

declare module '@latchkey/core' {
  interface Identities {
    /** An identity of Wink. */
    wink: WinkIdentity
  }
}

/**
 * Makes the identity of verified claims and of the profile that verify-client gave, if it was asked.
 *
 * @throws `wink/profile_mismatch`
 */
export function winkIdentity(
  { subject, tag, expiresAt }: AccessTokenClaims,
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
    profile: {
      ...(profile === null ? withoutEmpty({ tag }) : winkProfile(profile, tag)),
      verifiedUntil: Math.min(expiresAt, secondsOf(profile?.expiryTime) ?? expiresAt),
    },
  }
}

function winkProfile(answer: ProfileAnswer, tag: string | null): Described {
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

/** Wink writes `2023-03-22T17:43:22Z`; null for anything that does not say which moment it means. */
function secondsOf(time: string | null | undefined): Seconds | null {
  const milliseconds = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(time ?? '')
    ? Date.parse(time ?? '')
    : Number.NaN
  // Back ends write the first day of their calendar for a time that they do not have: `0001-01-01T00:00:00Z`.
  return milliseconds > 0 ? Math.floor(milliseconds / 1000) : null
}

type Described = Omit<WinkProfile, 'verifiedUntil'>

type Loose<T> = { readonly [K in keyof T]: T[K] | null | undefined }

function withoutEmpty(profile: Loose<Described>): Described {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value))
}
