import { decodeBase64url } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { verifyJwt } from '@latchkey/oidc/verify'
import type { Application } from './application.ts'

/** Wristband's is `at+JWT`; its name before RFC 9068 was `JWT`, or nothing. An ID token's is none of these. */
const types = ['at+jwt', 'application/at+jwt', 'jwt', null]

/**
 * The verified claims of an access token that came straight from the token endpoint.
 *
 * @throws the codes of `verifyJwt`
 * @see https://www.rfc-editor.org/rfc/rfc9068
 */
export async function accessTokenClaims(application: Application, accessToken: string): Promise<JsonObject> {
  const { oidc, issuers, clock } = application
  const { claims } = await verifyJwt(accessToken, { jwks: oidc.jwks, issuers, types, clock, trust: 'trusted' })
  return claims
}

/** Whether an access token is a JWT; any other is opaque to clients, and says nothing. */
export function isJwt(accessToken: string): boolean {
  const [header, payload, signature, ...rest] = accessToken.split('.')
  return signature !== undefined && rest.length === 0 && isJsonObject(header) && isJsonObject(payload)
}

function isJsonObject(part: string | undefined): boolean {
  const bytes = part === undefined ? null : decodeBase64url(part)
  if (bytes === null) return false
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
