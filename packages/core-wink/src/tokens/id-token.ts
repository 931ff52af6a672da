import { encodeBase64url, equalInConstantTime, sha256 } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { verifyJwt } from '@latchkey/oidc/verify'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import { type AccessTokenClaims, clockToleranceSeconds } from './access-token.ts'

/**
 * Verifies an ID token that a page sent: everything but its nonce, and that it belongs to an access token.
 *
 * @throws `wink/token_type_refused`, `wink/client_mismatch`, and the errors of `verifyJwt`
 */
export async function verifyIdToken(settings: WinkSettings, token: string): Promise<JsonObject> {
  const { claims } = await verifyJwt(token, {
    jwks: settings.oidc.jwks,
    algorithms: settings.algorithms,
    issuers: settings.endpoints.issuers,
    audience: settings.clientId,
    types: ['jwt', 'id+jwt', null],
    clockToleranceSeconds,
    clock: settings.clock,
  })
  if (claims['typ'] !== 'ID') throw winkError('wink/token_type_refused')
  if (claims['azp'] !== settings.clientId) throw winkError('wink/client_mismatch')
  return claims
}

/**
 * Requires a verified ID token to be one, and to be of the same client, user and session as the access token.
 *
 * @throws `wink/token_type_refused`, `wink/token_pair_mismatch`
 */
export function requirePair(idToken: JsonObject, accessToken: AccessTokenClaims): void {
  if (idToken['typ'] !== undefined && idToken['typ'] !== 'ID') throw winkError('wink/token_type_refused')
  const sessionId = idToken['sid'] ?? accessToken.sessionId
  const sameSession = accessToken.sessionId === null || sessionId === accessToken.sessionId
  if (idToken['sub'] !== accessToken.subject || !sameSession) throw winkError('wink/token_pair_mismatch')
}

/**
 * Requires more of a pair that did not come straight from the token endpoint: something signed must tie the two
 * together, the session or the hash of the access token.
 *
 * @throws `wink/token_pair_mismatch`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 */
export async function requireTie(idToken: JsonObject, accessToken: AccessTokenClaims, text: string): Promise<void> {
  const { sid: sessionId = null, at_hash: hash = null } = idToken
  const sameSession = sessionId !== null && sessionId === accessToken.sessionId
  if (hash === null ? sameSession : await isHashOf(hash, text)) return
  throw winkError('wink/token_pair_mismatch')
}

/** All accepted signatures are over SHA-256. */
async function isHashOf(hash: unknown, accessToken: string): Promise<boolean> {
  const actual = encodeBase64url((await sha256(accessToken)).slice(0, 16))
  return typeof hash === 'string' && equalInConstantTime(hash, actual)
}
