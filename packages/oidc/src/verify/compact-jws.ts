import { decodeBase64url } from '@latchkey/core/crypto'
import type { JsonObject } from '@latchkey/core/provider'
import { oidcError } from '../errors/oidc-errors.ts'
import { ownMember, parseStrictJson } from './strict-json.ts'

const maximumLength = 64 * 1024

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

/** The claims of a token that is not checked, or null where it is no JWT. For comparisons that only ever refuse. */
export function readUnverifiedClaims(token: string): JsonObject | null {
  const parts = splitCompactJws(token)
  return parts && parseStrictJson(parts.protectedHeader) ? parseStrictJson(parts.payload) : null
}

interface Parts {
  readonly protectedHeader: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  readonly signingInput: string
}

function splitCompactJws(token: unknown): Parts | null {
  if (typeof token !== 'string' || token.length > maximumLength) return null
  const texts = token.split('.')
  if (texts.length !== 3) return null
  const [protectedHeader, payload, signature] = texts.map(decodeBase64url)
  if (!protectedHeader || !payload || !signature) return null
  return { protectedHeader, payload, signature, signingInput: token.slice(0, token.lastIndexOf('.')) }
}
