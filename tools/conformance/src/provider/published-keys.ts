import type { JsonWebKey } from 'node:crypto'
import type { Misbehaviour } from './misbehaviour.ts'
import {
  edwardsCurveKey,
  ellipticCurveKey,
  keyFor,
  rsaKey,
  type SigningKey,
  type SigningMethod,
} from './signing-keys.ts'

/** The keys of a provider over time. */
export interface PublishedKeys {
  /** What the JWKS endpoint answers. */
  document(): { readonly keys: readonly JsonWebKey[] }
  /** The key that tokens are signed with by a method, and how they name it. */
  signing(method: SigningMethod): {
    readonly method: SigningMethod
    readonly key: SigningKey
    readonly kid: string | undefined
  }
  /** Replaces the key: the old one is gone. */
  rotate(): void
}

/** Publishes one RSA key, or what the module wants. Keys of other algorithms are published where one of them signs. */
export function publishKeys({ keysWithoutId, signedBy, logoutTokenSignedBy }: Misbehaviour): PublishedKeys {
  let number = 0
  const other = [signedBy, logoutTokenSignedBy].find((method) => method === 'PS256' || method === 'ES256')
  const kid = (name: string): string | undefined => (keysWithoutId === undefined ? `${name}-${number}` : undefined)
  const publish = ({ jwk, algorithm }: SigningKey, name: string, alg: string = algorithm): JsonWebKey => {
    const id = kid(name)
    return { ...jwk, use: 'sig', alg, ...(id !== undefined && { kid: id }) }
  }
  return {
    document() {
      const current = publish(rsaKey(number), 'RS256')
      if (keysWithoutId === 'several') {
        const others = [rsaKey(number + 1), rsaKey(number + 2), ellipticCurveKey(), edwardsCurveKey()]
        return { keys: [...others.map((key) => publish(key, '')), current] }
      }
      return { keys: other ? [current, publish(keyFor(other, rsaKey(number)), other, other)] : [current] }
    },
    signing(method) {
      const name = method === 'PS256' || method === 'ES256' ? method : 'RS256'
      return { method, key: keyFor(method, rsaKey(number)), kid: kid(name) }
    },
    rotate() {
      number += 1
    },
  }
}
