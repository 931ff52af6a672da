import { ownMember, parseStrictJson, splitCompactJws } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'

/** A compact JWS, taken apart. Nothing in it is proven yet. */
export interface CompactJws {
  readonly header: JsonObject
  readonly algorithm: string
  readonly keyId: string | undefined
  readonly payload: Uint8Array
  readonly signingInput: string
  readonly signature: Uint8Array
}

/**
 * Takes a compact JWS apart: exactly three parts of canonical base64url, at most 64 KiB, a header without extensions
 * that we would have to understand. Keys and addresses of keys in the header (`jwk`, `jku`, `x5c`, `x5u`) are ignored.
 *
 * @throws `oidc/token_malformed`
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function parseCompactJws(token: string): CompactJws {
  const parts = splitCompactJws(token)
  const header = parts && parseStrictJson(parts.protectedHeader)
  if (!parts || !header) throw oidcError('oidc/token_malformed')
  const algorithm = ownMember(header, 'alg')
  const keyId = ownMember(header, 'kid')
  if (typeof algorithm !== 'string' || (keyId !== undefined && typeof keyId !== 'string')) {
    throw oidcError('oidc/token_malformed')
  }
  // RFC 7515 4.1.11: a critical extension that is not understood makes the JWS invalid; we understand none.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) throw oidcError('oidc/token_malformed')
  const { payload, signingInput, signature } = parts
  return { header, algorithm, keyId, payload, signingInput, signature }
}
