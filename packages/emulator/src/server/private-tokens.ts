import { randomBytes } from 'node:crypto'
import { CompactSign, compactVerify } from 'jose'
import type { EmulatorClock } from './clock.ts'

/** HMAC tokens that only their issuer can read: refresh tokens, and requests that travel through a login page. */
export interface PrivateTokens {
  sign(claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number): Promise<string>
  /** The claims of an unexpired token of ours, else null. */
  open(token: string): Promise<Record<string, unknown> | null>
}

export function createPrivateTokens(
  clock: EmulatorClock,
  header: { readonly alg: 'HS256' | 'HS512'; readonly typ: string },
): PrivateTokens {
  const secret = randomBytes(64)
  return {
    sign(claims, lifetimeSeconds) {
      const now = clock.now()
      const payload = JSON.stringify({ ...claims, iat: now, exp: now + lifetimeSeconds })
      return new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(header).sign(secret)
    },
    async open(token) {
      try {
        const { payload } = await compactVerify(token, secret, { algorithms: [header.alg] })
        const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
        return Number(claims.exp) > clock.now() ? claims : null
      } catch {
        return null
      }
    },
  }
}
