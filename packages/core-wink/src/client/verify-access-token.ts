import type { Seconds } from '@latchkey/core/provider'
import type { TokenVerifier, VerifiedJwt } from '@latchkey/oidc/verify'
import { verifyClient } from '../api/verify-client.ts'
import type { WinkSettings } from '../model/options.ts'
import { accessTokenClaims } from '../tokens/access-token.ts'
import { authenticationOf } from '../tokens/authentication-time.ts'
import { type WinkIdentity, winkIdentity } from './identity.ts'

/** What an access token must satisfy beyond being valid. */
export interface VerifyAccessTokenOptions {
  /** The nonce that the access token must carry. Newer Keycloak leaves it out of access tokens. */
  readonly nonce?: string | undefined
  /** The token must not have been issued before this moment, in seconds since the Unix epoch. No tolerance is added. */
  readonly notBefore?: Seconds | undefined
  /** `false` skips verify-client: nothing is called but the keys, and the profile holds the tag at most. */
  readonly remote?: boolean | undefined
}

/** What {@link verifyAccessToken} verifies with. */
export interface CallerTokens {
  readonly settings: WinkSettings
  /** Remembers what was verified here. What Wink says of a token is asked each time. */
  readonly tokens: TokenVerifier<VerifiedJwt>
}

export async function verifyAccessToken(
  { settings, tokens }: CallerTokens,
  token: string,
  { remote = true, ...requirements }: VerifyAccessTokenOptions,
): Promise<WinkIdentity> {
  const { claims: verified } = await tokens.verify(token)
  const claims = accessTokenClaims(settings, verified, { ...requirements, source: 'caller' })
  const now = settings.clock()
  return winkIdentity(claims, {
    profile: remote ? await verifyClient(settings, token) : null,
    issuer: settings.endpoints.issuers[0],
    signedInAt: now,
    authentication: authenticationOf([claims.all], {
      forcedAt: null,
      now,
      clockToleranceSeconds: settings.clockToleranceSeconds,
    }),
  })
}
