import { readUnverifiedClaims } from '@latchkey/core/crypto'
import type { RefreshResult, Tokens } from '@latchkey/core/provider'
import { refreshFailure, refreshStoredTokens, type StoredTokens } from '@latchkey/oidc'
import { verifyClient } from '../api/verify-client.ts'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'
import { namesUser, verifyAccessTokenLocally } from '../tokens/access-token.ts'
import type { WinkIdentity, WinkProfile } from './identity.ts'

/**
 * Exchanges the refresh token. What comes back must be of the same user and client. verify-client is asked only where no
 * token names the user.
 */
export async function refresh(
  settings: WinkSettings,
  { accessToken, refreshToken, nonce }: StoredTokens,
  identity?: WinkIdentity,
): Promise<Tokens> {
  // Without an identity: verified when it came, and sealed since.
  const subject = identity?.subject ?? readUnverifiedClaims(accessToken)?.['sub']
  if (refreshToken === undefined || typeof subject !== 'string') throw winkError('wink/refresh_token_invalid')
  const refreshed = await refreshStoredTokens(
    settings.oidc,
    { refreshToken, nonce, subject },
    async ({ tokens, claims }) => {
      const source = 'token-endpoint'
      const verified = await verifyAccessTokenLocally(settings, tokens.accessToken, { source, subject })
      if (claims === null && !namesUser(verified)) await requireUser(settings, tokens.accessToken, subject)
      return tokens
    },
  )
  if (refreshed.kind === 'completed') return refreshed.result
  const { error } = refreshed
  if (error === 'invalid_grant') throw winkError('wink/refresh_token_invalid')
  throw winkError('wink/refresh_refused', { cause: { error } })
}

/** @throws `wink/profile_mismatch`, and the errors of verify-client */
async function requireUser(settings: WinkSettings, accessToken: string, subject: string): Promise<void> {
  const { winkToken } = await verifyClient(settings, accessToken)
  if (winkToken !== subject) throw winkError('wink/profile_mismatch')
}

/** Refreshes the tokens of an identity. It is ended by Wink, or by tokens that are not this user's any more. */
export async function refreshIdentity(
  client: { refresh(tokens: Tokens, identity: WinkIdentity): Promise<Tokens> },
  tokens: Tokens,
  identity: WinkIdentity,
): Promise<RefreshResult<WinkProfile>> {
  try {
    const refreshed = await client.refresh(tokens, identity)
    const { expiresAt: verifiedUntil = identity.profile.verifiedUntil } = refreshed
    return { kind: 'refreshed', tokens: refreshed, profile: { ...identity.profile, verifiedUntil } }
  } catch (error) {
    // verify-client was asked because no token named the user.
    return refreshFailure(error, { 'wink/profile_mismatch': 'user_changed' })
  }
}
