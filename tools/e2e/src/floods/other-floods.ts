import { type Flood, type FloodRequest, jwt, madeUp, madeUpSession, navigate, post } from './flood.ts'
import type { FloodTarget } from './flooded-app.ts'

/** The document of an issuer, its keys, and the fetches of keys that made-up tokens can cause at once. */
const keys = (): number => 6

/** Pages, the session, sign-outs, and what is not there. */
export function sessionFloods({ keeping, port }: FloodTarget): readonly Flood[] {
  // A name that may be one has to be looked for.
  const read = keeping === 'store' && { mostStoreCommands: (count: number) => count }
  return [
    { what: 'a guarded page', request: () => navigate('/page') },
    {
      what: 'a guarded page with a made-up session',
      request: (index) => navigate('/page', { cookie: madeUpSession(index) }),
      ...read,
    },
    {
      what: 'a WebSocket of another site at a guarded page, with a made-up session',
      request: (index) => ({
        path: '/page',
        headers: {
          connection: 'keep-alive, Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          origin: 'https://evil.example',
          cookie: madeUpSession(index),
        },
      }),
    },
    {
      what: '`GET /auth/session` with made-up cookies',
      request: (index) => ({ path: '/auth/session', headers: { cookie: `__Host-latchkey.1=${madeUp(index)}` } }),
    },
    {
      what: '`GET /auth/session` with a made-up session',
      request: (index) => ({ path: '/auth/session', headers: { cookie: madeUpSession(index) } }),
      ...read,
    },
    {
      what: 'the next step of a forged sign-out',
      request: (index) => navigate('/auth/logout/next', { cookie: `__Host-latchkey.logout=${madeUp(index)}` }),
    },
    {
      what: 'a sign-out of another site, with a made-up session',
      request(index) {
        const { headers, ...request } = post('/auth/logout', {}, madeUpSession(index))
        return { ...request, headers: { ...headers, 'sec-fetch-site': 'cross-site' } }
      },
    },
    { what: 'a sign-out without a session', request: () => post('/auth/logout', { return_url: '/' }) },
    {
      what: 'a sign-out with a made-up session',
      request: (index) => post('/auth/logout', { return_url: '/' }, madeUpSession(index)),
      // It is looked for, and removed.
      ...(keeping === 'store' && { mostStoreCommands: (count: number) => count * 2 }),
    },
    { what: 'a launch of Wise without a session', request: () => post('/auth/wise/launch') },
    { what: 'a route that does not exist', request: (index) => navigate(`/auth/nowhere/${index}`) },
    {
      what: 'a host that is not ours',
      request: (index) => navigate('/auth/acme/login', { host: `h${index}.evil.example:${port}` }),
    },
  ]
}

/** Tokens that are made up. */
export function tokenFloods({ keeping, issuers, winkClientId }: FloodTarget): readonly Flood[] {
  const bearer = (value: string): FloodRequest => ({ path: '/api', headers: { authorization: `Bearer ${value}` } })
  const claims = { iss: issuers.openid, aud: 'https://api.example', sub: 'ada', exp: 9_999_999_999 }
  const winkToken = (accessToken: string): FloodRequest => post('/auth/wink/token', { accessToken })
  const logout = (logoutToken: string): FloodRequest => ({
    method: 'POST',
    path: '/auth/openid/backchannel-logout',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: logoutToken }).toString(),
  })
  const logouts: readonly Flood[] = [
    { what: 'a back-channel logout of nonsense', request: (index) => logout(madeUp(index)) },
    {
      what: 'a back-channel logout by an unknown key of its issuer',
      request: (index) =>
        logout(
          jwt(
            { alg: 'RS256', typ: 'logout+jwt', kid: `${index}` },
            { iss: issuers.openid, aud: 'example-client', sub: 'ada', jti: madeUp(index), iat: 1, events: {} },
          ),
        ),
      mostVendorCalls: keys,
    },
  ]
  return [
    { what: 'a bearer token of nonsense', request: (index) => bearer(madeUp(index)) },
    {
      what: 'a bearer token of an unknown issuer',
      request: (index) => bearer(jwt({ alg: 'RS256', kid: `${index}` }, { iss: 'https://evil.example' })),
    },
    {
      what: 'a bearer token by an unknown key of its issuer',
      request: (index) => bearer(jwt({ alg: 'RS256', typ: 'at+jwt', kid: `${index}` }, claims)),
      mostVendorCalls: keys,
    },
    { what: 'a bearer token of 12 kB', request: (index) => bearer(`${index}.${'a'.repeat(12_000)}.b`) },
    { what: '`POST /auth/wink/token` with nonsense', request: (index) => winkToken(madeUp(index)) },
    {
      what: '`POST /auth/wink/token` with a token by an unknown key',
      request: (index) =>
        winkToken(
          jwt(
            { alg: 'RS256', typ: 'JWT', kid: `${index}` },
            { iss: issuers.wink, azp: winkClientId, typ: 'Bearer', sub: 'ada', exp: 9_999_999_999 },
          ),
        ),
      mostVendorCalls: keys,
    },
    // Without a store there is no such route.
    ...(keeping === 'alone' ? [] : logouts),
  ]
}
