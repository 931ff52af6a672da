import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import { invalidOption, parseWebUrl } from '@latchkey/core/provider'

const signatureAlgorithms: Readonly<Record<SignatureAlgorithm, true>> = {
  RS256: true,
  RS384: true,
  RS512: true,
  PS256: true,
  PS384: true,
  PS512: true,
  ES256: true,
  ES384: true,
  ES512: true,
  EdDSA: true,
  Ed25519: true,
}

/** @throws `core/invalid_option` unless the value is an https URL, or http on loopback, without user info and fragment. */
export function requireEndpoint(factory: string, option: string, value: unknown): void {
  if (parseWebUrl(value) === null) {
    throw invalidOption(factory, option, 'must be an https URL (http on loopback only) without user info or fragment')
  }
}

/**
 * A list of public-key signature algorithms, `['RS256']` by default.
 *
 * @throws `core/invalid_option`
 */
export function requireAlgorithms(
  factory: string,
  option: string,
  value: readonly SignatureAlgorithm[] = ['RS256'],
): readonly SignatureAlgorithm[] {
  if (!isListOfAlgorithms(value)) {
    throw invalidOption(factory, option, `must be a list of: ${Object.keys(signatureAlgorithms).join(', ')}`)
  }
  return value
}

/** @throws `core/invalid_option` unless the value is a text that is not empty. */
export function requireText(factory: string, option: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '')
    throw invalidOption(factory, option, 'must be a text that is not empty')
}

/** @throws `core/invalid_option` unless the value is a whole number from 0 to 300. */
export function requireClockTolerance(factory: string, option: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 300) {
    throw invalidOption(factory, option, 'must be a whole number of seconds from 0 to 300')
  }
}

function isListOfAlgorithms(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  return value.every((name: unknown) => typeof name === 'string' && Object.hasOwn(signatureAlgorithms, name))
}
