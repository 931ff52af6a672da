import { Buffer, isUtf8 } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto'
import type { Awaitable, JsonObject } from '../model/json.ts'
import { endsCanonically } from './base64url.ts'
import { derSignature } from './ecdsa-signature.ts'
import { checkMacKey, isEdwards, type MacKey, type PublicKey, type SealKey, type SignatureAlgorithm } from './keys.ts'
import { sealHeader, sealLabels, splitSealed } from './sealed-text.ts'
import { unusable, usableJwk } from './usable-jwk.ts'

// Material sits in plain members: Next evaluates this module once per bundle, and cached keys cross from one to another.
interface NodeSealKey extends SealKey {
  readonly secret: KeyObject
  readonly additionalData: Buffer
}

interface NodeMacKey extends MacKey {
  /** What is hashed before the text. */
  readonly inner: Uint8Array
  /** What is hashed before the hash of that, with room for it. */
  readonly outer: Buffer
}

interface NodePublicKey extends PublicKey {
  readonly digest: string | null
  readonly input: KeyObject | VerifyKeyObjectInput
  readonly signatureBytes: number
}

const cipher = 'aes-256-gcm'

const authTagLength = 16

const ivBytes = 12

/** Of SHA-256. */
const blockBytes = 64

const hashBytes = 32

const randomPool = /* @__PURE__ */ Buffer.allocUnsafeSlow(4096)

let randomOffset = randomPool.length

/**
 * Derives a key for one purpose by HKDF-SHA-256 without salt. Its `kid` is a label of its own derivation, so it says
 * nothing of the secret.
 *
 * @param info The purpose. No other key may be derived under it.
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export function deriveSealKey(secret: string, info: string): Awaitable<SealKey> {
  const labels = sealLabels(info)
  const kid = Buffer.from(hkdfSync('sha256', secret, '', labels.kid, 9)).toString('base64url')
  const header = Buffer.from(sealHeader(kid)).toString('base64url')
  const key: NodeSealKey = {
    header,
    secret: createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', labels.key, 32))),
    additionalData: Buffer.from(header),
  }
  return key
}

/**
 * Seals a text, or bytes, as a compact JWE: `dir`, A256GCM, a random initialisation vector, and a header that is the same for
 * every text of one key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516#section-7.1
 */
export function seal(key: SealKey, content: string | Uint8Array): Awaitable<string> {
  const { header, secret, additionalData } = key as NodeSealKey
  const iv = randomBytes(ivBytes)
  const encryption = createCipheriv(cipher, secret, iv, { authTagLength }).setAAD(additionalData)
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const ciphertext = encryption.update(bytes, undefined, 'base64url') + encryption.final('base64url')
  return `${header}..${iv.toString('base64url')}.${ciphertext}.${encryption.getAuthTag().toString('base64url')}`
}

/**
 * Opens a text that {@link seal} sealed, by whichever of the keys its header names. Null for anything else: it never throws.
 */
export function open(
  keys: readonly SealKey[],
  sealed: string,
): Awaitable<{ readonly text: string; readonly key: SealKey } | null> {
  const opened = decrypt(keys, sealed)
  return opened === null ? null : { text: opened.bytes.toString(), key: opened.key }
}

/** The same for bytes. */
export function openBytes(
  keys: readonly SealKey[],
  sealed: string,
): Awaitable<{ readonly bytes: Uint8Array; readonly key: SealKey } | null> {
  return decrypt(keys, sealed)
}

function decrypt(keys: readonly SealKey[], sealed: string): { readonly bytes: Buffer; readonly key: SealKey } | null {
  const parts = splitSealed(keys as readonly NodeSealKey[], sealed)
  if (parts === null) return null
  const { key } = parts
  const iv = decodeCanonical(parts.iv)
  const ciphertext = decodeCanonical(parts.ciphertext)
  const tag = decodeCanonical(parts.tag)
  if (iv === null || ciphertext === null || tag === null) return null
  try {
    const decryption = createDecipheriv(cipher, key.secret, iv, { authTagLength })
    const bytes = decryption.setAAD(key.additionalData).setAuthTag(tag).update(ciphertext)
    // Of GCM it only checks the tag: all of it is there before.
    decryption.final()
    return { bytes, key }
  } catch {
    return null
  }
}

/**
 * Derives a key for one purpose by HKDF-SHA-256 without salt.
 *
 * @param info The purpose. No other key may be derived under it.
 */
export function deriveMacKey(secret: string, info: string): Awaitable<MacKey> {
  return importMacKey(new Uint8Array(hkdfSync('sha256', secret, '', info, 32)))
}

/**
 * Takes raw bytes as a key, as HS256 does.
 *
 * @throws TypeError for fewer than 32 bytes.
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.2
 */
