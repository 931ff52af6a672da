import { faultOf, isAuthError, type Tokens } from '@latchkey/core/provider'
import { newestRefreshToken, postAsClient } from '@latchkey/oidc'
import { winkError } from '../model/errors.ts'
import type { WinkSettings } from '../model/options.ts'

/** Where the browser goes after signing out of Wink. */
export interface WinkSignOutOptions {
  /** Must be registered at Wink as a post-logout redirect URI. */
  readonly returnTo?: URL | undefined
}

export function signOutUrl({ clientId, endpoints }: WinkSettings, { returnTo }: WinkSignOutOptions): URL {
  const url = new URL(endpoints.logout)
  url.searchParams.set('client_id', clientId)
  if (returnTo !== undefined) url.searchParams.set('post_logout_redirect_uri', returnTo.href)
  return url
}

/** Core waits 3 seconds for all of a sign-out; what is left of them is for the way through the browser. */
const deadlineSeconds = 2

/** Ends the sign-in at Wink from here, by the refresh token: Keycloak's logout endpoint takes it as a POST. */
export async function signOut({ oidc, clientId, endpoints }: WinkSettings, { refreshToken }: Tokens): Promise<void> {
  if (refreshToken === undefined) throw winkError('wink/refresh_token_invalid')
  const parameters = { client_id: clientId, refresh_token: newestRefreshToken(oidc, refreshToken) }
  const request = { parameters, name: 'logout', deadlineSeconds }
  const { ok, status } = await postAsClient(oidc, endpoints.logout, request).catch((error: unknown) => {
    if (isAuthError(error)) throw winkError('wink/sign_out_failed', { cause: faultOf(error) })
    throw error
  })
  if (!ok) throw winkError('wink/sign_out_failed', { cause: { status } })
}
