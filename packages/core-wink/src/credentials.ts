import type { Credentials, Seconds } from '@latchkey/core/provider'
import type { OidcTokens } from '@latchkey/oidc'

/** Tokens of a Wink sign-in. ID tokens are not kept. */
export interface WinkCredentials extends Credentials {
  /** The `nonce` of the sign-in: a refreshed ID token has it, or none. */
  readonly nonce?: string
}

/** The access token, which lives 5 minutes at Wink, is due this long before it expires. */
const renewalMarginSeconds = 60
/** Tokens are not renewed more often than this, however short they live. */
const shortestPauseSeconds = 10

/** What is kept of the tokens of a sign-in or refresh. */
export function credentialsOf(
  { accessToken, refreshToken, expiresAt }: Omit<OidcTokens, 'idToken'>,
  { now, nonce }: { readonly now: Seconds; readonly nonce: string | undefined },
): WinkCredentials {
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt,
    renewAt: Math.max(expiresAt - renewalMarginSeconds, now + shortestPauseSeconds),
    ...(nonce !== undefined && { nonce }),
  }
}
