import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose'

/** A key pair of a provider that signs whatever a test wants. */
export interface SigningKey {
  readonly publicJwk: JWK
  sign(claims: unknown, header?: Readonly<Record<string, unknown>>): Promise<string>
}

/** RSA pairs take long to make, so each is used again; one differs from the three before it. */
const rsaPairs: ReturnType<typeof generateKeyPair>[] = []
let madeKeys = 0

export async function createSigningKey(kid = 'key-1', alg = 'RS256'): Promise<SigningKey> {
  const make = () => generateKeyPair(alg, { extractable: true })
  const { privateKey, publicKey } = await (alg === 'RS256' ? (rsaPairs[madeKeys++ % 4] ??= make()) : make())
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
