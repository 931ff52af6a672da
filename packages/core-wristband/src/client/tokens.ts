import type { Credentials, Seconds } from '@latchkey/core/provider'
import type { OidcRefreshedTokens } from '@latchkey/oidc'

/** Tokens of a Wristband sign-in. */
export interface WristbandCredentials extends Credentials {
  /** The `nonce` of the sign-in: a refreshed ID token has it, or none. */
  readonly nonce?: string
}

/** The access token is due this long before it expires. */
const renewalMarginSeconds = 60

/** Tokens are not renewed more often than this, however short they live. */
const shortestPauseSeconds = 10

/** What is kept of the tokens of a sign-in or refresh. ID tokens are not. */
export function credentialsOf(
  { accessToken, refreshToken, expiresAt }: OidcRefreshedTokens,
  { now, nonce }: { readonly now: Seconds; readonly nonce: string | undefined },
): WristbandCredentials {
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt,
    renewAt: Math.max(expiresAt - renewalMarginSeconds, now + shortestPauseSeconds),
    ...(nonce !== undefined && { nonce }),
  }
}
