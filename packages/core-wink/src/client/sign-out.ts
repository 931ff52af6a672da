import { isAuthError, type Tokens } from '@latchkey/core/provider'
import { basicAuthorization } from '@latchkey/oidc'
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

/** Ends the sign-in at Wink from here, by the refresh token: Keycloak's logout endpoint takes it as a POST. */
export async function signOut(settings: WinkSettings, { refreshToken }: Tokens): Promise<void> {
  if (refreshToken === undefined) throw winkError('wink/refresh_token_invalid')
  const { clientId, clientSecret, clientAuthentication, endpoints, signOutHttp } = settings
  const body = new URLSearchParams({ client_id: clientId, refresh_token: refreshToken })
  if (clientAuthentication === 'client_secret_post') body.set('client_secret', clientSecret)
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(clientAuthentication === 'client_secret_basic' && {
      authorization: basicAuthorization(clientId, clientSecret),
    }),
  }
  const status = await signOutHttp.fetch(endpoints.logout, { method: 'POST', headers, body: body.toString() }).then(
    (response) => response.status,
    (error: unknown) => {
      if (isAuthError(error)) throw winkError('wink/sign_out_failed', { cause: { reason: error.code } })
      throw error
    },
  )
  if (status !== 200 && status !== 204) throw winkError('wink/sign_out_failed', { cause: { status } })
}
