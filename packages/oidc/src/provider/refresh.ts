import {
  type AuthError,
  type BaseProfile,
  faultOf,
  type Identity,
  isAuthError,
  type JsonObject,
  type MountedProvider,
  type RefreshResult,
  type Tokens,
} from '@latchkey/core/provider'
import type { OidcClient } from '../client/oidc-client.ts'
import { refreshStoredTokens } from '../client/refresh-stored.ts'
import { revokeToken } from '../client/revoke.ts'
import { refreshFailure, type StoredTokens } from '../client/stored-tokens.ts'
import { requestUserinfoAgain } from '../client/userinfo.ts'
import { isRefusal, profileOf } from './profile.ts'
import type { RelyingParty } from './relying-party.ts'

/**
 * Refreshes the tokens of an identity, and with them its profile, where the provider gives a new ID token. What comes back
 * must be the same user's. The new tokens are kept whatever becomes of the profile: the old ones may be spent.
 */
export async function refreshIdentity(
  party: RelyingParty,
  tokens: Tokens,
  { subject, issuer }: Identity,
): Promise<RefreshResult> {
  const { refreshToken, nonce }: StoredTokens = tokens
  if (refreshToken === undefined) return { kind: 'ended', reason: 'refresh_token_missing' }
  try {
    const client = await party.client()
    const refreshed = await refreshStoredTokens(
      client,
      { refreshToken, nonce, subject, issuer },
      async ({ tokens: fresh, claims }) => ({
        kind: 'refreshed' as const,
        tokens: fresh,
        profile: await newProfile(party, client, { accessToken: fresh.accessToken, subject, claims }),
      }),
    )
    if (refreshed.kind === 'completed') return refreshed.result
    return refreshed.error === 'invalid_grant'
      ? { kind: 'ended', reason: refreshed.error }
      : { kind: 'failed', code: 'oidc/grant_refused' }
  } catch (error) {
    return refreshFailure(error)
  }
}

/**
 * Undefined where it cannot be made: the profile stays as it is then. Without a new ID token nothing is signed, and what
 * was must not be replaced by what is not.
 *
 * @throws `oidc/subject_mismatch` if userinfo describes another user
 */
async function newProfile(
  { settings, host }: RelyingParty,
  client: OidcClient,
  { accessToken, subject, claims }: { accessToken: string; subject: string; claims: JsonObject | null },
): Promise<BaseProfile | undefined> {
  if (claims === null) return undefined
  const keep = (why: AuthError): undefined => {
    host.emit({ type: 'provider.profile_kept', ...faultOf(why) })
    return undefined
  }
  const offered = client.metadata.userinfoEndpoint !== undefined
  const userinfo = offered ? await requestUserinfoAgain(client, { accessToken, subject }) : null
  if (isAuthError(userinfo) && !isRefusal(userinfo)) return keep(userinfo)
  try {
    return profileOf(settings.profile, { signed: claims, userinfo: isAuthError(userinfo) ? null : userinfo })
  } catch (error) {
    if (!isAuthError(error)) throw error
    return keep(error)
  }
}

type SignedOut = Awaited<ReturnType<NonNullable<MountedProvider['signOut']>>>

/** Nobody waits long for a sign-out. */
const revocationDeadlineSeconds = 2

/**
 * Revokes the tokens where the provider takes that, and tells where the browser ends its session there. ID tokens are not
 * kept, so the provider may ask the user to confirm.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export async function signOut(
  party: RelyingParty,
  tokens: Tokens | null,
  { returnTo }: { readonly returnTo: URL },
): Promise<SignedOut> {
  const client = await party.client()
  const { endSessionEndpoint } = client.metadata
  const fault = await revoke(client, tokens ?? {})
  const outcome = { failure: fault?.code, reason: fault?.reason }
  if (endSessionEndpoint === undefined) return outcome
  const url = new URL(endSessionEndpoint)
  url.searchParams.set('client_id', client.clientId)
  url.searchParams.set('post_logout_redirect_uri', returnTo.href)
  return { ...outcome, url }
}

/** @returns Why a revocation failed: our own session has ended all the same. */
async function revoke(
  client: OidcClient,
  { refreshToken, accessToken }: Tokens,
): Promise<ReturnType<typeof faultOf> | undefined> {
  const token = refreshToken ?? accessToken
  if (token === undefined || client.metadata.revocationEndpoint === undefined) return undefined
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token'
  try {
    await revokeToken(client, token, { hint, deadlineSeconds: revocationDeadlineSeconds })
    return undefined
  } catch (error) {
    if (!isAuthError(error)) throw error
    return faultOf(error)
  }
}
