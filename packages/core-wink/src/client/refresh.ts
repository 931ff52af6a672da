import { type Tokens, type Identity, isAuthError, type RefreshResult, type Seconds } from '@latchkey/core/provider'
import type { OidcTokens } from '@latchkey/oidc'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import { unverifiedClaims, verifyAccessTokenLocally } from '../tokens/access-token.ts'

/**
 * Exchanges the refresh token. What comes back must be of the same user and client. verify-client is not asked again:
 * when it failed, the new tokens would be lost.
 */
export async function refresh(settings: WinkSettings, tokens: WinkTokens): Promise<WinkTokens> {
  const { accessToken = '', refreshToken, nonce } = tokens
  // Verified when it came, and sealed since.
  const { sub: subject } = unverifiedClaims(accessToken)
  if (refreshToken === undefined || typeof subject !== 'string') throw winkError('wink/refresh_token_invalid')
  const result = await settings.oidc.refresh(refreshToken, { subject, ...(nonce !== undefined && { nonce }) })
  if (result.kind === 'refused') {
    if (result.error === 'invalid_grant') throw winkError('wink/refresh_token_invalid')
    throw winkError('wink/refresh_refused', { cause: { error: result.error } })
  }
  const { tokens } = result
  await verifyAccessTokenLocally(settings, tokens.accessToken, { source: 'token-endpoint' })
  return tokensOf(
    { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken },
    { now: settings.clock(), nonce },
  )
}

/** Refreshes the tokens of an identity. It is ended by Wink, or by tokens that are not this user's any more. */
export async function refresh(
  client: { refresh(tokens: Tokens): Promise<Tokens> },
  tokens: Tokens,
  identity: Identity,
): Promise<RefreshResult> {
  try {
    const refreshed = await client.refresh(tokens)
    const { expiresAt: verifiedUntil } = refreshed
    const profile = { ...identity.profile, ...(verifiedUntil !== undefined && { verifiedUntil }) }
    return { kind: 'refreshed', tokens: refreshed, profile }
  } catch (error) {
    if (!isAuthError(error)) throw error
    const { code, status, cause } = error
    // Only what refuses the tokens themselves ends the identity; else Wink is out, and asked again.
    if (status === 401) return { kind: 'ended', reason: code.slice(code.indexOf('/') + 1) }
    const wait = (cause as { readonly retryAfterSeconds?: number } | undefined)?.retryAfterSeconds
    return { kind: 'failed', code, ...(wait !== undefined && { retryAfterSeconds: wait }) }
  }
}

/** Tokens of a Wink sign-in. ID tokens are not kept. */
export interface WinkTokens extends Tokens {
  /** The `nonce` of the sign-in: a refreshed ID token has it, or none. */
  readonly nonce?: string
}

/** The access token, which lives 5 minutes at Wink, is due this long before it expires. */
const refreshMarginSeconds = 60

/** Tokens are not refreshed more often than this, however short they live. */
const shortestPauseSeconds = 10

/** What is kept of the tokens of a sign-in or refresh. */
export function tokensOf(
  { accessToken, refreshToken, expiresAt }: Omit<OidcTokens, 'idToken'>,
  { now, nonce }: { readonly now: Seconds; readonly nonce: string | undefined },
): WinkTokens {
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt,
    refreshAt: Math.max(expiresAt - refreshMarginSeconds, now + shortestPauseSeconds),
    ...(nonce !== undefined && { nonce }),
  }
}
