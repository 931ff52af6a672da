import { decodeBase64url } from '#crypto'
import type { JsonObject } from '../model/json.ts'
import { parseStrictJson } from './strict-json.ts'

const maximumLength = 64 * 1024

/** The parts of a compact JWS. Nothing in it is proven yet. */
export interface CompactJwsParts {
  readonly protectedHeader: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  readonly signingInput: string
}

/**
 * Splits a compact JWS into its parts: exactly three of canonical base64url, at most 64 KiB together. Null for anything
 * else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function splitCompactJws(token: unknown): CompactJwsParts | null {
  if (typeof token !== 'string' || token.length > maximumLength) return null
  const texts = token.split('.')
  if (texts.length !== 3) return null
  const [protectedHeader, payload, signature] = texts.map(decodeBase64url)
  if (!protectedHeader || !payload || !signature) return null
  return { protectedHeader, payload, signature, signingInput: token.slice(0, token.lastIndexOf('.')) }
}

/**
 * The claims of a compact JWS, **unverified**; null if it is no JWT. Only to find out who is to verify a token, and for
 * comparisons that can only refuse.
 */
export function readUnverifiedClaims(token: unknown): JsonObject | null {
  const parts = splitCompactJws(token)
  return parts && parseStrictJson(parts.protectedHeader) ? parseStrictJson(parts.payload) : null
}
