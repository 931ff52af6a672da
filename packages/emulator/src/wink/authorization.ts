import { randomBytes } from 'node:crypto'
import { readCookie } from '../server/cookies.ts'
import { isLoopbackUrl } from '../server/loopback.ts'
import { messagePage } from '../server/page.ts'
import { type SsoSession, vendor, type WinkSession, type WinkState } from './state.ts'

export const sessionCookie = 'latchkey-emulator-wink-sso'
/** Names the session of a login that was interrupted: the SDK starts again without one. */
export const restartCookie = 'latchkey-emulator-wink-restart'

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

/** Issues a code for a recognised user: the address of the application's callback. */
export function completeLogin(state: WinkState, request: AuthorizationRequest, session: SsoSession): string {
  const code = randomBytes(32).toString('base64url')
  const { redirectUri, codeChallenge, nonce, scope } = request
  const lifetimeSeconds = state.plannedCodeLifetimes.take() ?? codeLifetimeSeconds
  state.codes.set(code, { session, redirectUri, codeChallenge, nonce, scope }, lifetimeSeconds)
  return callbackUrl(state, request, { session_state: session.sid, code })
}

/** Who is signed in to Wink in this browser. */
export function signedInSession(state: WinkState, request: Request): SsoSession | undefined {
  const session = state.ssoSessions.get(readCookie(request, sessionCookie))
  return session?.ended ? undefined : session
}

/** An unused session of this login's return URL, to which the SDK's overlay and restarts add a query of their own. */
export function openWinkSession(state: WinkState, request: AuthorizationRequest): WinkSession | undefined {
  const session = state.winkSessions.get(request.sessionId)
  if (!session || session.used) return undefined
  const { returnUrl } = session
  const added = `${returnUrl}${returnUrl.includes('?') ? '&' : '?'}`
  return request.redirectUri === returnUrl || request.redirectUri.startsWith(added) ? session : undefined
}

/** Whether a redirect URI is registered, to the letter or up to a final `*`; any of this machine while none is. */
export function isRedirectUri({ redirectUris }: WinkState, uri: string): boolean {
  const matches = (registered: string): boolean =>
    registered.endsWith('*') ? uri.startsWith(registered.slice(0, -1)) : uri === registered
  return redirectUris.size === 0 ? isLoopbackUrl(uri) : [...redirectUris].some(matches)
}

/** Whether an address is the application's: on this machine, or where a registered redirect URI is. */
export function isApplicationUrl({ redirectUris }: WinkState, address: string): boolean {
  const isThere = (uri: string): boolean => originOf(uri) === originOf(address)
  return isLoopbackUrl(address) || (originOf(address) !== null && [...redirectUris].some(isThere))
}

/** Whether an origin may use the pages for browsers: a registered one; any of this machine while none is. */
export function isWebOrigin({ webOrigins }: WinkState, origin: string): boolean {
  return webOrigins.size === 0 ? isLoopbackUrl(origin) && originOf(origin) === origin : webOrigins.has(origin)
}

const originOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).origin : null)

/** A callback in the query or the fragment, with `state` and `iss`. */
export function callbackUrl(state: WinkState, request: AuthorizationRequest, fields: Record<string, string>): string {
  const url = new URL(request.redirectUri)
  const answer = request.responseMode === 'fragment' ? new URLSearchParams() : url.searchParams
  if (request.state !== null) answer.set('state', request.state)
  answer.set('iss', state.issuer)
  for (const [name, value] of Object.entries(fields)) answer.set(name, value)
  state.callbacks.apply(answer)
  if (request.responseMode === 'fragment') url.hash = answer.toString()
  return url.href
}

/** Keycloak shows its own page where it cannot trust the way back. */
export const errorPage = (text: string): Response =>
  messagePage(vendor, { status: 400, title: 'This sign-in cannot go on', text })
