import { decodeBase64url, decodeBase64urlText } from '#crypto'
import { BoundedMap } from '../model/bounded-map.ts'
import { deepFreeze, type JsonObject } from '../model/json.ts'
import { isCanonicalBase64url } from './base64url.ts'
import { parseStrictJsonText } from './strict-json.ts'

const maximumLength = 64 * 1024

/** What a signed JWT says and is signed with. Nothing in it is proven yet. */
export interface UnverifiedJwt {
  /** Frozen, deeply: tokens share it. */
  readonly header: JsonObject
  /** Null where the payload is no JSON object that every parser reads alike. */
  readonly claims: JsonObject | null
  /** The bytes of the signature. */
  readonly signature: Uint8Array
  /** What is signed: `{header}.{payload}`. */
  readonly signingInput: string
}

/**
 * Reads a signed JWT, **unverified**: exactly three parts of canonical base64url, at most 64 KiB together, with a header
 * that is a JSON object which every parser reads alike. Null for anything else.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
export function readUnverifiedJwt(token: unknown): UnverifiedJwt | null {
  if (typeof token !== 'string' || token.length > maximumLength) return null
  const [headerText = '', payloadText = '', signatureText, ...others] = token.split('.', 4)
  if (signatureText === undefined || others.length > 0) return null
  const header = headers.get(headerText) ?? readHeader(headerText)
  const signature = decodeBase64url(signatureText)
  if (header === null || signature === null) return null
  const claims = readObject(payloadText)
  if (claims === null && !isCanonicalBase64url(payloadText)) return null
  return { header, claims, signature, signingInput: token.slice(0, -1 - signatureText.length) }
}

/**
 * The claims of a signed JWT, **unverified**; null if it is none. Only for comparisons that can only refuse.
 */
export function readUnverifiedClaims(token: unknown): JsonObject | null {
  return readUnverifiedJwt(token)?.claims ?? null
}

// A provider's tokens have one header for each key: reading it again costs a twelfth of a verification.
const headers = /* @__PURE__ */ new BoundedMap<string, JsonObject>(100)

const longestKnownHeader = 512

function readHeader(text: string): JsonObject | null {
  const header = readObject(text)
  if (header !== null && text.length <= longestKnownHeader) headers.set(text, deepFreeze(header))
  return header
}

function readObject(encoded: string): JsonObject | null {
  const text = decodeBase64urlText(encoded)
  return text === null ? null : parseStrictJsonText(text)
}
