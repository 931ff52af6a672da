import type { SignatureAlgorithm } from '../crypto/keys.ts'
import { type OptionRule, option, rule } from '../errors/options.ts'

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

/** A list of public-key signature algorithms, with at least one member. */
export const algorithmList: OptionRule = option.filledList(
  rule(
    `must be one of ${Object.keys(signatureAlgorithms).join(', ')}`,
    (value) => typeof value === 'string' && Object.hasOwn(signatureAlgorithms, value),
  ),
)

/**
 * A list of scopes, each without spaces.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#appendix-A.4
 */
export const scopeList: OptionRule = option.list(
  rule(
    'must be a scope without spaces',
    (value) => typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value),
  ),
)

/** How far two clocks may differ: 5 minutes at most. */
export const clockTolerance: OptionRule = option.wholeNumber(0, 300)
