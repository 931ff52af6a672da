import type { BearerClaims, Json, JsonObject } from '@latchkey/core/provider'
import { accessTokenClaims } from './access-token.ts'
import type { Application } from './application.ts'
import { wristbandError } from './errors.ts'
import { subjectOf } from './userinfo.ts'

/** Verifies an access token that a caller presents. See {@link Wristband.verifyAccessToken}. */
export async function verifyAccessToken(application: Application, accessToken: string): Promise<JsonObject> {
  const claims = await accessTokenClaims(application, accessToken, 'bearer')
  const { client_id: clientId } = claims
  if (typeof clientId !== 'string' || !application.clientIds.includes(clientId)) {
    throw wristbandError('wristband/client_mismatch')
  }
  bearerClaims(claims)
  return claims
}

/**
 * What verified claims say, in plain names.
 *
 * @throws `wristband/access_token_invalid`, `oidc/subject_missing`
 */
export function bearerClaims(claims: JsonObject): BearerClaims {
  const { client_id: clientId, tnt_id: tenant, iss: issuer } = claims
  return {
    provider: 'wristband',
    issuer: filled(issuer ?? '', 'iss'),
    subject: subjectOf(claims),
    kind: kindOf(claims.sub_kind),
    ...(typeof clientId === 'string' && { clientId }),
    ...(tenant !== undefined && tenant !== null && { tenant: filled(tenant, 'tnt_id') }),
    scopes: scopesOf(claims.scope),
    expiresAt: Number(claims.exp),
    claims,
  }
}

function kindOf(subjectKind: Json | undefined): BearerClaims['kind'] {
  if (subjectKind === 'user') return 'user'
  if (subjectKind === 'client') return 'machine'
  throw invalid('sub_kind')
}

/** @see https://www.rfc-editor.org/rfc/rfc8693#section-4.2 */
function scopesOf(scope: Json | undefined): readonly string[] {
  if (scope === undefined || scope === null) return []
  if (typeof scope !== 'string') throw invalid('scope')
  return scope.split(' ').filter((one) => one !== '')
}

function filled(value: Json, claim: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(claim)
  return value
}

function invalid(claim: string): Error {
  return wristbandError('wristband/access_token_invalid', { cause: { claim } })
}
