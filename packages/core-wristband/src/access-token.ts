import { decodeBase64url } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { type KeyTrust, verifyJwt } from '@latchkey/oidc/verify'
import type { Application } from './application.ts'

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
  { oidc, issuers, algorithms, clock }: Application,
  accessToken: string,
  trust: KeyTrust,
): Promise<JsonObject> {
  const { claims } = await verifyJwt(accessToken, {
    jwks: oidc.jwks,
    issuers,
    algorithms,
    types: types[trust],
    clock,
    trust,
  })
  return claims
}

/** The claims of an access token that is not checked; null for one that is no JWT: it is opaque, and says nothing. */
export function unverifiedClaims(accessToken: string): JsonObject | null {
  const [header, payload, signature, ...rest] = accessToken.split('.')
  if (signature === undefined || rest.length > 0 || objectOf(header) === null) return null
  return objectOf(payload)
}

function objectOf(part: string | undefined): JsonObject | null {
  const bytes = part === undefined ? null : decodeBase64url(part)
  if (bytes === null) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
  } catch {
    return null
  }
}
