import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AuthorizationRequestOptions,
  authorizationRequest,
  createOidcClient,
  type OidcMetadata,
} from '../index.ts'

const metadata: OidcMetadata = {
  issuers: ['https://login.example'],
  authorizationEndpoint: 'https://login.example/authorize?brand=a%20b',
  tokenEndpoint: 'https://login.example/token',
  jwksUri: 'https://login.example/jwks',
}
const client = createOidcClient(metadata, { clientId: 'app', clientAuthentication: { kind: 'none' } })
const options: AuthorizationRequestOptions = {
  redirectUri: 'https://app.example/callback',
  scopes: ['openid', 'email'],
}

describe('authorizationRequest', () => {
  it('builds an authorization request with PKCE, state and nonce', async () => {
    const { url, transaction } = await authorizationRequest(client, options)
    expect(url.origin + url.pathname).toBe('https://login.example/authorize')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      brand: 'a b',
      client_id: 'app',
      response_type: 'code',
      redirect_uri: 'https://app.example/callback',
      scope: 'openid email',
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: createHash('sha256').update(transaction.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    expect(transaction.redirectUri).toBe('https://app.example/callback')
    expect(structuredClone(transaction)).toEqual(JSON.parse(JSON.stringify(transaction)))
  })

  it('makes 43 characters of 256 random bits each, new every time', async () => {
    const values: string[] = []
    for (let count = 0; count < 500; count += 1) {
      const { state, nonce, codeVerifier } = (await authorizationRequest(client, options)).transaction
      values.push(state, nonce, codeVerifier)
    }
    expect(new Set(values).size).toBe(1500)
    expect(values.every((value) => /^[\w-]{43}$/.test(value))).toBe(true)
  })

  it('uses a given state, a given endpoint and further parameters', async () => {
    const { url, transaction } = await authorizationRequest(client, {
      ...options,
      state: 'our-state',
      authorizationEndpoint: 'http://acme.localhost:4001/authorize',
      parameters: { login_hint: 'ada&client_id=evil', prompt: 'login' },
    })
    expect(transaction.state).toBe('our-state')
    expect(url.host).toBe('acme.localhost:4001')
    expect(url.searchParams.getAll('client_id')).toEqual(['app'])
    expect(url.searchParams.get('login_hint')).toBe('ada&client_id=evil')
    expect(url.searchParams.get('prompt')).toBe('login')
  })

  it('lets no value add a parameter', async () => {
    const names = [
      ...(await authorizationRequest(client, { ...options, parameters: { hint: 'x' } })).url.searchParams.keys(),
    ]
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (hint) => {
        const { url } = await authorizationRequest(client, { ...options, parameters: { hint } })
        expect([...url.searchParams.keys()]).toEqual(names)
      }),
    )
  })

  it.each<[string, Record<string, unknown>]>([
    ...[
      'client_id',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
      'nonce',
      'code_challenge',
      'request',
      'request_uri',
    ].map((name): [string, Record<string, unknown>] => [`the parameter ${name}`, { parameters: { [name]: 'x' } }]),
    ['a parameter that is no text', { parameters: { prompt: ['login'] } }],
    ['scopes without openid', { scopes: ['email'] }],
    ['a scope with a space', { scopes: ['openid', 'a b'] }],
    ['no scopes', { scopes: undefined }],
    ['an empty state', { state: '' }],
    ['http off loopback to come back to', { redirectUri: 'http://app.example/callback' }],
    ['a fragment to come back to', { redirectUri: 'https://app.example/callback#x' }],
    ['an endpoint off loopback over http', { authorizationEndpoint: 'http://login.example/authorize' }],
    ['an unknown option', { scope: 'openid' }],
  ])('refuses %s', async (_title, changes) => {
    await expect(authorizationRequest(client, { ...options, ...changes })).rejects.toMatchObject({
      code: 'core/invalid_option',
    })
  })
})

describe('createOidcClient', () => {
  const good = { clientId: 'app', clientAuthentication: { kind: 'none' } } as const
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['no issuer', { issuers: [] }, {}],
    ['an empty issuer', { issuers: [''] }, {}],
    ['a token endpoint over http', { tokenEndpoint: 'http://login.example/token' }, {}],
    ['a userinfo endpoint over http', { userinfoEndpoint: 'http://login.example/me' }, {}],
    ['unknown metadata', { token_endpoint: 'https://login.example/token' }, {}],
    ['an unknown rule for iss', { authorizationResponseIssuer: true }, {}],
    ['no client id', {}, { clientId: '' }],
    ['no client authentication', {}, { clientAuthentication: undefined }],
    ['an unknown client authentication', {}, { clientAuthentication: { kind: 'tls' } }],
    ['an empty secret', {}, { clientAuthentication: { kind: 'client_secret_basic', secret: '' } }],
    ['no secret', {}, { clientAuthentication: { kind: 'client_secret_post' } }],
    [
      'a colon before the colon',
      {},
      { clientId: 'a:b', clientAuthentication: { kind: 'client_secret_basic', secret: 's' } },
    ],
    ['HS256', {}, { idTokenAlgorithms: ['HS256'] }],
    ['a negative tolerance', {}, { clockToleranceSeconds: -1 }],
    ['a tolerance of an hour', {}, { clockToleranceSeconds: 3600 }],
    ['a tolerance that is no number', {}, { clockToleranceSeconds: Number.NaN }],
    ['an unknown option', {}, { clientSecret: 'x' }],
  ])('refuses %s at once', (_title, metadataChanges, optionChanges) => {
    const make = () => createOidcClient({ ...metadata, ...metadataChanges }, { ...good, ...optionChanges })
    expect(make).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  })
})
