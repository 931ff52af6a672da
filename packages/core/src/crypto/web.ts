import { joinedBytes } from '../model/joined-bytes.ts'
import type { JsonObject } from '../model/json.ts'
import { isCanonicalBase64url } from './base64url.ts'
import { checkMacKey, type MacKey, type PublicKey, type SealKey, type SignatureAlgorithm } from './keys.ts'
import { sealHeader, sealLabels, splitSealed } from './sealed-text.ts'
import { unusable, usableJwk } from './usable-jwk.ts'

// The same exports as node.ts, which documents them, and the same bytes; for runtimes without node:crypto.

interface WebSealKey extends SealKey {
  readonly secret: CryptoKey
}

interface WebMacKey extends MacKey {
  readonly secret: CryptoKey
}

interface WebPublicKey extends PublicKey {
  readonly key: CryptoKey
  readonly signatureBytes: number
}

interface SignatureParameters extends Algorithm {
  readonly hash?: string
  readonly namedCurve?: string
  readonly saltLength?: number
}

const ivBytes = 12

const tagBytes = 16

const encoder = new TextEncoder()

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export async function deriveSealKey(secret: string, info: string): Promise<SealKey> {
  const labels = sealLabels(info)
  const kid = encodeBase64url(await hkdf(secret, labels.kid, 9))
  const bytes = await hkdf(secret, labels.key, 32)
  const key: WebSealKey = {
    header: encodeBase64url(sealHeader(kid)),
    secret: await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']),
  }
  return key
}

export async function seal(key: SealKey, content: string | Uint8Array): Promise<string> {
  const { header, secret } = key as WebSealKey
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const bytes = typeof content === 'string' ? encoder.encode(content) : new Uint8Array(content)
  const encrypted = new Uint8Array(await crypto.subtle.encrypt(cipher(header, iv), secret, bytes))
  const [ciphertext, tag] = [encrypted.subarray(0, -tagBytes), encrypted.subarray(-tagBytes)]
  return `${header}..${[iv, ciphertext, tag].map(encodeBase64url).join('.')}`
}

export async function open(
  keys: readonly SealKey[],
  sealed: string,
): Promise<{ readonly text: string; readonly key: SealKey } | null> {
  const opened = await openBytes(keys, sealed)
  return opened === null ? null : { text: decoder.decode(opened.bytes), key: opened.key }
}

export async function openBytes(
  keys: readonly SealKey[],
  sealed: string,
): Promise<{ readonly bytes: Uint8Array; readonly key: SealKey } | null> {
  const parts = splitSealed(keys as readonly WebSealKey[], sealed)
  if (parts === null) return null
  const { key } = parts
  const iv = decodeBase64url(parts.iv)
  const ciphertext = decodeBase64url(parts.ciphertext)
  const tag = decodeBase64url(parts.tag)
  if (iv === null || ciphertext === null || tag === null) return null
  try {
    const encrypted = joinedBytes([ciphertext, tag])
    return { bytes: new Uint8Array(await crypto.subtle.decrypt(cipher(key.header, iv), key.secret, encrypted)), key }
  } catch {
    return null
  }
}

export async function deriveMacKey(secret: string, info: string): Promise<MacKey> {
  return importMacKey(await hkdf(secret, info, 32))
}

export async function importMacKey(bytes: Uint8Array): Promise<MacKey> {
  checkMacKey(bytes)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const secret = await crypto.subtle.importKey('raw', new Uint8Array(bytes), algorithm, false, ['sign'])
  const key: WebMacKey = { kind: 'mac', secret }
  return key
}

export async function mac(key: MacKey, data: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.sign('HMAC', (key as WebMacKey).secret, encoder.encode(data))),
  )
}

export async function sha256(data: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(data))))
}

export async function importPublicKey(jwk: JsonObject, algorithm: SignatureAlgorithm): Promise<PublicKey> {
  const { jwk: usable, signatureBytes } = usableJwk(jwk, algorithm)
  try {
    const key = await crypto.subtle.importKey('jwk', usable, signatureParameters(algorithm), false, ['verify'])
    const publicKey: WebPublicKey = { algorithm, key, signatureBytes }
    return publicKey
  } catch {
    throw unusable('it is malformed')
  }
}

// oxlint-disable-next-line max-params -- the four of WebCrypto's own verify
export async function verifySignature(
  algorithm: SignatureAlgorithm,
  publicKey: PublicKey,
  signingInput: string,
  signature: Uint8Array,
): Promise<boolean> {
  const { key, signatureBytes } = publicKey as WebPublicKey
  if (publicKey.algorithm !== algorithm || signature.length !== signatureBytes) return false
  const data = encoder.encode(signingInput)
  return crypto.subtle.verify(signatureParameters(algorithm), key, new Uint8Array(signature), data)
}

export function randomToken(byteLength: number): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(byteLength)))
}

export function encodeBase64url(bytes: Uint8Array | string): string {
  let binary = ''
  for (const byte of typeof bytes === 'string' ? encoder.encode(bytes) : bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!isCanonicalBase64url(text)) return null
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
}

export function decodeBase64urlText(text: string): string | null {
  const bytes = decodeBase64url(text)
  try {
    return bytes && strictDecoder.decode(bytes)
  } catch {
    return null
  }
}

/** AES-GCM as a compact JWE has it: the protected header is authenticated too. */
function cipher(header: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: encoder.encode(header), tagLength: tagBytes * 8 }
}

async function hkdf(secret: string, info: string, byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveBits'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(info) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, byteLength * 8))
}

/** What a key is imported for and verifies by. */
function signatureParameters(algorithm: SignatureAlgorithm): SignatureParameters {
  const bits = algorithm.slice(2)
  const hash = `SHA-${bits}`
  switch (algorithm.slice(0, 2)) {
    case 'RS':
      return { name: 'RSASSA-PKCS1-v1_5', hash }
    case 'PS':
      return { name: 'RSA-PSS', hash, saltLength: Number(bits) / 8 }
    case 'ES':
      return { name: 'ECDSA', hash, namedCurve: bits === '512' ? 'P-521' : `P-${bits}` }
    default:
      return { name: 'Ed25519' }
  }
}
