import type { Route } from '../server/router.ts'
import { authorize } from './authorize.ts'
import { loginStatus, loginStatusFrame, thirdPartyCookies } from './browser-sdk-pages.ts'
import { capture, capturePath } from './capture-page.ts'
import { behindFirewall } from './firewall.ts'
import { logout } from './logout.ts'
import { certs, discovery, userinfo } from './metadata.ts'
import { createSession } from './session-api.ts'
import { realm, type WinkState } from './state.ts'
import { token } from './token.ts'
import { preflight, withCors } from './token-cors.ts'
import { verifyClient } from './verify-client.ts'

/** The short names of Wink's endpoints, for the journal and for faults. */
export type WinkEndpoint =
  | 'session'
  | 'verify-client'
  | 'authorize'
  | 'capture'
  | 'token'
  | 'certs'
  | 'userinfo'
  | 'logout'
  | 'discovery'
  | 'token-preflight'
  | 'third-party-cookies'
  | 'login-status'

/** What back ends call. No browser may: no answer has CORS headers. */
export const apiRoutes = (state: WinkState): readonly Route<WinkEndpoint>[] => [
  {
    endpoint: 'session',
    method: 'POST',
    path: '/wink/v1/session',
    handle: behindFirewall(state, createSession(state)),
  },
  {
    endpoint: 'verify-client',
    method: 'POST',
    path: '/api/ConfidentialClient/verify-client',
    handle: behindFirewall(state, verifyClient(state)),
  },
]

/** What browsers visit, and what back ends read of the realm. */
export function realmRoutes(state: WinkState): readonly Route<WinkEndpoint>[] {
  const base = `/realms/${realm}/protocol/openid-connect`
  const statusFrame = `${base}/login-status-iframe.html`
  return [
    { endpoint: 'authorize', method: 'GET', path: `${base}/auth`, handle: authorize(state) },
    { endpoint: 'capture', method: 'POST', path: capturePath, handle: capture(state) },
    { endpoint: 'token', method: 'POST', path: `${base}/token`, handle: withCors(state, token(state)) },
    { endpoint: 'token-preflight', method: 'OPTIONS', path: `${base}/token`, handle: preflight(state) },
    { endpoint: 'certs', method: 'GET', path: `${base}/certs`, handle: certs(state) },
    { endpoint: 'userinfo', method: 'GET', path: `${base}/userinfo`, handle: userinfo(state) },
    { endpoint: 'logout', method: 'GET', path: `${base}/logout`, handle: logout(state) },
    { endpoint: 'logout', method: 'POST', path: `${base}/logout`, handle: logout(state) },
    {
      endpoint: 'third-party-cookies',
      method: 'GET',
      path: `${base}/3p-cookies/step1.html`,
      handle: thirdPartyCookies(state),
    },
    { endpoint: 'login-status', method: 'GET', path: statusFrame, handle: loginStatusFrame },
    { endpoint: 'login-status', method: 'GET', path: `${statusFrame}/init`, handle: loginStatus(state) },
    {
      endpoint: 'discovery',
      method: 'GET',
      path: `/realms/${realm}/.well-known/openid-configuration`,
      handle: discovery(state),
    },
  ]
}
