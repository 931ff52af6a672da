import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationRequest,
  type ClientAuthentication,
  clientCredentials,
  createOidcClient,
  exchangeCode,
  type OidcClient,
  type OidcMetadata,
  type OidcTransaction,
  refreshTokens,
  requestUserinfo,
  revokeToken,
} from '../src/index.ts'

const redirectUri = 'https://app.example/callback'
const secret = 'an-example-secret_with.unreserved~characters'
const clients = {
  'basic-client_1.x': { kind: 'client_secret_basic', secret },
  'post-client': { kind: 'client_secret_post', secret },
  'public-client': { kind: 'none' },
} as const satisfies Record<string, ClientAuthentication>
let server: Server
let metadata: OidcMetadata

beforeAll(async () => {
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const provider = new Provider(origin, {
    clients: Object.entries(clients).map(([clientId, authentication]) => ({
      client_id: clientId,
      token_endpoint_auth_method: authentication.kind,
      redirect_uris: [redirectUri],
      grant_types: [
        'authorization_code',
        'refresh_token',
        ...('secret' in authentication ? ['client_credentials'] : []),
      ],
      ...('secret' in authentication && { client_secret: authentication.secret }),
    })),
    cookies: { keys: ['an-example-key-of-a-test'] },
    jwks: { keys: [{ ...jwk, kid: 'key-1', alg: 'RS256', use: 'sig' }] },
    claims: { openid: ['sub'], email: ['email'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com` }),
    }),
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
    },
    routes: {
      authorization: '/api/v1/oauth2/authorize',
      token: '/api/v1/oauth2/token',
      userinfo: '/api/v1/oauth2/userinfo',
      jwks: '/api/v1/oauth2/jwks',
      revocation: '/api/v1/oauth2/revoke',
    },
  })
  server.on('request', provider.callback())
  metadata = {
    issuers: [origin],
    authorizationEndpoint: `${origin}/api/v1/oauth2/authorize`,
    tokenEndpoint: `${origin}/api/v1/oauth2/token`,
    userinfoEndpoint: `${origin}/api/v1/oauth2/userinfo`,
    jwksUri: `${origin}/api/v1/oauth2/jwks`,
    revocationEndpoint: `${origin}/api/v1/oauth2/revoke`,
    authorizationResponseIssuer: 'required',
  }
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

/** Signs a user in as the provider's own pages do. */
async function signIn(client: OidcClient, login = 'ada'): Promise<{ callback: URL; transaction: OidcTransaction }> {
  const { url, transaction } = await authorizationRequest(client, { redirectUri, scopes: ['openid', 'email'] })
  const browser = createTestBrowser({ origin: url.origin })
  const loginPage = await arrive(browser, await browser.open(url))
  const password = 'an-example-password'
  const consentPage = await arrive(browser, await browser.submit(loginPage.url, { prompt: 'login', login, password }))
  const left = await arrive(browser, await browser.submit(consentPage.url, { prompt: 'consent' }))
  return { callback: callbackOf(left), transaction }
}

/** Follows redirects until a page is shown, or one leads back to the app. */
function arrive(browser: TestBrowser, answer: TestAnswer): Promise<TestAnswer> {
  return browser.follow(answer, ({ href }) => href.startsWith(redirectUri))
}

function callbackOf({ location, status }: TestAnswer): URL {
  if (location === null) throw new Error(`stayed at the provider: ${status}`)
  return location
}

describe('against oidc-provider', () => {
  it.each(Object.entries(clients))('signs in as %s and reads userinfo', async (clientId, clientAuthentication) => {
    const client = createOidcClient(metadata, { clientId, clientAuthentication })
    const { callback, transaction } = await signIn(client)
    expect(callback.origin + callback.pathname).toBe(redirectUri)

    const result = await exchangeCode(client, callback, transaction)
    if (result.kind !== 'completed') throw new Error(result.error)
    expect(result.claims).toMatchObject({ iss: metadata.issuers[0], sub: 'ada', aud: clientId })
    expect(result.tokens).toMatchObject({ scope: 'openid email', expiresAt: expect.any(Number) })

    await expect(requestUserinfo(client, { accessToken: result.tokens.accessToken, subject: 'ada' })).resolves.toEqual({
      sub: 'ada',
      email: 'ada@example.com',
    })
    await expect(
      requestUserinfo(client, { accessToken: result.tokens.accessToken, subject: 'bob' }),
    ).rejects.toMatchObject({
      code: 'oidc/subject_mismatch',
    })
    await expect(requestUserinfo(client, { accessToken: 'not-a-token', subject: 'ada' })).rejects.toMatchObject({
      code: 'oidc/userinfo_failed',
      cause: { status: 401 },
    })

    await expect(exchangeCode(client, callback, transaction)).resolves.toEqual({
      kind: 'refused',
      at: 'token',
      error: 'invalid_grant',
    })
  })

  const client = (changes: { secret?: string } = {}): OidcClient =>
    createOidcClient(metadata, {
      clientId: 'basic-client_1.x',
      clientAuthentication: { kind: 'client_secret_basic', secret, ...changes },
    })

  describe.each(Object.entries(clients))('%s', (clientId, clientAuthentication) => {
    const own = () => createOidcClient(metadata, { clientId, clientAuthentication })
    async function refreshTokenOf(client: OidcClient): Promise<{ refreshToken: string; nonce: string }> {
      const { callback, transaction } = await signIn(client)
      const result = await exchangeCode(client, callback, transaction)
      if (result.kind !== 'completed') throw new Error(result.error)
      return { refreshToken: result.tokens.refreshToken ?? '', nonce: transaction.nonce }
    }

    it('refreshes with rotation, and loses all to a token that is used twice', async () => {
      const client = own()
      const { refreshToken, nonce } = await refreshTokenOf(client)
      const refreshed = await refreshTokens(client, refreshToken, {
        subject: 'ada',
        nonce,
        issuer: metadata.issuers[0],
      })
      if (refreshed.kind !== 'completed') throw new Error(refreshed.error)
      expect(refreshed.claims).toMatchObject({ sub: 'ada', nonce })
      expect(refreshed.tokens.refreshToken).not.toBe(refreshToken)
      await expect(
        requestUserinfo(client, { accessToken: refreshed.tokens.accessToken, subject: 'ada' }),
      ).resolves.toMatchObject({ sub: 'ada' })
      const refused = { kind: 'refused', error: 'invalid_grant' }
      expect(await refreshTokens(client, refreshToken, { subject: 'ada', nonce })).toEqual(refused)
      expect(await refreshTokens(client, refreshed.tokens.refreshToken ?? '', { subject: 'ada', nonce })).toEqual(
        refused,
      )
    })

    it('refuses a refresh for another user', async () => {
      const { refreshToken, nonce } = await refreshTokenOf(own())
      await expect(refreshTokens(own(), refreshToken, { subject: 'bob', nonce })).rejects.toMatchObject({
        code: 'oidc/subject_mismatch',
      })
    })

    it('revokes', async () => {
      const { refreshToken, nonce } = await refreshTokenOf(own())
      await revokeToken(own(), refreshToken, { hint: 'refresh_token' })
      await revokeToken(own(), 'unknown')
      expect(await refreshTokens(own(), refreshToken, { subject: 'ada', nonce })).toMatchObject({
        error: 'invalid_grant',
      })
    })

    it('asks for a token of its own where it has a secret', async () => {
      const asked = clientCredentials(own())
      if (clientAuthentication.kind === 'none') {
        await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/client_refused|grant_refused/) })
      } else {
        expect(await asked).toEqual({ accessToken: expect.any(String), expiresAt: expect.any(Number) })
      }
    })
  })

  it('finds the secret that works', async () => {
    const both = client({ secret: ['a-newer-example-secret', secret] as never })
    await clientCredentials(both)
    await clientCredentials(both)
  })

  it('is refused with a wrong secret', async () => {
    const { callback, transaction } = await signIn(client())
    await expect(exchangeCode(client({ secret: 'wrong' }), callback, transaction)).rejects.toMatchObject({
      code: 'oidc/client_refused',
      cause: { error: 'invalid_client' },
    })
  })

  it('is refused with the verifier of another login', async () => {
    const { callback, transaction } = await signIn(client())
    const other = await authorizationRequest(client(), { redirectUri, scopes: ['openid'] })
    const mixed = { ...transaction, codeVerifier: other.transaction.codeVerifier }
    await expect(exchangeCode(client(), callback, mixed)).resolves.toMatchObject({ error: 'invalid_grant' })
  })

  it('refuses the code of another login in its own callback', async () => {
    const [mine, theirs] = [await signIn(client()), await signIn(client(), 'eve')]
    mine.callback.searchParams.set('code', theirs.callback.searchParams.get('code') ?? '')
    await expect(exchangeCode(client(), mine.callback, mine.transaction)).resolves.toMatchObject({ kind: 'refused' })
  })

  it('returns login_required where silent sign-in has nobody', async () => {
    const { url, transaction } = await authorizationRequest(client(), {
      redirectUri,
      scopes: ['openid'],
      parameters: { prompt: 'none' },
    })
    const browser = createTestBrowser({ origin: url.origin })
    const callback = callbackOf(await arrive(browser, await browser.open(url)))
    await expect(exchangeCode(client(), callback, transaction)).resolves.toEqual({
      kind: 'refused',
      at: 'authorization',
      error: 'login_required',
    })
  })
})
