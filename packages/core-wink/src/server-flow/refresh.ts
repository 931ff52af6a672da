import type { Credentials, Identity, Renewal } from '@latchkey/core/provider'
import { isAuthError } from '@latchkey/core/provider'
import { verifyAccessTokenLocally } from '../access-token.ts'
import { credentialsOf, type WinkCredentials } from '../credentials.ts'
import { winkError } from '../errors.ts'
import type { WinkSettings } from '../options.ts'
import { unverifiedClaims } from '../unverified-claims.ts'

/**
 * Exchanges the refresh token. What comes back must be of the same person and client. verify-client is not asked again:
 * when it failed, the new tokens would be lost.
 */
export async function refresh(settings: WinkSettings, credentials: WinkCredentials): Promise<WinkCredentials> {
  const { accessToken = '', refreshToken, nonce } = credentials
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
  return credentialsOf(
    { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken },
    { now: settings.clock(), nonce },
  )
}

/** Renews the tokens of an identity. It is ended by Wink, or by tokens that are not this person's any more. */
export async function renew(
  client: { refresh(credentials: Credentials): Promise<Credentials> },
  credentials: Credentials,
  identity: Identity,
): Promise<Renewal> {
  try {
    const renewed = await client.refresh(credentials)
    const { expiresAt: verifiedUntil } = renewed
    const profile = { ...identity.profile, ...(verifiedUntil !== undefined && { verifiedUntil }) }
    return { kind: 'renewed', credentials: renewed, profile }
  } catch (error) {
    if (!isAuthError(error)) throw error
    const { code, status, cause } = error
    // Only what refuses the tokens themselves ends the identity; else Wink is out, and asked again.
    if (status === 401) return { kind: 'ended', reason: code.slice(code.indexOf('/') + 1) }
    const wait = (cause as { readonly retryAfterSeconds?: number } | undefined)?.retryAfterSeconds
    return { kind: 'failed', code, ...(wait !== undefined && { retryAfterSeconds: wait }) }
  }
}
