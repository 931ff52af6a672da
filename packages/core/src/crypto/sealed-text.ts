import type { SealKey } from './keys.ts'

const ivLength = 16

const tagLength = 22

/** The parts of a sealed text, each of the right length and in whatever characters, and the key that it names. */
export interface SealedText<Key extends SealKey> {
  readonly key: Key
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
}

/**
 * The protected header of a key, byte for byte as `JSON.stringify` would write it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-7.1
 */
export function sealHeader(kid: string): string {
  return `{"alg":"dir","enc":"A256GCM","kid":"${kid}"}`
}

/** The labels by which a key and its `kid` are derived. */
export function sealLabels(info: string): { readonly key: string; readonly kid: string } {
  // A kid is public, and HKDF would give the same bytes to a key of that name.
  if (info.endsWith('/kid')) throw new TypeError('A purpose may not end with /kid.')
  return { key: info, kid: `${info}/kid` }
}

/** Takes a compact JWE apart. Null unless its header is that of one of the keys; nothing in it is parsed. */
export function splitSealed<Key extends SealKey>(keys: readonly Key[], sealed: string): SealedText<Key> | null {
  const key = keys.find(({ header }) => sealed.startsWith(header) && sealed.startsWith('..', header.length))
  if (key === undefined) return null
  const ivStart = key.header.length + 2
  const ciphertextStart = ivStart + ivLength + 1
  const tagStart = sealed.length - tagLength
  if (tagStart <= ciphertextStart || sealed[ciphertextStart - 1] !== '.' || sealed[tagStart - 1] !== '.') return null
  const iv = sealed.slice(ivStart, ciphertextStart - 1)
  const ciphertext = sealed.slice(ciphertextStart, tagStart - 1)
  const tag = sealed.slice(tagStart)
  return { key, iv, ciphertext, tag }
}
