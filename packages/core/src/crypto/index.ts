export {
  decodeBase64url,
  decodeBase64urlText,
  deriveMacKey,
  deriveSealKey,
  encodeBase64url,
  importMacKey,
  importPublicKey,
  mac,
  open,
  openBytes,
  randomToken,
  seal,
  sha256,
  verifySignature,
} from '#crypto'
export { readUnverifiedClaims, readUnverifiedJwt, type UnverifiedJwt } from './jwt.ts'
export type { MacKey, PublicKey, SealKey, SignatureAlgorithm } from './keys.ts'
export { isJsonObject, ownMember, parseStrictJson } from './strict-json.ts'

/** Whether two texts are equal, in a time that depends on their length alone. */
export function equalInConstantTime(one: string, other: string): boolean {
  if (one.length !== other.length) return false
  let difference = 0
  for (let index = 0; index < one.length; index += 1) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index)
  }
  return difference === 0
}
