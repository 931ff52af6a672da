import { oauthJson } from '../server/oauth.ts'
import type { RouteContext } from '../server/router.ts'
import { isOurClient } from './client.ts'
import { takeRefreshGrant } from './refresh-grant.ts'
import type { WinkState } from './state.ts'

/** POST …/logout with a refresh token: a back end ends the single sign-on that the token came from. */
export async function logoutByRefreshToken(
  state: WinkState,
  { request, form, note }: { readonly request: Request; readonly form: URLSearchParams } & Pick<RouteContext, 'note'>,
): Promise<Response> {
  const refuse = (status: number, error: string, description: string): Response => {
    note(error)
    return oauthJson({ error, error_description: description }, { status })
  }
  if (!isOurClient(request, form)) {
    return refuse(401, 'unauthorized_client', 'Invalid client or Invalid client credentials')
  }
  const grant = await takeRefreshGrant(state, form.get('refresh_token'))
  if (!grant) return refuse(400, 'invalid_grant', 'Invalid refresh token')
  grant.session.ended = true
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}
