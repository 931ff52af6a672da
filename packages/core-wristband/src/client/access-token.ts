import type { BearerToken, Json, JsonObject } from '@latchkey/core/provider'
import { oidcError } from '@latchkey/oidc'
import {
  createTokenVerifier,
  type KeyTrust,
  type TokenVerifier,
  timeOf,
  type VerifyJwtOptions,
  verifyJwt,
} from '@latchkey/oidc/verify'
import type { Application } from '../application/application.ts'
import { wristbandError } from '../model/errors.ts'

/** Wristband's is `at+JWT`; its name before RFC 9068 was `JWT`, or nothing. An ID token's is none of these. */
const types: Readonly<Record<KeyTrust, readonly (string | null)[]>> = {
  trusted: ['at+jwt', 'application/at+jwt', 'jwt', null],
  bearer: ['at+jwt', 'application/at+jwt'],
}

/**
 * The verified claims of an access token: `trusted` straight from the token endpoint, `bearer` from a request, where only
 * a token that says what it is counts as one.
 *
 * @throws the codes of `verifyJwt`
 * @see https://www.rfc-editor.org/rfc/rfc9068
 */
export async function accessTokenClaims(
  application: Application,
  accessToken: string,
  trust: KeyTrust,
): Promise<JsonObject> {
  return (await verifyJwt(accessToken, await expectedOf(application, trust))).claims
}

async function expectedOf(
  { connection, issuers, algorithms, clock }: Application,
  trust: KeyTrust,
): Promise<VerifyJwtOptions> {
  const { oidc } = await connection()
  return {
    jwks: oidc.jwks,
    issuers,
    algorithms,
    types: types[trust],
    clock,
    clockToleranceSeconds: oidc.clockToleranceSeconds,
    trust,
  }
}

/**
 * Whom the claims of a verified token are about.
 *
 * @throws `oidc/subject_missing`
 */
export function subjectOf({ sub }: JsonObject): string {
  if (typeof sub !== 'string' || sub === '') throw oidcError('oidc/subject_missing')
  return sub
}

/** Makes what verifies the access tokens of callers. See {@link WristbandClient.verifyAccessToken}. */
export async function createBearerVerifier(application: Application): Promise<TokenVerifier<BearerToken>> {
  const { allowedClientIds } = application
  return createTokenVerifier(await expectedOf(application, 'bearer'), ({ claims }) => {
    const { client_id: clientId } = claims
    if (typeof clientId !== 'string' || !allowedClientIds.has(clientId))
      throw wristbandError('wristband/client_mismatch')
    return bearerClaims(claims)
  })
}

/**
 * What verified claims say, in plain names.
 *
 * @throws `wristband/access_token_invalid`, `oidc/subject_missing`
 */
function bearerClaims(claims: JsonObject): BearerToken {
  const { client_id: clientId, tnt_id: tenant, iss: issuer } = claims
  return {
    provider: 'wristband',
    issuer: filled(issuer ?? '', 'iss'),
    subject: subjectOf(claims),
    kind: kindOf(claims.sub_kind),
    ...(typeof clientId === 'string' && { clientId }),
    ...(tenant !== undefined && tenant !== null && { tenant: filled(tenant, 'tnt_id') }),
    scopes: scopesOf(claims.scope),
    // Checked to be a time when the token was verified.
    expiresAt: timeOf(claims, 'exp') ?? 0,
    claims,
  }
}

function kindOf(subjectKind: Json | undefined): BearerToken['kind'] {
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
