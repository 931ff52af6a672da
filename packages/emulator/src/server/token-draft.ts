import { mutationOf } from './known-names.ts'

/** A token before it is signed. */
export interface TokenDraft {
  /** Its `alg` decides how it is signed: RS256, HS256 under the public key's PEM, or none. */
  readonly header: Readonly<Record<string, unknown>>
  /** Its payload. */
  readonly claims: Readonly<Record<string, unknown>>
  /** `foreign` is a key that was never published; `broken` is a signature with one bit changed. `own` by default. */
  readonly signature?: 'own' | 'foreign' | 'broken'
}

/** Changes a token before it is signed; null leaves it out of the answer. */
export type TokenMutation = (draft: TokenDraft) => TokenDraft | null

/** Mutations that need no code. */
export type NamedTokenMutation =
  | 'missing'
  | 'wrong-iss'
  | 'wrong-aud'
  | 'wrong-azp'
  | 'wrong-sub'
  | 'wrong-nonce'
  | 'missing-nonce'
  | 'wrong-tenant'
  | 'wrong-typ'
  | 'wrong-at-hash'
  | 'expired'
  | 'issued-in-future'
  | 'alg-none'
  | 'hs256-public-key'
  | 'bad-signature'
  | 'foreign-key'
  | 'unknown-key'

/** The function that a name stands for. */
export function tokenMutation(mutation: NamedTokenMutation | TokenMutation): TokenMutation {
  return mutationOf(mutation, named)
}

const withClaims =
  (change: (claims: TokenDraft['claims']) => Record<string, unknown>): TokenMutation =>
  (draft) => ({ ...draft, claims: { ...draft.claims, ...change(draft.claims) } })

const withHeader =
  (header: Record<string, unknown>): TokenMutation =>
  (draft) => ({ ...draft, header: { ...draft.header, ...header } })

const named: Record<NamedTokenMutation, TokenMutation> = {
  missing: () => null,
  'wrong-iss': withClaims(() => ({ iss: 'http://localhost:1/another-issuer' })),
  'wrong-aud': withClaims(() => ({ aud: 'another-client' })),
  'wrong-azp': withClaims(() => ({ azp: 'another-client' })),
  'wrong-sub': withClaims(() => ({ sub: 'another-subject' })),
  'wrong-nonce': withClaims(() => ({ nonce: 'another-nonce' })),
  'missing-nonce': withClaims(() => ({ nonce: undefined })),
  'wrong-tenant': withClaims(() => ({ tnt_id: 'tnt_another' })),
  'wrong-at-hash': withClaims(() => ({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })),
  expired: withClaims(({ iat, exp }) => ({ iat: Number(iat) - 86_400, exp: Number(exp) - 86_400 })),
  'issued-in-future': withClaims(({ iat, exp }) => ({ iat: Number(iat) + 3600, exp: Number(exp) + 3600 })),
  // Wristband says the type in the header, Keycloak in a claim.
  'wrong-typ': (draft) =>
    'typ' in draft.claims
      ? { ...draft, claims: { ...draft.claims, typ: 'Refresh' } }
      : { ...draft, header: { ...draft.header, typ: 'rt+JWT' } },
  'alg-none': withHeader({ alg: 'none' }),
  'hs256-public-key': withHeader({ alg: 'HS256' }),
  'bad-signature': (draft) => ({ ...draft, signature: 'broken' }),
  'foreign-key': (draft) => ({ ...draft, signature: 'foreign' }),
  'unknown-key': (draft) => ({ ...draft, header: { ...draft.header, kid: 'unknown' }, signature: 'foreign' }),
}
