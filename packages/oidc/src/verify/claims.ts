import { equalInConstantTime, ownMember } from '@latchkey/core/crypto'
import type { JsonObject, Seconds } from '@latchkey/core/provider'
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
  const party = ownMember(claims, 'azp')
  if (party === undefined ? audiences(claims).length > 1 : party !== clientId) {
    throw oidcError('oidc/authorized_party_mismatch')
  }
}

/**
 * Checks `exp` (no tolerance), `iat` and `nbf`.
 *
 * @throws `oidc/token_expired`, `oidc/issued_at_invalid`, `oidc/not_yet_valid`
 */
export function requireTimes(
  claims: JsonObject,
  now: Seconds,
  toleranceSeconds: Seconds = defaultToleranceSeconds,
): void {
  // Comparisons are written so that a clock that is not a number passes nothing.
  const expiry = ownMember(claims, 'exp')
  if (!isTime(expiry) || !(expiry > now)) throw oidcError('oidc/token_expired')
  const issuedAt = ownMember(claims, 'iat')
  if (!isTime(issuedAt) || !(issuedAt <= now + toleranceSeconds)) throw oidcError('oidc/issued_at_invalid')
  const notBefore = ownMember(claims, 'nbf')
  if (notBefore !== undefined && (!isTime(notBefore) || !(notBefore <= now + toleranceSeconds))) {
    throw oidcError('oidc/not_yet_valid')
  }
}

/**
 * When the user authenticated: the first usable `auth_time` of verified claims. One that is 0, ahead of our clock or no
 * whole number says nothing.
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
  const times = claims.map((each) => ownMember(each, 'auth_time'))
  const usable = times.find((time) => isTime(time) && time > 0 && time <= now + clockToleranceSeconds)
  return usable === undefined ? undefined : Math.min(usable as Seconds, now)
}

function audiences(claims: JsonObject): readonly string[] {
  const audience = ownMember(claims, 'aud')
  const list = Array.isArray(audience) ? audience : [audience]
  return list.every((entry) => typeof entry === 'string') ? list : []
}

function isTime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < latestTime
}

/** Whether both are the same text, compared in constant time. Nothing and the empty text equal nothing. */
export function isSameText(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && one !== '' && equalInConstantTime(one, other)
}
