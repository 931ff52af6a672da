import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose'

/** A key pair of a provider that signs whatever a test wants. */
export interface SigningKey {
  readonly publicJwk: JWK
  sign(claims: unknown, header?: Readonly<Record<string, unknown>>): Promise<string>
}

export async function createSigningKey(kid = 'key-1', alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header = {}) => {
      const text = typeof claims === 'string' ? claims : JSON.stringify(claims)
      return new CompactSign(new TextEncoder().encode(text))
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey)
    },
  }
}

/** Base64url of a JSON value or of a text. */
export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
}
