import { createHash, randomBytes } from 'node:crypto'

/** Where a login goes, and what is remembered of it. */
export interface LoginFloor {
  readonly url: string
  readonly transaction: { readonly state: string; readonly nonce: string; readonly verifier: string }
}

/** Begins a sign-in by the shortest code: state, nonce and PKCE. `prefix` is the address with all that never changes. */
export function startLoginFloor(prefix: string): LoginFloor {
  const random = randomBytes(96)
  const text = (part: number): string => random.subarray(part * 32, part * 32 + 32).toString('base64url')
  const transaction = { state: text(0), nonce: text(1), verifier: text(2) }
  const challenge = createHash('sha256').update(transaction.verifier).digest('base64url')
  return {
    url: `${prefix}&state=${transaction.state}&nonce=${transaction.nonce}&code_challenge=${challenge}`,
    transaction,
  }
}
