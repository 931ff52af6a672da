/** The JWS algorithms that signatures are verified by. `EdDSA` and `Ed25519` name the same one. */
export type SignatureAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519'

/** A key of `seal` and `open`. Its material is private to the implementation that derived it. */
export interface SealKey {
  /** Base64url of the constant protected header. */
  readonly header: string
}

/** A key of `mac`. Its material is private to the implementation that made it. */
export interface MacKey {
  /** Tells it from other keys. */
  readonly kind: 'mac'
}

/** A public key, bound to the one algorithm that it was imported for. */
export interface PublicKey {
  /** The one algorithm that it verifies. */
  readonly algorithm: SignatureAlgorithm
}

/** Whether an algorithm is Ed25519, by either of its names. */
export function isEdwards(algorithm: unknown): boolean {
  return algorithm === 'EdDSA' || algorithm === 'Ed25519'
}

/**
 * Refuses keys that are shorter than the hash.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.2
 */
export function checkMacKey(bytes: Uint8Array): void {
  if (bytes.length < 32) throw new TypeError('A key of HMAC-SHA-256 needs 32 bytes or more.')
}
