import { equalInConstantTime, ownMember } from '@latchkey/core/crypto'
import type { Json, JsonObject, Seconds } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'

// Later than the year 5000: milliseconds that were taken for seconds.
const latestTime = 100_000_000_000

/** How far clocks may differ where the options do not say. */
export const defaultToleranceSeconds: Seconds = 10

/** @throws `oidc/type_not_allowed` */
export function requireType(header: JsonObject, types: readonly (string | null)[]): void {
  const type = ownMember(header, 'typ')
  const known =
    type === undefined ? types.includes(null) : typeof type === 'string' && types.includes(type.toLowerCase())
  if (!known) throw oidcError('oidc/type_not_allowed')
}

/** @throws `oidc/issuer_mismatch` */
export function requireIssuer(claims: JsonObject, issuers: readonly string[]): void {
  const issuer = ownMember(claims, 'iss')
  if (typeof issuer !== 'string' || !issuers.includes(issuer)) throw oidcError('oidc/issuer_mismatch')
}

/** @throws `oidc/subject_missing` */
export function requireSubject(claims: JsonObject): string {
  const subject = ownMember(claims, 'sub')
  if (typeof subject !== 'string' || subject === '' || subject.length > 255) throw oidcError('oidc/subject_missing')
  return subject
}

/** @throws `oidc/audience_mismatch` */
export function requireAudience(claims: JsonObject, expected: string): void {
  if (!audiences(claims).includes(expected)) throw oidcError('oidc/audience_mismatch')
}

/**
 * OpenID Connect Core 3.1.3.7, rules 3 to 5: further audiences are trusted only where `azp` says that the token was
 * issued to us.
 *
 * @throws `oidc/authorized_party_mismatch`
 */
export function requireAuthorizedParty(claims: JsonObject, clientId: string): void {
  const party = readClaim(claims, 'azp')
  if (party === undefined ? audiences(claims).length > 1 : party !== clientId) {
    throw oidcError('oidc/authorized_party_mismatch')
  }
}

/**
 * Checks `exp` (no tolerance), `iat` and `nbf`. The error's hint says by how much the clocks differ.
 *
 * @throws `oidc/token_expired`, `oidc/issued_at_invalid`, `oidc/not_yet_valid`
 */
export function requireTimes(
  claims: JsonObject,
  now: Seconds,
  toleranceSeconds: Seconds = defaultToleranceSeconds,
): void {
  // Comparisons are written so that a clock that is not a number passes nothing.
  const expiry = timeOf(claims, 'exp')
  if (expiry === undefined || !(expiry > now)) throw offTime('oidc/token_expired', expiry, { now, toleranceSeconds })
  const issuedAt = timeOf(claims, 'iat')
  if (issuedAt === undefined || !(issuedAt <= now + toleranceSeconds)) {
    throw offTime('oidc/issued_at_invalid', issuedAt, { now, toleranceSeconds })
  }
  if (readClaim(claims, 'nbf') === undefined) return
  const notBefore = timeOf(claims, 'nbf')
  if (notBefore === undefined || !(notBefore <= now + toleranceSeconds)) {
    throw offTime('oidc/not_yet_valid', notBefore, { now, toleranceSeconds })
  }
}

/** What is compared with the clock, so that a reader of the event can tell a clock that is off from a bad token. */
function offTime(
  code: 'oidc/token_expired' | 'oidc/issued_at_invalid' | 'oidc/not_yet_valid',
  time: Seconds | undefined,
  { now, toleranceSeconds }: { readonly now: Seconds; readonly toleranceSeconds: Seconds },
): Error {
  const secondsAhead = time === undefined ? Number.NaN : time - now
  if (!Number.isFinite(secondsAhead)) return oidcError(code)
  const hint =
    code === 'oidc/token_expired'
      ? `Its \`exp\` passed ${-secondsAhead} s ago by our clock; \`exp\` has no tolerance.`
      : `It is from ${secondsAhead} s ahead of our clock; \`clockToleranceSeconds\` allows ${toleranceSeconds} s.`
  return oidcError(code, { hint: `${hint} Compare the clocks.`, cause: { secondsAhead } })
}

/**
 * When the user authenticated: the first usable `auth_time` of verified claims. One that is 0, ahead of our clock or no
 * time says nothing.
 *
 * @returns At most `now`; undefined if no claims say it.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export function authenticationTime(
  claims: readonly JsonObject[],
  {
    now,
    clockToleranceSeconds = defaultToleranceSeconds,
  }: { readonly now: Seconds; readonly clockToleranceSeconds?: Seconds | undefined },
): Seconds | undefined {
  const times = claims.map((each) => timeOf(each, 'auth_time'))
  const usable = times.find((time) => time !== undefined && time > 0 && time <= now + clockToleranceSeconds)
  return usable === undefined ? undefined : Math.min(usable, now)
}

/** How a time is made whole: so that what ends ends early, and what begins begins late. */
const rounding: Readonly<Record<NumericDateClaim, (time: number) => number>> = {
  exp: Math.floor,
  auth_time: Math.floor,
  nbf: Math.ceil,
  iat: Math.ceil,
}

/** Claims that hold an instant. */
export type NumericDateClaim = 'exp' | 'auth_time' | 'nbf' | 'iat'

/**
 * A NumericDate of claims in whole seconds: `exp` and `auth_time` rounded down, `nbf` and `iat` up. Undefined for what is
 * no such date: a text, a negative or infinite number, milliseconds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-2
 */
export function timeOf(claims: JsonObject, name: NumericDateClaim): Seconds | undefined {
  const value = ownMember(claims, name)
  const isTime = typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < latestTime
  return isTime ? rounding[name](value) : undefined
}

/** A claim of one's own; undefined where it is null, which is how some providers write that there is none. */
export function readClaim(claims: JsonObject, name: string): Json | undefined {
  return ownMember(claims, name) ?? undefined
}

function audiences(claims: JsonObject): readonly string[] {
  const audience = ownMember(claims, 'aud')
  const list = Array.isArray(audience) ? audience : [audience]
  return list.every((entry) => typeof entry === 'string') ? list : []
}

/** Whether both are the same text, compared in constant time. Nothing and the empty text equal nothing. */
export function isSameText(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && one !== '' && equalInConstantTime(one, other)
}
