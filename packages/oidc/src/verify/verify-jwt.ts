import {
  type PublicKey,
  readUnverifiedJwt,
  type SignatureAlgorithm,
  type UnverifiedJwt,
  verifySignature,
} from '@latchkey/core/crypto'
import { type Awaitable, andThen, type JsonObject, type Seconds, systemClock } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { requireAudience, requireIssuer, requireTimes, requireType } from './claims.ts'
import { compactJws } from './compact-jws.ts'
import type { Jwks, KeyHeader, KeyTrust } from './jwks.ts'

/** A token whose signature and claims were checked. */
export interface VerifiedJwt {
  /** Its header. */
  readonly header: JsonObject
  /** Its claims. */
  readonly claims: JsonObject
}

/** What a token must be signed with. */
export interface SignatureRequirement {
  /** The keys that may have signed it. */
  readonly jwks: Jwks
  /** Accepted `alg` values. Defaults to `['RS256']`. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined
  /** `trusted` only for tokens straight from the provider's own token endpoint. Defaults to `bearer`. */
  readonly trust?: KeyTrust | undefined
}

/** What {@link verifyJwt} demands of a token. */
export interface VerifyJwtOptions extends SignatureRequirement {
  /** Accepted `iss` values, compared exactly. */
  readonly issuers: readonly string[]
  /** Accepted values of the header's `typ`, in lower case; null for none. Not looked at if absent. */
  readonly types?: readonly (string | null)[] | undefined
  /** Must be in `aud`. Not looked at if absent: then the caller decides by other claims whom the token is for. */
  readonly audience?: string | undefined
  /** How far `iat` and `nbf` may lie ahead of our clock, in seconds. `exp` has no tolerance. Defaults to 10. */
  readonly clockToleranceSeconds?: Seconds | undefined
  /** The time in whole seconds since the epoch. Defaults to the system's. */
  readonly clock?: (() => Seconds) | undefined
}

/** A token whose signature was checked, and by which key. */
export interface VerifiedSignature extends VerifiedJwt {
  readonly algorithm: SignatureAlgorithm
  /** The members of the header that chose the key. */
  readonly keyHeader: KeyHeader
  readonly key: PublicKey
}

/**
 * Verifies a signed JWT: form, algorithm and signature first, then `typ`, `iss`, `aud`, `exp`, `iat` and `nbf`. Whom it
 * was issued to (`azp`, `client_id`) and what it permits is the caller's to check. A bearer token that does not even
 * claim one of `issuers` is refused before any key is looked for.
 *
 * @throws `oidc/token_malformed`, `oidc/algorithm_not_allowed`, `oidc/key_not_found`, `oidc/jwks_unavailable`,
 *   `oidc/signature_invalid`, `oidc/type_not_allowed`, `oidc/issuer_mismatch`, `oidc/audience_mismatch`,
 *   `oidc/token_expired`, `oidc/issued_at_invalid`, `oidc/not_yet_valid`
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export async function verifyJwt(token: string, options: VerifyJwtOptions): Promise<VerifiedJwt> {
  const { header, claims } = await verifyWhole(readUnverifiedJwt(token), options)
  return { header, claims }
}

/** The same of a token that was read, with the key that verified it. Null is none that can be read. */
export function verifyWhole(jwt: UnverifiedJwt | null, options: VerifyJwtOptions): Awaitable<VerifiedSignature> {
  const verifying = verifyTokenSignature(jwt, options, (presumed) => requireIssuer(presumed, options.issuers))
  return andThen(verifying, (verified) => {
    const { header, claims } = verified
    if (options.types !== undefined) requireType(header, options.types)
    requireIssuer(claims, options.issuers)
    if (options.audience !== undefined) requireAudience(claims, options.audience)
    requireTimes(claims, (options.clock ?? systemClock)(), options.clockToleranceSeconds)
    return verified
  })
}

/**
 * Checks form, algorithm and signature, and looks at the claims only then; but of a bearer token, which anyone can make
 * up, `presume` may refuse what it claims to be before a key is looked for, and perhaps fetched.
 *
 * @throws `oidc/token_malformed`, `oidc/algorithm_not_allowed`, `oidc/key_not_found`, `oidc/jwks_unavailable`,
 *   `oidc/signature_invalid`, and what `presume` throws
 */
export function verifyTokenSignature(
  jwt: UnverifiedJwt | null,
  { jwks, algorithms = ['RS256'], trust = 'bearer' }: SignatureRequirement,
  presume: (claims: JsonObject) => void = () => {},
): Awaitable<VerifiedSignature> {
  const { header, claims, algorithm, keyId, signingInput, signature } = compactJws(jwt)
  const accepted = algorithms.find((name) => name === algorithm)
  if (accepted === undefined) throw oidcError('oidc/algorithm_not_allowed')
  if (trust === 'bearer') presume(requireClaims(claims))

  const keyHeader = keyId === undefined ? { alg: accepted } : { alg: accepted, kid: keyId }
  const isRight = (one: PublicKey) => verifySignature(accepted, one, signingInput, signature)
  const by = (key: PublicKey) => ({ algorithm: accepted, header, claims: requireClaims(claims), keyHeader, key })
  const bySuccessor = async (refused: PublicKey): Promise<VerifiedSignature> => {
    const successor = await jwks.successor(keyHeader, refused, trust)
    if (successor === null || !(await isRight(successor))) throw oidcError('oidc/signature_invalid')
    return by(successor)
  }
  return andThen(jwks.key(keyHeader, trust), (key) =>
    andThen(isRight(key), (isIt) => (isIt ? by(key) : bySuccessor(key))),
  )
}

function requireClaims(claims: JsonObject | null): JsonObject {
  if (claims === null) throw oidcError('oidc/token_malformed')
  return claims
}
