import type { Tokens, Seconds } from '@latchkey/core/provider'
import type { OidcRefreshedTokens } from '@latchkey/oidc'

/** Tokens of a Wristband sign-in. */
export interface WristbandTokens extends Tokens {
  /** The `nonce` of the sign-in: a refreshed ID token has it, or none. */
  readonly nonce?: string
}

/** The access token is due this long before it expires. */
const refreshMarginSeconds = 60

/** Tokens are not refreshed more often than this, however short they live. */
const shortestPauseSeconds = 10

/** What is kept of the tokens of a sign-in or refresh. ID tokens are not. */
export function tokensOf(
  { accessToken, refreshToken, expiresAt }: OidcRefreshedTokens,
  { now, nonce }: { readonly now: Seconds; readonly nonce: string | undefined },
): WristbandTokens {
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt,
    refreshAt: Math.max(expiresAt - refreshMarginSeconds, now + shortestPauseSeconds),
    ...(nonce !== undefined && { nonce }),
  }
}
