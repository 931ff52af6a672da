export {
  decodeBase64url,
  deriveMacKey,
  deriveSealKey,
  encodeBase64url,
  importMacKey,
  importPublicKey,
  mac,
  open,
  seal,
  sha256,
  verifySignature,
} from '#crypto'
export { equalInConstantTime } from './equal-in-constant-time.ts'
export type { MacKey, PublicKey, SealKey, SignatureAlgorithm } from './keys.ts'
export { randomToken } from './random-token.ts'
