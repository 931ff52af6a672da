import { equalInConstantTime } from '@latchkey/core/crypto'
import type { JsonObject, Seconds } from '@latchkey/core/provider'
import {
  createTokenVerifier,
  readClaim,
  type TokenVerifier,
  timeOf,
  type VerifiedJwt,
  type VerifyJwtOptions,
  verifyJwt,
} from '@latchkey/oidc/verify'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'

/** What a token must be beyond valid. */
export interface AccessTokenRequirements {
  readonly nonce?: string | undefined
  /** The token must not have been issued before this moment. */
  readonly notBefore?: Seconds | undefined
  /** Whether it came straight from the token endpoint, or from a caller. */
  readonly source: 'token-endpoint' | 'caller'
  /**
   * Whose a token of the token endpoint is where it names nobody, as newer Keycloak's may: verify-client must name them
   * then. A caller's token must name its user itself.
   */
  readonly subject?: string | undefined
}

/** The claims of a verified access token. */
export interface AccessTokenClaims {
  readonly subject: string
  readonly sessionId: string | null
  /** The Wink tag, `preferred_username`. */
  readonly tag: string | null
  readonly expiresAt: Seconds
  readonly all: JsonObject
}

/**
 * Verifies an access token without calling Wink (but for its keys). `aud` is `account` in Wink's tokens and says
 * nothing: `azp` names the client.
 */
export async function verifyAccessTokenLocally(
  settings: WinkSettings,
  token: string,
  requirements: AccessTokenRequirements,
): Promise<AccessTokenClaims> {
  const trust = requirements.source === 'token-endpoint' ? 'trusted' : 'bearer'
  const { claims } = await verifyJwt(token, { ...expectedOf(settings), trust })
  return accessTokenClaims(settings, claims, requirements)
}

/** Makes what verifies the tokens that callers present again and again, before {@link accessTokenClaims} is asked. */
export function createCallerTokens(settings: WinkSettings): TokenVerifier<VerifiedJwt> {
  return createTokenVerifier(expectedOf(settings), (jwt) => jwt)
}

function expectedOf(settings: WinkSettings): VerifyJwtOptions {
  return {
    jwks: settings.oidc.jwks,
    algorithms: settings.algorithms,
    issuers: settings.endpoints.issuers,
    audience: settings.audience ?? undefined,
    types: ['jwt', 'at+jwt', null],
    clockToleranceSeconds: settings.clockToleranceSeconds,
    clock: settings.clock,
  }
}

/** What the claims of a verified token say, if they meet the requirements. */
export function accessTokenClaims(
  settings: WinkSettings,
  claims: JsonObject,
  { nonce, notBefore, source, subject: presumed }: AccessTokenRequirements,
): AccessTokenClaims {
  if (claims['typ'] !== 'Bearer') throw winkError('wink/token_type_refused')
  if (claims['azp'] !== settings.clientId) throw winkError('wink/client_mismatch')
  const subject = readClaim(claims, 'sub') ?? (source === 'token-endpoint' ? presumed : undefined)
  if (typeof subject !== 'string' || subject === '') throw winkError('wink/subject_missing')
  if (notBefore !== undefined) requireIssuedSince(claims, notBefore)
  if (nonce !== undefined) requireNonce(claims['nonce'], nonce)
  return {
    subject,
    sessionId: textOf(claims['sid']),
    tag: textOf(claims['preferred_username']),
    // Checked to be a time just now.
    expiresAt: timeOf(claims, 'exp') ?? 0,
    all: claims,
  }
}

/** Whether a verified access token names its user itself. */
export function namesUser({ all }: AccessTokenClaims): boolean {
  return readClaim(all, 'sub') !== undefined
}

/** @throws `wink/token_predates_login`, with a hint that says by how much */
function requireIssuedSince(claims: JsonObject, notBefore: Seconds): void {
  const issuedAt = timeOf(claims, 'iat') ?? 0
  if (issuedAt >= notBefore) return
  const secondsEarly = notBefore - issuedAt
  throw winkError('wink/token_predates_login', {
    hint: `The token was issued ${secondsEarly} s before the earliest moment that \`clockToleranceSeconds\` allows: it may have been taken from elsewhere. If it happens always, compare the clocks.`,
    cause: { secondsEarly },
  })
}

/**
 * Requires the nonce of this login.
 *
 * @throws `wink/nonce_missing`, `wink/nonce_mismatch`
 */
export function requireNonce(actual: unknown, expected: string): void {
  if (typeof actual !== 'string' || actual === '') throw winkError('wink/nonce_missing')
  if (!equalInConstantTime(actual, expected)) throw winkError('wink/nonce_mismatch')
}

function textOf(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim : null
}
