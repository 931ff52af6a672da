/** One kind of request that anybody can send. */
export interface Flood {
  readonly what: string
  /** Another request for each number. */
  request(index: number): FloodRequest
  /** The most commands that the store may get, for so many requests. Default 0. */
  mostStoreCommands?(count: number): number
  /** The most calls that vendors may get. Default 0. */
  mostVendorCalls?(count: number): number
}

/** A request of a flood. */
export interface FloodRequest {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const byNavigation = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'cross-site',
}

const fromOwnPage = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

const navigate = (path: string, headers: Readonly<Record<string, string>> = {}): FloodRequest => ({
  path,
  headers: { ...byNavigation, ...headers },
})

const token = (index: number): string => `${index}`.padStart(43, 'A')

const bearer = (value: string): FloodRequest => ({ path: '/api', headers: { authorization: `Bearer ${value}` } })

const jwt = (header: object, claims: object): string =>
  [header, claims, { not: 'signed' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

/** What an attacker without an account can send, again and again. */
export function floodsOf(strategy: 'cookie' | 'store'): readonly Flood[] {
  const once = (): number => 10
  return [
    { what: 'a guarded page', request: () => navigate('/page') },
    {
      what: 'a guarded page with a made-up session',
      request: (index) => navigate('/page', { cookie: `__Host-latchkey=${token(index)}` }),
      // A name that may be one has to be looked for.
      ...(strategy === 'store' && { mostStoreCommands: (count: number) => count }),
    },
    { what: 'a login', request: (index) => navigate(`/auth/acme/login?return_url=/page/${index}`) },
    {
      what: 'a login with 16 kB of made-up logins',
      request: (index) =>
        navigate('/auth/acme/login', {
          cookie: Array.from(
            { length: 300 },
            (_, at) => `__Host-latchkey.acme.${`${index}${at}`.padStart(11, 'A')}=x`,
          ).join('; '),
        }),
    },
    {
      what: 'a login with a made-up ticket',
      request: (index) => navigate(`/auth/acme/login?state=${token(index)}.1.2.3`),
    },
    {
      what: 'a Wristband login by a made-up tenant',
      request: (index) => navigate(`/auth/wristband/login?tenant_name=t${index}`),
      mostVendorCalls: once,
    },
    {
      what: 'a Wristband login by a made-up domain',
      request: (index) => navigate(`/auth/wristband/login?tenant_custom_domain=d${index}.evil.example`),
      // Ten at once, then one a second.
      mostVendorCalls: () => 10 + 120,
    },
    { what: 'a callback without a state', request: () => navigate('/auth/acme/callback') },
    {
      what: 'a callback with a forged state',
      request: (index) => navigate(`/auth/acme/callback?state=${token(index)}.0.localhost~3001.x`),
    },
    {
      what: 'a callback with a forged state and a forged login',
      request: (index) =>
        navigate(`/auth/acme/callback?state=${token(index)}`, {
          cookie: `__Host-latchkey.acme.${`${index}`.padStart(11, 'A')}=x`,
        }),
    },
    {
      what: 'the next step of a forged sign-out',
      request: (index) => navigate('/auth/logout/next', { cookie: `__Host-latchkey.logout=${token(index)}` }),
    },
    {
      what: 'a sign-out of another site',
      request: () => ({
        method: 'POST',
        path: '/auth/logout',
        headers: { ...fromOwnPage, 'sec-fetch-site': 'cross-site' },
        body: '',
      }),
    },
    {
      what: 'a sign-out without a session',
      request: () => ({ method: 'POST', path: '/auth/logout', headers: fromOwnPage, body: 'return_url=/' }),
    },
    {
      what: 'a confirmation that is made up',
      request: (index) => ({
        method: 'POST',
        path: '/auth/confirm',
        headers: fromOwnPage,
        body: `sign_in=${token(index)}`,
      }),
    },
    {
      what: 'who is signed in',
      request: (index) => ({ path: '/auth/session', headers: { cookie: `__Host-latchkey.1=${token(index)}` } }),
    },
    { what: 'a bearer token of nonsense', request: (index) => bearer(token(index)) },
    {
      what: 'a bearer token of an unknown issuer',
      request: (index) => bearer(jwt({ alg: 'RS256', kid: `${index}` }, { iss: 'https://evil.example' })),
    },
    { what: 'a bearer token of 12 kB', request: (index) => bearer(`${index}.${'a'.repeat(12_000)}.b`) },
    {
      what: 'a Wink token that is made up',
      request: (index) => ({
        method: 'POST',
        path: '/auth/wink/token',
        headers: fromOwnPage,
        body: new URLSearchParams({ access_token: token(index), id_token: token(index) }).toString(),
      }),
    },
    { what: 'a route that does not exist', request: (index) => navigate(`/auth/nowhere/${index}`) },
  ]
}
