import { users } from '../seed.ts'
import { oauthJson, readBearer } from '../server/oauth.ts'
import type { Handler } from '../server/router.ts'
import { tokenisedProfile } from './issue-tokens.ts'
import type { WinkState } from './state.ts'

/** GET /realms/wink/.well-known/openid-configuration. */
export const discovery =
  (state: WinkState): Handler =>
  () => {
    const base = `${state.issuer}/protocol/openid-connect`
    return Response.json({
      issuer: state.issuer,
      authorization_endpoint: `${base}/auth`,
      token_endpoint: `${base}/token`,
      userinfo_endpoint: `${base}/userinfo`,
      end_session_endpoint: `${base}/logout`,
      jwks_uri: `${base}/certs`,
      scopes_supported: ['openid', 'profile', 'email'],
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'fragment'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
  }

/** GET …/certs. */
export const certs =
  (state: WinkState): Handler =>
  async () =>
    Response.json(await state.keys.jwks())

/** GET …/userinfo. */
export const userinfo =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const verified = await state.keys.verify(readBearer(request) ?? '')
    const { typ, sub, exp } = verified?.claims ?? {}
    const user = Object.values(users).find(({ winkToken }) => winkToken === sub)
    if (typ !== 'Bearer' || !user || Number(exp) <= state.clock.now()) {
      note('invalid_token')
      return oauthJson(
        { error: 'invalid_token', error_description: 'Token verification failed' },
        { status: 401, headers: { 'www-authenticate': 'Bearer realm="wink", error="invalid_token"' } },
      )
    }
    return oauthJson({ sub, ...tokenisedProfile(user) })
  }
