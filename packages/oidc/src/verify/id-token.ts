import { encodeBase64url, ownMember, readUnverifiedClaims, type SignatureAlgorithm } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import {
  isSameText,
  requireAudience,
  requireAuthorizedParty,
  requireIssuer,
  requireSubject,
  requireTimes,
  requireType,
} from './claims.ts'
import type { Jwks } from './jwks.ts'
import { verifyTokenSignature } from './verify-jwt.ts'

/** What an ID token of our own token endpoint must say. */
export interface IdTokenRequirement {
  readonly jwks: Jwks
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly issuers: readonly string[]
  readonly clientId: string
  /** That of the login: an ID token of the code must have it, a refreshed one may leave it out. */
  readonly nonce: { readonly kind: 'required' | 'optional'; readonly value: string | undefined }
  /** Whose it must be. Not looked at if absent. */
  readonly subject?: string
  readonly accessToken: string
  readonly now: number
  readonly clockToleranceSeconds: number
}

/**
 * Verifies an ID token, its signature first, and that the access token belongs to it.
 *
 * @returns Its claims.
 * @throws every code of `verifyJwt`, `oidc/subject_missing`, `oidc/authorized_party_mismatch`, `oidc/nonce_mismatch`,
 *   `oidc/access_token_hash_mismatch`, `oidc/subject_mismatch`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
export async function verifyIdToken(idToken: string, expected: IdTokenRequirement): Promise<JsonObject> {
  const { jwks, algorithms, clientId } = expected
  const { algorithm, header, claims } = await verifyTokenSignature(idToken, { jwks, algorithms, trust: 'trusted' })
  requireType(header, [null, 'jwt', 'id+jwt'])
  requireIssuer(claims, expected.issuers)
  const subject = requireSubject(claims)
  if (expected.subject !== undefined && subject !== expected.subject) throw oidcError('oidc/subject_mismatch')
  requireAudience(claims, clientId)
  requireAuthorizedParty(claims, clientId)
  requireTimes(claims, expected.now, expected.clockToleranceSeconds)
  requireNonce(claims, expected.nonce)
  await requireAccessTokenHash(claims, expected.accessToken, algorithm)
  requireSubjectOfAccessToken(expected.accessToken, subject)
  return claims
}

function requireNonce(claims: JsonObject, { kind, value }: IdTokenRequirement['nonce']): void {
  const nonce = ownMember(claims, 'nonce')
  if (kind === 'optional' && nonce === undefined) return
  if (!isSameText(nonce, value)) throw oidcError('oidc/nonce_mismatch')
}

async function requireAccessTokenHash(claims: JsonObject, accessToken: string, algorithm: string): Promise<void> {
  const hash = ownMember(claims, 'at_hash')
  if (hash === undefined) return
  if (!isSameText(hash, await accessTokenHash(accessToken, algorithm))) {
    throw oidcError('oidc/access_token_hash_mismatch')
  }
}

/**
 * An access token may be opaque; one that can be read must name the same user.
 *
 * @throws `oidc/subject_mismatch`
 */
export function requireSubjectOfAccessToken(accessToken: string, subject: string): void {
  const claims = readUnverifiedClaims(accessToken)
  if (claims !== null && ownMember(claims, 'sub') !== subject) throw oidcError('oidc/subject_mismatch')
}

/**
 * The `at_hash` of an access token: the left half of its hash, by the algorithm that the ID token is signed with.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 */
export async function accessTokenHash(accessToken: string, algorithm: string): Promise<string> {
  // RS256 and its kind name their hash; Ed25519 works with SHA-512.
  const bits = /(?:256|384|512)$/.exec(algorithm)?.[0] ?? '512'
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(accessToken))
  return encodeBase64url(new Uint8Array(digest, 0, digest.byteLength / 2))
}
