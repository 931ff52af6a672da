import type { Seconds } from '@latchkey/core/provider'

/**
 * What has to be remembered between `startLogin` and `finishLogin`: plain JSON that holds secrets. Keep it where only
 * this browser's callback finds it, and redeem it once.
 */
export interface WristbandTransaction extends Record<string, string | number | null> {
  readonly codeVerifier: string
  readonly nonce: string
  readonly state: string
  readonly redirectUri: string
  /** The name of the tenant that the sign-in began with. */
  readonly tenant: string
  readonly returnTo: string | null
  readonly maxAgeSeconds: number | null
  readonly issuedAt: Seconds
}

/** How long a sign-in may take, in seconds. */
export const transactionLifetimeSeconds = 600
