import type { JsonObject } from '../model/json.ts'
import { isCanonicalBase64url } from './base64url.ts'
import { isEdwards, type SignatureAlgorithm } from './keys.ts'

const minimumModulusBits = 2048

const minimumExponent = 65537n

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

const curves = {
  ES256: { name: 'P-256', coordinateBytes: 32 },
  ES384: { name: 'P-384', coordinateBytes: 48 },
  ES512: { name: 'P-521', coordinateBytes: 66 },
} as const

/** A public key that was found fit for an algorithm. */
export interface UsableJwk {
  /** The members that make the key, and no others. */
  readonly jwk: { readonly kty: string; readonly [member: string]: string }
  /** The length of its signatures. OpenSSL also takes a PSS signature whose leading zeros were cut off. */
  readonly signatureBytes: number
}

/**
 * Checks that a JWK is a public key, strong enough, and meant for this algorithm. Whether a point lies on its curve is
 * for the importer to say.
 *
 * @throws TypeError otherwise.
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
export function usableJwk(jwk: JsonObject, algorithm: SignatureAlgorithm): UsableJwk {
  if (secretMembers.some((member) => Object.hasOwn(jwk, member))) throw unusable('it is not a public key')
  if (!isMeantFor(jwk, algorithm)) throw unusable('it is meant for something else')
  switch (algorithm) {
    case 'RS256':
    case 'RS384':
    case 'RS512':
    case 'PS256':
    case 'PS384':
    case 'PS512':
      return rsa(jwk)
    case 'ES256':
    case 'ES384':
    case 'ES512':
      return ellipticCurve(jwk, curves[algorithm])
    case 'EdDSA':
    case 'Ed25519':
      return edwardsCurve(jwk)
    default:
      algorithm satisfies never
      throw unusable('its algorithm is not known')
  }
}

/** The error for a key that cannot be used. It names the reason, never the key. */
export function unusable(reason: string): TypeError {
  return new TypeError(`This key cannot verify signatures: ${reason}.`)
}

function isMeantFor({ alg, use, key_ops: operations }: JsonObject, algorithm: SignatureAlgorithm): boolean {
  return (
    (alg === undefined || alg === algorithm || (isEdwards(alg) && isEdwards(algorithm))) &&
    (use === undefined || use === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  )
}

function rsa({ kty, n, e }: JsonObject): UsableJwk {
  if (kty !== 'RSA') throw unusable('it is no RSA key')
  const modulus = toInteger(n)
  const exponent = toInteger(e)
  const modulusBits = modulus.toString(2).length
  if (modulusBits < minimumModulusBits) throw unusable('its modulus is under 2048 bits')
  if (exponent < minimumExponent || exponent % 2n === 0n) throw unusable('its exponent is weak')
  return { jwk: { kty, n: n as string, e: e as string }, signatureBytes: Math.ceil(modulusBits / 8) }
}

function ellipticCurve({ kty, crv, x, y }: JsonObject, curve: (typeof curves)[keyof typeof curves]): UsableJwk {
  if (kty !== 'EC' || crv !== curve.name) throw unusable('it is of another type or curve')
  const { coordinateBytes } = curve
  return {
    jwk: { kty, crv, x: coordinate(x, coordinateBytes), y: coordinate(y, coordinateBytes) },
    signatureBytes: 2 * coordinateBytes,
  }
}

function edwardsCurve({ kty, crv, x }: JsonObject): UsableJwk {
  if (kty !== 'OKP' || crv !== 'Ed25519') throw unusable('it is of another type or curve')
  return { jwk: { kty, crv, x: coordinate(x, 32) }, signatureBytes: 64 }
}

function coordinate(value: unknown, byteLength: number): string {
  if (!isBase64url(value) || value.length !== Math.ceil((byteLength * 4) / 3))
    throw unusable('a coordinate is malformed')
  return value
}

function toInteger(value: unknown): bigint {
  if (!isBase64url(value)) throw unusable('a number is malformed')
  const binary = atob(value.replaceAll('-', '+').replaceAll('_', '/'))
  return BigInt(`0x0${Array.from(binary, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`)
}

function isBase64url(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && isCanonicalBase64url(value)
}
