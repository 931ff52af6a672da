import { clients } from '../seed.ts'
import { readCookie } from '../server/cookies.ts'
import { duplicatedField } from '../server/oauth.ts'
import { redirectTo } from '../server/page.ts'
import type { Handler } from '../server/router.ts'
import {
  type AuthorizationRequest,
  callbackUrl,
  completeLogin,
  errorPage,
  isRedirectUri,
  openWinkSession,
  restartCookie,
  signedInSession,
} from './authorization.ts'
import { capturePage } from './capture-page.ts'
import type { WinkState } from './state.ts'

/** GET /realms/wink/protocol/openid-connect/auth. */
export const authorize =
  (state: WinkState): Handler =>
  async (request, { note }) => {
    const query = new URL(request.url).searchParams
    const redirectUri = (query.get('redirect_uri') ?? '').split('#', 1)[0] ?? ''
    if (query.get('client_id') !== clients.wink.clientId) return errorPage('Client not found.')
    if (!isRedirectUri(state, redirectUri)) return errorPage('Invalid parameter: redirect_uri')
    const authorization: AuthorizationRequest = {
      redirectUri,
      responseMode: query.get('response_mode') === 'fragment' ? 'fragment' : 'query',
      scope: query.get('scope') ?? '',
      state: query.get('state'),
      nonce: query.get('nonce'),
      codeChallenge: query.get('code_challenge') ?? '',
      sessionId: query.get('sessionId') ?? readCookie(request, restartCookie) ?? '',
    }
    const refuse = (error: string, description: string): Response => {
      note(error)
      return redirectTo(callbackUrl(state, authorization, { error, error_description: description }))
    }
    const problem = findProblem(query)
    if (problem) return refuse(...problem)

    const prompt = query.get('prompt')
    const signedIn = signedInSession(state, request)
    if (prompt === 'none') {
      return signedIn
        ? redirectTo(completeLogin(state, authorization, signedIn))
        : refuse('login_required', 'Nobody is signed in.')
    }
    const winkSession = openWinkSession(state, authorization)
    if (!winkSession) return refuse('invalid_request', 'sessionId is unknown, expired, used or of another return URL.')
    if (signedIn && prompt !== 'login') {
      winkSession.used = true
      return redirectTo(completeLogin(state, authorization, signedIn))
    }
    return capturePage(state, authorization)
  }

function findProblem(query: URLSearchParams): readonly [error: string, description: string] | null {
  const mode = query.get('response_mode')
  const prompt = query.get('prompt')
  if (duplicatedField(query)) return ['invalid_request', 'duplicated parameter']
  if (mode !== null && mode !== 'query' && mode !== 'fragment')
    return ['invalid_request', 'Invalid parameter: response_mode']
  if (query.get('response_type') !== 'code') return ['unsupported_response_type', 'Only code is supported.']
  if (!(query.get('scope') ?? '').split(' ').includes('openid'))
    return ['invalid_scope', 'The scope openid is required.']
  if (query.get('code_challenge_method') !== 'S256')
    return ['invalid_request', 'Missing parameter: code_challenge_method']
  if (!/^[\w-]{43}$/.test(query.get('code_challenge') ?? ''))
    return ['invalid_request', 'Missing parameter: code_challenge']
  if (prompt !== null && prompt !== 'login' && prompt !== 'none')
    return ['invalid_request', 'Invalid parameter: prompt']
  return null
}
