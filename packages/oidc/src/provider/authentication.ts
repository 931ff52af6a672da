import type { SignatureAlgorithm } from '@latchkey/core/crypto'
import {
  algorithmList,
  checkOptions,
  invalidOption,
  type OptionRules,
  option,
  required,
  rule,
} from '@latchkey/core/provider'
import { type ClientAuthentication, type ClientSecret, toClientAuths } from '../client/client-authentication.ts'

/** A key that signs the client's assertions (`private_key_jwt`). */
export interface PrivateKey {
  /** For signing; it need not be extractable. */
  readonly key: CryptoKey
  /** The `alg` of the assertions: one that the key is made for. */
  readonly algorithm: string
  /** The `kid` under which the provider knows the public key. */
  readonly keyId?: string | undefined
}

/** How the client proves itself to a provider, by the methods that its document lists. */
export type AuthenticationChoice = (listed: readonly string[] | undefined) => ClientAuthentication

/** What the app says of it. */
export interface AuthenticationOptions {
  readonly clientId: string
  readonly clientSecret?: ClientSecret | undefined
  readonly privateKey?: PrivateKey | undefined
  readonly clientAuthentication?: ClientAuthentication['kind'] | undefined
}

const keyRules: OptionRules<PrivateKey> = {
  key: required(
    rule('must be a private CryptoKey for signing', (value) => {
      const { type, usages } = (value ?? {}) as Partial<CryptoKey>
      return type === 'private' && usages?.includes('sign') === true
    }),
  ),
  algorithm: required(rule(algorithmList.must, (value) => algorithmList.holds([value]))),
  keyId: option.text,
}

/**
 * Decides how the client proves itself. The options alone decide that it does, and by what; a document chooses between
 * header and body for a secret, and nothing else.
 *
 * @throws `core/invalid_option`
 */
export function toAuthenticationChoice(factory: string, options: AuthenticationOptions): AuthenticationChoice {
  const { clientId, clientSecret: secret, privateKey, clientAuthentication: wanted } = options
  if (secret !== undefined && privateKey !== undefined) {
    throw invalidOption(
      factory,
      'privateKey',
      'must not be given beside `clientSecret`: the client proves itself by one',
    )
  }
  const possible = possibleKinds(options)
  if (wanted !== undefined && !possible.includes(wanted)) {
    throw invalidOption(factory, 'clientAuthentication', `must be ${possible.join(' or ')} with the options given`)
  }
  const choose: AuthenticationChoice = (listed) => {
    if (privateKey !== undefined) return signed(factory, privateKey)
    if (secret === undefined) return { kind: 'none' }
    if (wanted === 'client_secret_basic' || wanted === 'client_secret_post') return { kind: wanted, secret }
    const takesBodyAlone = listed?.includes('client_secret_post') === true && !listed.includes('client_secret_basic')
    return { kind: takesBodyAlone ? 'client_secret_post' : 'client_secret_basic', secret }
  }
  // What is wrong with a secret or a key is said at start, not at the first login.
  toClientAuths(factory, { clientId, clientAuthentication: choose(undefined) })
  return choose
}

function possibleKinds({ clientSecret, privateKey }: AuthenticationOptions): readonly ClientAuthentication['kind'][] {
  if (privateKey !== undefined) return ['private_key_jwt']
  return clientSecret === undefined ? ['none'] : ['client_secret_basic', 'client_secret_post']
}

function signed(factory: string, privateKey: PrivateKey): ClientAuthentication {
  const { key, algorithm, keyId } = checkOptions(`${factory}: privateKey`, privateKey, keyRules)
  if (!algorithmsOf(key).includes(algorithm)) {
    throw invalidOption(`${factory}: privateKey`, 'algorithm', 'must be the one that the key is made for')
  }
  // Checked to be one.
  return { kind: 'private_key_jwt', key, algorithm: algorithm as SignatureAlgorithm, keyId }
}

const curves: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }

/** The `alg` values that a key can sign. */
function algorithmsOf({ algorithm }: CryptoKey): readonly (string | undefined)[] {
  const { name, hash, namedCurve = '' } = algorithm as KeyAlgorithm & Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>
  const bits = hash?.name.slice('SHA-'.length) ?? ''
  switch (name) {
    case 'RSASSA-PKCS1-v1_5':
      return [`RS${bits}`]
    case 'RSA-PSS':
      return [`PS${bits}`]
    case 'ECDSA':
      return [curves[namedCurve]]
    case 'Ed25519':
      return ['EdDSA', 'Ed25519']
    default:
      return []
  }
}
