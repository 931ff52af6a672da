import { type ErrorCode, isAuthError, type JsonObject } from '@latchkey/core/provider'
import { readClaim, verifyIdToken } from '@latchkey/oidc/verify'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import type { AccessTokenClaims } from './access-token.ts'

/** The tokens of a page, and the nonce of its login. */
export interface PageTokens {
  readonly idToken: string
  readonly accessToken: string
  readonly nonce: string
}

/**
 * Verifies an ID token that a page sent, and that something signed ties it to the access token. It has our nonce or none:
 * the access token may carry it.
 *
 * @throws `wink/token_type_refused`, `wink/client_mismatch`, `wink/nonce_mismatch`, `wink/token_pair_mismatch`, and the
 * errors of `verifyIdToken`
 */
export async function verifyPageIdToken(
  { oidc, clock, clientId }: WinkSettings,
  { idToken, accessToken, nonce }: PageTokens,
): Promise<JsonObject> {
  const claims = await verifyIdToken(idToken, {
    ...oidc.verification,
    nonce: { kind: 'optional', value: nonce },
    accessToken,
    source: 'caller',
    now: clock(),
  }).catch((error: unknown) => {
    throw (isAuthError(error) && inOurWords(error.code)) || error
  })
  if (claims['typ'] !== 'ID') throw winkError('wink/token_type_refused')
  if (claims['azp'] !== clientId) throw winkError('wink/client_mismatch')
  return claims
}

/** What the SDK in a page can get wrong has a hint of its own. */
function inOurWords(code: ErrorCode): Error | null {
  switch (code) {
    case 'oidc/nonce_mismatch':
      return winkError('wink/nonce_mismatch')
    case 'oidc/authorized_party_mismatch':
      return winkError('wink/client_mismatch')
    case 'oidc/subject_mismatch':
    case 'oidc/access_token_hash_mismatch':
      return winkError('wink/token_pair_mismatch')
    default:
      return null
  }
}

/**
 * Requires a verified ID token to be one, and to be of the same user and session as the access token.
 *
 * @throws `wink/token_type_refused`, `wink/token_pair_mismatch`
 */
export function requirePair(idToken: JsonObject, accessToken: AccessTokenClaims): void {
  if ((readClaim(idToken, 'typ') ?? 'ID') !== 'ID') throw winkError('wink/token_type_refused')
  const sessionId = idToken['sid'] ?? accessToken.sessionId
  const sameSession = accessToken.sessionId === null || sessionId === accessToken.sessionId
  if (idToken['sub'] !== accessToken.subject || !sameSession) throw winkError('wink/token_pair_mismatch')
}
