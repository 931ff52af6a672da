import {
  encodeBase64url,
  ownMember,
  readUnverifiedClaims,
  readUnverifiedJwt,
  type SignatureAlgorithm,
} from '@latchkey/core/crypto'
import type { Json, JsonObject, Seconds } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import {
  isSameText,
  readClaim,
  requireAudience,
  requireAuthorizedParty,
  requireIssuer,
  requireSubject,
  requireTimes,
  requireType,
} from './claims.ts'
import type { Jwks } from './jwks.ts'
import { verifyTokenSignature } from './verify-jwt.ts'

/** What an ID token must say, and the access token that it came with. */
export interface IdTokenRequirement {
  readonly jwks: Jwks
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly issuers: readonly string[]
  readonly clientId: string
  /**
   * That of the login. `required`: the ID token must have it, as after a code. `optional`: it has this one or none, as
   * after a refresh, or where the access token may carry it.
   */
  readonly nonce: { readonly kind: 'required' | 'optional'; readonly value: string | undefined }
  /** Whose it must be. Not looked at if absent. */
  readonly subject?: string | undefined
  /** The ID token must not contradict it. Verifying it is the caller's. */
  readonly accessToken: string
  /**
   * Where both tokens come from. `token-endpoint` is our own request. `caller` (the default) is anyone, such as a page:
   * then something signed must tie the two tokens together: `at_hash`, or the same `sid` and `sub` in both.
   */
  readonly source?: 'token-endpoint' | 'caller' | undefined
  /** Whether an access token of the token endpoint is not looked into. Without effect on tokens of a caller. */
  readonly opaqueAccessTokens?: boolean | undefined
  readonly now: Seconds
  /** How far `iat` and `nbf` may lie ahead of our clock, in seconds. Defaults to 10. */
  readonly clockToleranceSeconds?: Seconds | undefined
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
  const { jwks, algorithms, issuers, clientId, accessToken, source = 'caller' } = expected
  const trust = source === 'token-endpoint' ? 'trusted' : 'bearer'
  const { algorithm, header, claims } = await verifyTokenSignature(
    readUnverifiedJwt(idToken),
    { jwks, algorithms, trust },
    (presumed) => requireIssuer(presumed, issuers),
  )
  requireType(header, [null, 'jwt', 'id+jwt'])
  requireIssuer(claims, issuers)
  const subject = requireSubject(claims)
  if (expected.subject !== undefined && subject !== expected.subject) throw oidcError('oidc/subject_mismatch')
  requireAudience(claims, clientId)
  requireAuthorizedParty(claims, clientId)
  requireTimes(claims, expected.now, expected.clockToleranceSeconds)
  requireNonce(claims, expected.nonce, source)
  const isTied = await requireAccessTokenHash(claims, accessToken, { algorithm, source })
  if (source === 'caller' || expected.opaqueAccessTokens !== true) requireSubjectOfAccessToken(accessToken, subject)
  if (source === 'caller' && !isTied) requireSameSession(claims, accessToken)
  return claims
}

type Source = NonNullable<IdTokenRequirement['source']>

function requireNonce(claims: JsonObject, { kind, value }: IdTokenRequirement['nonce'], source: Source): void {
  const nonce = optionalClaim(claims, 'nonce', source)
  if (kind === 'optional' && nonce === undefined) return
  if (!isSameText(nonce, value)) throw oidcError('oidc/nonce_mismatch')
}

/** A claim that is checked where it is there. Null is absent in what the provider gave us, and wrong in what a caller did. */
function optionalClaim(claims: JsonObject, name: string, source: Source): Json | undefined {
  return source === 'token-endpoint' ? readClaim(claims, name) : ownMember(claims, name)
}

/** Whether there is a hash; it must be right then. */
async function requireAccessTokenHash(
  claims: JsonObject,
  accessToken: string,
  { algorithm, source }: { readonly algorithm: string; readonly source: Source },
): Promise<boolean> {
  const hash = optionalClaim(claims, 'at_hash', source)
  if (hash === undefined) return false
  if (isSameText(hash, await accessTokenHash(accessToken, algorithm))) return true
  throw oidcError('oidc/access_token_hash_mismatch')
}

/** The tie of tokens that no hash ties: both name the session, and both the user. */
function requireSameSession(claims: JsonObject, accessToken: string): void {
  const other = readUnverifiedClaims(accessToken) ?? {}
  const isTied = ['sid', 'sub'].every((name) => isSameText(ownMember(claims, name), ownMember(other, name)))
  if (!isTied) throw oidcError('oidc/access_token_hash_mismatch')
}

/**
 * An access token may be opaque, or name nobody, as Keycloak's do without the scope `basic`: that contradicts nothing. One
 * that names a user must name the same.
 *
 * @throws `oidc/subject_mismatch`
 */
export function requireSubjectOfAccessToken(accessToken: string, subject: string): void {
  const named = readClaim(readUnverifiedClaims(accessToken) ?? {}, 'sub')
  if (named !== undefined && named !== subject) throw oidcError('oidc/subject_mismatch')
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
