import type { Json, JsonObject, Seconds } from '@latchkey/core/provider'

/**
 * What has to be remembered between `startLogin` and `finishLogin`: plain JSON that holds secrets. Keep it where only
 * this browser's callback finds it, and redeem it once.
 */
export interface WristbandTransaction extends Record<string, Json> {
  readonly codeVerifier: string
  readonly nonce: string
  readonly state: string
  readonly redirectUri: string
  /** The name of the tenant that the sign-in began with; null where it began without one. */
  readonly tenant: string | null
  /** The tenant's own domain that the sign-in began at, if it did. */
  readonly customDomain: string | null
  readonly returnTo: string | null
  readonly maxAgeSeconds: number | null
  /** The app's own, handed back by `finishLogin`. */
  readonly customState: JsonObject | null
  readonly issuedAt: Seconds
}

/** How long a sign-in may take, in seconds. */
export const transactionLifetimeSeconds = 600