export function importMacKey(bytes: Uint8Array): Awaitable<MacKey> {
  checkMacKey(bytes)
  const secret = Buffer.alloc(blockBytes)
  secret.set(bytes.length > blockBytes ? hash('sha256', bytes, 'buffer') : bytes)
  const outer = Buffer.alloc(blockBytes + hashBytes)
  outer.set(secret.map((byte) => byte ^ 0x5c))
  const key: NodeMacKey = { kind: 'mac', inner: secret.map((byte) => byte ^ 0x36), outer }
  return key
}

/**
 * The HMAC-SHA-256 of a text, as base64url. Compare it by `equalInConstantTime`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2104#section-2
 */
export function mac(key: MacKey, data: string): Awaitable<string> {
  // By its definition: two hashes cost half of what an object of Node's for one HMAC costs.
  const { inner, outer } = key as NodeMacKey
  const message = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(data))
  message.set(inner)
  message.write(data, blockBytes)
  outer.write(hash('sha256', message, 'binary'), blockBytes, 'binary')
  // What is a secret does not stay in the pool of buffers.
  message.fill(0, 0, blockBytes)
  return hash('sha256', outer, 'base64url')
}

/** The SHA-256 of a text, as base64url. */
export function sha256(data: string): Awaitable<string> {
  return hash('sha256', data, 'base64url')
}

/**
 * Makes a public key of a JWK for one algorithm. RSA keys under 2048 bits or with a weak exponent, private and
 * symmetric keys, and keys whose type, `alg`, `use` or `key_ops` do not fit are refused.
 *
 * @throws TypeError for a key that cannot be used.
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4
 */
export function importPublicKey(jwk: JsonObject, algorithm: SignatureAlgorithm): Awaitable<PublicKey> {
  const { jwk: key, signatureBytes } = usableJwk(jwk, algorithm)
  const digest = isEdwards(algorithm) ? null : `sha${algorithm.slice(2)}`
  try {
    const input = verificationInput(createPublicKey({ key, format: 'jwk' }), algorithm)
    const publicKey: NodePublicKey = { algorithm, digest, input, signatureBytes }
    return publicKey
  } catch {
    throw unusable('it is malformed')
  }
}

/**
 * Whether a signature is right. False for a key of another algorithm and for a malformed signature.
 *
 * @param signingInput The protected header and the payload as they were signed: `{header}.{payload}` of a JWS.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.2
 */
// oxlint-disable-next-line max-params -- the four of WebCrypto's own verify
export function verifySignature(
  algorithm: SignatureAlgorithm,
  key: PublicKey,
  signingInput: string,
  signature: Uint8Array,
): Awaitable<boolean> {
  const { digest, input, signatureBytes } = key as NodePublicKey
  if (key.algorithm !== algorithm || signature.length !== signatureBytes) return false
  // OpenSSL takes DER alone: Node rewrites the form of JOSE for a third of the whole verification, we for a hundredth.
  const given = algorithm.startsWith('ES') ? derSignature(signature) : signature
  return verify(digest, Buffer.from(signingInput), input, given)
}

/** A new random value of that many bytes from the system's generator, as base64url. */
export function randomToken(byteLength: number): string {
  const bytes = randomBytes(byteLength)
  const token = bytes.toString('base64url')
  // What is a secret from now on does not stay in the pool.
  bytes.fill(0)
  return token
}

/** Base64url without padding. A text is encoded as UTF-8. */
export function encodeBase64url(bytes: Uint8Array | string): string {
  const buffer =
    typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('base64url')
}

/**
 * The bytes of a base64url text; null unless it is canonical, without padding and white space.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-3.5
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = decodeCanonical(text)
  return bytes === null ? null : new Uint8Array(bytes)
}

/** The text whose UTF-8 bytes a base64url text holds; null unless that is canonical, and they are UTF-8. */
export function decodeBase64urlText(text: string): string | null {
  const bytes = decodeCanonical(text)
  return bytes !== null && isUtf8(bytes) ? bytes.toString() : null
}

function decodeCanonical(text: string): Buffer | null {
  // The decoder knows base64, too, and takes other characters for those that their last eight bits name.
  if (text.includes('+') || text.includes('/') || Buffer.byteLength(text) !== text.length) return null
  const bytes = Buffer.from(text, 'base64url')
  // What else is not base64url it skips: then bytes are missing.
  return bytes.length === Math.floor((text.length * 3) / 4) && endsCanonically(text) ? bytes : null
}

/** Random bytes that nobody gets again. One draw serves hundreds of seals and tokens: to draw is dearer than to encrypt. */
function randomBytes(length: number): Buffer {
  if (length > randomPool.length) return randomFillSync(Buffer.allocUnsafeSlow(length))
  if (randomOffset + length > randomPool.length) {
    randomFillSync(randomPool)
    randomOffset = 0
  }
  randomOffset += length
  return randomPool.subarray(randomOffset - length, randomOffset)
}

function verificationInput(key: KeyObject, algorithm: SignatureAlgorithm): KeyObject | VerifyKeyObjectInput {
  if (algorithm.startsWith('PS')) {
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  }
  // PKCS #1 v1.5, ECDSA or Ed25519, as the key says: wrapping it would make each verification half as dear again.
  return key
}
