import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LoopbackServer, startLoopbackServer } from '../../test/loopback.ts'
import { clientId, now } from '../../test/stub-provider.ts'
import {
  type ClientSecret,
  clientCredentials,
  createOidcClient,
  type OidcClient,
  refreshTokens,
  revokeToken,
} from '../index.ts'

let server: LoopbackServer
let answer: Parameters<typeof startLoopbackServer>[0]
/** The secrets that the provider takes. */
let accepted: readonly string[]

beforeAll(async () => {
  server = await startLoopbackServer((request) => {
    const pair = atob(request.headers.authorization?.replace('Basic ', '') ?? '')
    const secret = new URLSearchParams(request.body).get('client_secret') ?? pair.slice(pair.indexOf(':') + 1)
    if (accepted.includes(secret)) return answer(request)
    return { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: { error: 'invalid_client' } }
  })
})
afterAll(() => server.close())
beforeEach(() => {
  server.requests.length = 0
  accepted = ['newest-example-secret']
  answer = () => ({ body: { access_token: 'machine-token', token_type: 'bearer', expires_in: 1800 } })
})

function createClient(secret: ClientSecret = 'newest-example-secret'): OidcClient {
  const { origin } = server
  return createOidcClient(
    {
      issuers: [origin],
      authorizationEndpoint: `${origin}/authorize`,
      tokenEndpoint: `${origin}/token`,
      revocationEndpoint: `${origin}/revoke`,
      jwksUri: `${origin}/jwks`,
    },
    { clientId, clientAuthentication: { kind: 'client_secret_basic', secret }, clock: () => now },
  )
}
const forms = () => server.requests.map(({ path, body }) => [path, Object.fromEntries(new URLSearchParams(body))])
const secrets = () =>
  server.requests.map(({ headers }) => atob(headers.authorization?.slice(6) ?? '').slice(clientId.length + 1))

describe('client credentials', () => {
  it('ask for a token of the application itself, with scopes only where they are given', async () => {
    const client = createClient()
    expect(await clientCredentials(client)).toEqual({ accessToken: 'machine-token', expiresAt: now + 1800 })
    await clientCredentials(client, { scopes: ['a', 'b'] })
    expect(forms()).toEqual([
      ['/token', { grant_type: 'client_credentials' }],
      ['/token', { grant_type: 'client_credentials', scope: 'a b' }],
    ])
  })

  it.each([
    ['absent', undefined, 300],
    ['null', null, 300],
    ['0', 0, 0],
    ['text', '60', 60],
    ['thirty years', 946_080_000, 946_080_000],
    ['a fraction', 1.5, 1],
    ['negative', -1, 300],
    ['more than anyone waits', 1e18, 300],
    ['text with a unit', '300 s', 300],
  ])('take an expires_in that is %s', async (_title, expires_in, lifetime) => {
    answer = () => ({ body: { access_token: 'machine-token', token_type: 'bearer', expires_in } })
    expect(await clientCredentials(createClient())).toMatchObject({ expiresAt: now + lifetime })
  })

  it('say which grant was refused, and that a provider fails', async () => {
    answer = () => ({ status: 400, body: { error: 'invalid_scope', error_description: 'vendor text' } })
    await expect(clientCredentials(createClient())).rejects.toMatchObject({
      code: 'oidc/grant_refused',
      cause: { error: 'invalid_scope' },
    })
    answer = () => ({ status: 503, body: {} })
    await expect(clientCredentials(createClient())).rejects.toMatchObject({ code: 'oidc/token_request_failed' })
  })
})

describe('revocation', () => {
  it('sends the token with its hint', async () => {
    answer = () => ({ status: 200, body: '' })
    const client = createClient()
    await revokeToken(client, 'example-refresh-token', { hint: 'refresh_token' })
    await revokeToken(client, 'example-token')
    expect(forms()).toEqual([
      ['/revoke', { token: 'example-refresh-token', token_type_hint: 'refresh_token' }],
      ['/revoke', { token: 'example-token' }],
    ])
  })

  it.each([200, 202, 204])('takes %i: any answer of success', async (status) => {
    answer = () => ({ status, body: '' })
    await expect(revokeToken(createClient(), 'example-token')).resolves.toBeUndefined()
  })

  it.each([400, 503])('fails with %i', async (status) => {
    answer = () => ({ status, body: { error: 'unsupported_token_type' } })
    await expect(revokeToken(createClient(), 'example-token')).rejects.toMatchObject({
      code: 'oidc/revocation_failed',
      cause: { status },
    })
  })

  it('does not wait longer than it may', async () => {
    answer = () => new Promise(() => {})
    const revoked = revokeToken(createClient(), 'example-token', { deadlineSeconds: 0.05 })
    await expect(revoked).rejects.toMatchObject({ code: 'core/vendor_timeout' })
  })

  it('needs an endpoint', async () => {
    const { origin } = server
    const metadata = {
      issuers: [origin],
      authorizationEndpoint: origin,
      tokenEndpoint: origin,
      jwksUri: origin,
    } as const
    const client = createOidcClient({ ...metadata }, { clientId, clientAuthentication: { kind: 'none' } })
    await expect(revokeToken(client, 'x')).rejects.toMatchObject({ code: 'core/invalid_option' })
  })
})

describe('two client secrets', () => {
  const both = ['newest-example-secret', 'older-example-secret'] as const

  it('are tried newest first, and the one that works is remembered', async () => {
    const client = createClient(both)
    accepted = ['older-example-secret']
    await clientCredentials(client)
    await clientCredentials(client)
    expect(secrets()).toEqual(['newest-example-secret', 'older-example-secret', 'older-example-secret'])
  })

  it('follow the provider when it drops the older one', async () => {
    const client = createClient(both)
    accepted = ['older-example-secret']
    await clientCredentials(client)
    accepted = ['newest-example-secret']
    await clientCredentials(client)
    await clientCredentials(client)
    expect(secrets().slice(2)).toEqual(['older-example-secret', 'newest-example-secret', 'newest-example-secret'])
  })

  it('follow the provider when two requests find out at once', async () => {
    const client = createClient(both)
    accepted = ['older-example-secret']
    await clientCredentials(client)
    accepted = ['newest-example-secret']
    await Promise.all([clientCredentials(client), clientCredentials(client)])
    expect(secrets().slice(2).toSorted()).toEqual([
      'newest-example-secret',
      'newest-example-secret',
      'older-example-secret',
      'older-example-secret',
    ])
  })

  it('work for every request that proves the client', async () => {
    accepted = ['older-example-secret']
    await revokeToken(createClient(both), 'example-token')
    expect(secrets()).toEqual(both)
  })

  it('are refused together with invalid_client, behind a WWW-Authenticate header too', async () => {
    accepted = []
    await expect(clientCredentials(createClient(both))).rejects.toMatchObject({
      code: 'oidc/client_refused',
      cause: { status: 401, error: 'invalid_client' },
    })
    await expect(revokeToken(createClient(both), 'x')).rejects.toMatchObject({ code: 'oidc/client_refused' })
    expect(secrets()).toHaveLength(4)
  })

  it('are not both sent where the first is good and the grant is not', async () => {
    answer = () => ({ status: 400, body: { error: 'invalid_grant' } })
    expect(await refreshTokens(createClient(both), 'x', { subject: 'ada' })).toEqual({
      kind: 'refused',
      error: 'invalid_grant',
    })
    expect(secrets()).toEqual(['newest-example-secret'])
  })

  it.each([[[]], [['']], [[undefined]], [[' ', '']], [7]])('are texts: %j is refused', (secret) => {
    expect(() => createClient(secret as never)).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  })
})
