import { duplicatedField, matchesChallenge, oauthJson } from '../server/oauth.ts'
import type { Handler } from '../server/router.ts'
import { isForm } from '../server/start-system.ts'
import { isOurClient } from './client.ts'
import { issueMachineToken, issueRefreshToken, issueTokens, type TokenAnswer } from './issue-tokens.ts'
import type { WristbandState } from './state.ts'

interface TokenRefusal {
  readonly error: string
  readonly error_description: string
}

/** POST /api/v1/oauth2/token. */
export const token =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const answer = await grantOf(state, request)
    if (!('error' in answer)) return oauthJson(answer)
    note(String(answer.error))
    return answer.error === 'invalid_client' ? invalidClient() : oauthJson(answer, { status: 400 })
  }

/** POST /api/v1/oauth2/revoke: 200 whatever the token was. */
export const revoke =
  (state: WristbandState): Handler =>
  async (request, { note }) => {
    const form = new URLSearchParams(await request.text())
    if (!isOurClient(state, request, form)) {
      note('invalid_client')
      return invalidClient()
    }
    const known = await findRefreshToken(state, form.get('token'))
    if (known) known.family.revoked = true
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
  }

async function grantOf(state: WristbandState, request: Request): Promise<TokenAnswer | TokenRefusal> {
  if (!isForm(request)) return refusal('invalid_request', 'The body must be a form.')
  const form = new URLSearchParams(await request.text())
  if (duplicatedField(form)) return refusal('invalid_request', 'A parameter is repeated.')
  if (!isOurClient(state, request, form)) return refusal('invalid_client', 'Client authentication failed.')
  switch (form.get('grant_type') ?? '') {
    case 'authorization_code':
      return redeemCode(state, form)
    case 'refresh_token':
      return refresh(state, form)
    case 'client_credentials':
      if (state.application.publicClient) return refusal('unauthorized_client', 'A public client is no machine.')
      return form.has('scope') ? refusal('invalid_scope', 'Machine tokens have no scope.') : issueMachineToken(state)
    default:
      return refusal('unsupported_grant_type', 'The grant type is not supported.')
  }
}

async function redeemCode(state: WristbandState, form: URLSearchParams): Promise<TokenAnswer | TokenRefusal> {
  const code = form.get('code')
  if (!code || !form.has('redirect_uri')) return refusal('invalid_request', 'A parameter is missing.')
  const grant = state.codes.get(code)
  if (!grant) return refusal('invalid_grant', 'The code is unknown or has expired.')
  if (grant.used) {
    grant.family.revoked = true
    return refusal('invalid_grant', 'The code was used before.')
  }
  grant.used = true
  if (form.get('redirect_uri') !== grant.redirectUri) return refusal('invalid_grant', 'The redirect URI differs.')
  if (grant.codeChallenge !== null && !matchesChallenge(form.get('code_verifier'), grant.codeChallenge)) {
    return refusal('invalid_grant', 'The code verifier does not match.')
  }
  const { family, nonce } = grant
  const offline = family.scope.split(' ').includes('offline_access')
  return issueTokens(state, family, {
    nonce,
    refreshToken: offline ? await issueRefreshToken(state, family) : undefined,
  })
}

async function refresh(state: WristbandState, form: URLSearchParams): Promise<TokenAnswer | TokenRefusal> {
  const given = form.get('refresh_token')
  if (!given) return refusal('invalid_request', 'A parameter is missing.')
  const known = await findRefreshToken(state, given)
  if (!known || known.family.revoked) return refusal('invalid_grant', 'The refresh token is not valid.')
  const { rotation, reuseRefresh, reuseGraceSeconds } = state.switches
  const now = state.clock.now()
  const reused = known.replacedAt !== null && now - known.replacedAt >= reuseGraceSeconds
  if (reused && reuseRefresh !== 'accept') {
    known.family.revoked = reuseRefresh === 'revoke-family'
    return refusal('invalid_grant', 'The refresh token was used before.')
  }
  const { family } = known
  if (rotation === 'rotate') known.replacedAt ??= now
  const successor = { rotate: () => issueRefreshToken(state, family), keep: () => given, omit: () => undefined }
  return issueTokens(state, family, { nonce: null, refreshToken: await successor[rotation]() })
}

async function findRefreshToken(
  state: WristbandState,
  refreshToken: string | null,
): Promise<ReturnType<WristbandState['refreshTokens']['get']>> {
  const claims = await state.refreshTokenFormat.open(refreshToken ?? '')
  return state.refreshTokens.get(claims ? String(claims.jti) : undefined)
}

const refusal = (error: string, description: string): TokenRefusal => ({ error, error_description: description })

const invalidClient = (): Response =>
  oauthJson(refusal('invalid_client', 'Client authentication failed.'), {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="wristband-emulator"' },
  })
