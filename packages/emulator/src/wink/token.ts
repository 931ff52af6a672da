import { duplicatedField, matchesChallenge, oauthJson } from '../server/oauth.ts'
import type { Handler } from '../server/router.ts'
import { isForm } from '../server/start-system.ts'
import { isOurClient } from './client.ts'
import { issueTokens } from './issue-tokens.ts'
import { takeRefreshGrant } from './refresh-grant.ts'
import type { CodeGrant, WinkState } from './state.ts'

interface TokenRefusal {
  readonly error: string
  readonly error_description: string
}

/** POST /realms/wink/protocol/openid-connect/token. */
export const token =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const form = new URLSearchParams(isForm(request) ? await request.text() : '')
    const grant = isOurClient(request, form)
      ? await grantOf(state, form)
      : refusal('unauthorized_client', 'Invalid client or Invalid client credentials')
    if (!('error' in grant)) return oauthJson(await issueTokens(state, grant))
    note(grant.error)
    return oauthJson(grant, { status: grant.error === 'unauthorized_client' ? 401 : 400 })
  }

async function grantOf(state: WinkState, form: URLSearchParams): Promise<CodeGrant | TokenRefusal> {
  if (duplicatedField(form)) return refusal('invalid_request', 'duplicated parameter')
  switch (form.get('grant_type') ?? '') {
    case 'authorization_code':
      return redeemCode(state, form)
    case 'refresh_token':
      return redeemRefreshToken(state, form)
    default:
      return refusal('unsupported_grant_type', 'Unsupported grant_type')
  }
}

function redeemCode(state: WinkState, form: URLSearchParams): CodeGrant | TokenRefusal {
  const code = form.get('code') ?? ''
  const grant = state.codes.get(code)
  state.codes.delete(code)
  if (!grant || grant.session.ended) return refusal('invalid_grant', 'Code not valid')
  if (form.get('redirect_uri') !== grant.redirectUri) return refusal('invalid_grant', 'Incorrect redirect_uri')
  if (!matchesChallenge(form.get('code_verifier'), grant.codeChallenge)) {
    return refusal('invalid_grant', 'PKCE verification failed: Code mismatch')
  }
  return grant
}

async function redeemRefreshToken(state: WinkState, form: URLSearchParams): Promise<CodeGrant | TokenRefusal> {
  const grant = await takeRefreshGrant(state, form.get('refresh_token'))
  if (!grant) return refusal('invalid_grant', 'Invalid refresh token')
  return grant.session.ended ? refusal('invalid_grant', 'Session not active') : grant
}

const refusal = (error: string, description: string): TokenRefusal => ({ error, error_description: description })
