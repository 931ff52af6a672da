import dns from 'node:dns'
import { type AddressInfo, createServer } from 'node:net'
import { createVendorHttp } from '@latchkey/core/http'
import { HttpResponse, http as mock } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOidcClient, oidcProvider, refreshTokens, requestUserinfo, revokeToken } from '../src/index.ts'
import { codeOf, createApp } from './app.ts'

const issuer = 'https://issuer.example'
/** What is in the network of the app, and not for a document to reach. */
const inside = createServer((socket) => {
  connections += 1
  socket.destroy()
})
const internet = setupServer()
let connections = 0
let port = 0

beforeAll(async () => {
  internet.listen({ onUnhandledFrame: 'bypass' })
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
  port = (inside.address() as AddressInfo).port
})
beforeEach(() => {
  connections = 0
  vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, { all }: dns.LookupOptions, callback: Found) =>
    all === true ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)) as never)
})
afterEach(() => {
  vi.restoreAllMocks()
  internet.resetHandlers()
})
afterAll(async () => {
  internet.close()
  await new Promise((resolve) => inside.close(resolve))
})

describe('an endpoint of a discovery document', () => {
  it('is not called where its name resolves into the network of the app: token', async () => {
    const answer = await signIn({ token_endpoint: `https://token.example:${port}/token` })
    expect([answer, connections]).toEqual(['core/private_address', 0])
  })

  it('is not called there either to begin a login: pushed authorization requests', async () => {
    const answer = await signIn({
      require_pushed_authorization_requests: true,
      pushed_authorization_request_endpoint: `https://pushed.example:${port}/par`,
    })
    expect([answer, connections]).toEqual(['core/private_address', 0])
  })

  it('is not called there for the keys of tokens that anyone can send', async () => {
    publish({ jwks_uri: `https://keys.example:${port}/jwks` })
    const provider = oidcProvider({ name: 'google', issuer, clientId: 'app', bearer: { audience: 'api' } })
    const { auth } = createApp([provider])
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const exp = Math.floor(Date.now() / 1000) + 60
    const claims = { iss: issuer, aud: 'api', sub: 'ada', client_id: 'app', iat: exp - 90, exp, jti: '1' }
    const token = `${part({ alg: 'RS256', typ: 'at+jwt', kid: 'unknown' })}.${part(claims)}.${'A'.repeat(342)}`
    const headers = { authorization: `Bearer ${token}` }
    await expect(
      auth.requireBearer(new Request('https://app.example/', { headers }), { kind: 'any' }),
    ).rejects.toMatchObject({ code: 'oidc/jwks_unavailable', cause: { code: 'core/private_address' } })
    expect(connections).toBe(0)
  })

  it('may be in that network at the host of the issuer, which the app has named', async () => {
    expect(await signIn({ token_endpoint: `${issuer}:${port}/token` })).toBe('core/vendor_unreachable')
    expect(connections).toBe(1)
  })
})

describe('a client with metadata of somebody else', () => {
  it('refuses each endpoint that resolves into the network of the app', async () => {
    const at = (path: string): string => `https://vendor.example:${port}/${path}`
    const client = createOidcClient(
      {
        issuers: [issuer],
        authorizationEndpoint: at('authorize'),
        tokenEndpoint: at('token'),
        userinfoEndpoint: at('userinfo'),
        revocationEndpoint: at('revoke'),
        jwksUri: at('jwks'),
      },
      { clientId: 'app', clientAuthentication: { kind: 'none' }, privateHosts: ['issuer.example'] },
    )
    const calls = {
      refresh: () => refreshTokens(client, 'example-refresh-token', { subject: 'ada' }),
      userinfo: () => requestUserinfo(client, { accessToken: 'example-access-token', subject: 'ada' }),
      revoke: () => revokeToken(client, 'example-refresh-token'),
      keys: () => client.jwks.ready('trusted'),
    }
    for (const [name, call] of Object.entries(calls)) {
      const code = name === 'keys' ? 'oidc/jwks_unavailable' : 'core/private_address'
      await expect(call()).rejects.toMatchObject({ code })
    }
    expect(connections).toBe(0)
    // The negative control.
    await expect(createVendorHttp().fetch(at('token'))).rejects.toMatchObject({ code: 'core/vendor_unreachable' })
    expect(connections).toBe(1)
  })
})

type Found = (error: null, address: string | dns.LookupAddress[], family?: number) => void

function publish(changes: object): void {
  const document = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...changes,
  }
  internet.use(mock.get(`${issuer}/.well-known/openid-configuration`, () => HttpResponse.json(document)))
}

/** Logs in at a provider whose document says so; gives the code that the browser is shown. */
async function signIn(changes: object): Promise<string> {
  publish(changes)
  const { browser } = createApp([oidcProvider({ name: 'google', issuer, clientId: 'app' })])
  const visitor = browser()
  const login = await visitor.open('/auth/google/login')
  if (login.location === null) return codeOf(login)
  const state = login.location.searchParams.get('state') ?? ''
  return codeOf(await visitor.open(`/auth/google/callback?code=x&state=${state}`))
}
