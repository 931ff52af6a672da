import { randomBytes } from 'node:crypto'
import { messagePage } from '../server/page.ts'
import { type SsoSession, vendor, type WinkSession, type WinkState } from './state.ts'

export const sessionCookie = 'latchkey-emulator-wink-sso'

/** What an authorization request keeps on its way through the capture page. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly responseMode: 'query' | 'fragment'
  readonly scope: string
  readonly state: string | null
  readonly nonce: string | null
  readonly codeChallenge: string
  readonly sessionId: string
}

const codeLifetimeSeconds = 60

/** Issues a code for a recognised person: the address of the application's callback. */
export function completeLogin(state: WinkState, request: AuthorizationRequest, session: SsoSession): string {
  const code = randomBytes(32).toString('base64url')
  const { redirectUri, codeChallenge, nonce, scope } = request
  state.codes.set(code, { session, redirectUri, codeChallenge, nonce, scope }, codeLifetimeSeconds)
  return callbackUrl(state, request, { session_state: session.sid, code })
}

/** An unused session of this login's return URL. */
export function openWinkSession(state: WinkState, request: AuthorizationRequest): WinkSession | undefined {
  const session = state.winkSessions.get(request.sessionId)
  return session && !session.used && session.returnUrl === request.redirectUri ? session : undefined
}

/** A callback in the query or the fragment, with `state` and `iss`. */
export function callbackUrl(state: WinkState, request: AuthorizationRequest, fields: Record<string, string>): string {
  const url = new URL(request.redirectUri)
  const answer = request.responseMode === 'fragment' ? new URLSearchParams() : url.searchParams
  if (request.state !== null) answer.set('state', request.state)
  answer.set('iss', state.issuer)
  for (const [name, value] of Object.entries(fields)) answer.set(name, value)
  if (request.responseMode === 'fragment') url.hash = answer.toString()
  return url.href
}

/** Keycloak shows its own page where it cannot trust the way back. */
export const errorPage = (text: string): Response =>
  messagePage(vendor, { status: 400, title: 'This sign-in cannot go on', text })
