import { equalInConstantTime } from '@latchkey/core/crypto'
import type { JsonObject, Seconds } from '@latchkey/core/provider'
import { verifyJwt } from '@latchkey/oidc/verify'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'

/** What a token must be beyond valid. */
export interface AccessTokenRequirements {
  readonly nonce?: string | undefined
  /** The token must not have been issued before this moment. */
  readonly notBefore?: Seconds | undefined
  /** Whether it came straight from the token endpoint, or from a caller. */
  readonly source: 'token-endpoint' | 'caller'
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
  { nonce, notBefore, source }: AccessTokenRequirements,
): Promise<AccessTokenClaims> {
  const { claims } = await verifyJwt(token, {
    jwks: settings.oidc.jwks,
    algorithms: settings.algorithms,
    issuers: settings.endpoints.issuers,
    audience: settings.audience ?? undefined,
    types: ['jwt', 'at+jwt', null],
    clockToleranceSeconds: settings.clockToleranceSeconds,
    clock: settings.clock,
    trust: source === 'token-endpoint' ? 'trusted' : 'bearer',
  })
  if (claims['typ'] !== 'Bearer') throw winkError('wink/token_type_refused')
  if (claims['azp'] !== settings.clientId) throw winkError('wink/client_mismatch')
  const subject = claims['sub']
  if (typeof subject !== 'string' || subject === '') throw winkError('wink/subject_missing')
  if (notBefore !== undefined && !(Number(claims['iat']) >= notBefore)) throw winkError('wink/token_predates_login')
  if (nonce !== undefined) requireNonce(claims['nonce'], nonce)
  return {
    subject,
    sessionId: textOf(claims['sid']),
    tag: textOf(claims['preferred_username']),
    expiresAt: Number(claims['exp']),
    all: claims,
  }
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
