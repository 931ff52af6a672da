import { createHash, randomUUID } from 'node:crypto'
import {
  base64url,
  CompactSign,
  type CryptoKey,
  compactVerify,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
} from 'jose'
import type { TokenDraft } from './token-draft.ts'

/** The RSA keys by which an emulated system signs. */
export interface SigningKeys {
  /** The published set, the newest key first. */
  jwks(): Promise<{ readonly keys: readonly JWK[] }>
  /** The `kid` that signs now. */
  readonly kid: string
  sign(draft: TokenDraft): Promise<string>
  /** The token if a published key signed it with RS256; times are the caller's to judge. */
  verify(token: string): Promise<TokenDraft | null>
  /** Signs with a new key from now on; `retire` takes the earlier ones out of the set. */
  rotate(options?: { readonly retire?: boolean }): Promise<void>
}

interface Key {
  readonly kid: string
  pair(): Promise<KeyPair>
}

interface KeyPair {
  readonly publicJwk: JWK
  readonly publicKey: CryptoKey
  readonly privateKey: CryptoKey
}

export function createSigningKeys(): SigningKeys {
  let current = createKey()
  let published = [current]
  return {
    async jwks() {
      const pairs = await Promise.all(published.map((key) => key.pair()))
      return { keys: pairs.map(({ publicJwk }) => publicJwk) }
    },
    get kid() {
      return current.kid
    },
    sign: (draft) => signDraft(draft, current),
    async verify(token) {
      try {
        const { payload, protectedHeader } = await compactVerify(
          token,
          async ({ kid }) => {
            const key = published.find((candidate) => candidate.kid === kid)
            if (!key) throw new Error('no such key')
            return (await key.pair()).publicKey
          },
          { algorithms: ['RS256'] },
        )
        return { header: { ...protectedHeader }, claims: JSON.parse(decode(payload)) as TokenDraft['claims'] }
      } catch {
        return null
      }
    },
    async rotate({ retire = false } = {}) {
      current = createKey()
      published = retire ? [current] : [current, ...published]
    },
  }
}

/** OpenID Connect's `at_hash` for a 256-bit algorithm. @see OpenID Connect Core 3.1.3.6 */
export const accessTokenHash = (accessToken: string): string =>
  createHash('sha256').update(accessToken, 'ascii').digest().subarray(0, 16).toString('base64url')

/** Makes its pair when it is first used: that takes long, and a test may use one of the systems alone. */
function createKey(): Key {
  const kid = randomUUID()
  let pair: Promise<KeyPair> | undefined
  return { kid, pair: () => (pair ??= createPair(kid)) }
}

async function createPair(kid: string): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  const { kty, n, e } = await exportJWK(publicKey)
  return { publicKey, privateKey, publicJwk: { kty, kid, alg: 'RS256', use: 'sig', n, e } as JWK }
}

async function signDraft({ header, claims, signature = 'own' }: TokenDraft, own: Key): Promise<string> {
  const payload = JSON.stringify(claims)
  if (header.alg === 'none') return `${base64url.encode(JSON.stringify(header))}.${base64url.encode(payload)}.`
  const { publicKey, privateKey } = await (signature === 'foreign' ? createKey() : own).pair()
  const material = header.alg === 'HS256' ? new TextEncoder().encode(await exportSPKI(publicKey)) : privateKey
  const token = await new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ ...header, alg: String(header.alg) })
    .sign(material)
  return signature === 'broken' ? breakSignature(token) : token
}

function breakSignature(token: string): string {
  const start = token.lastIndexOf('.') + 1
  return `${token.slice(0, start)}${token[start] === 'A' ? 'B' : 'A'}${token.slice(start + 1)}`
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
