import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWristband, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, hiddenField, openBrowser } from './browser.ts'
import {
  authorizeUrl,
  basic,
  errorOf,
  redeem,
  redirectUri,
  requestToken,
  signIn,
  type Tokens,
  tokensOf,
} from './wristband-journey.ts'

let emulator: Emulator<'wink' | 'wise'>
let wristband: EmulatedWristband
let browser: Browser

beforeEach(async () => {
  emulator = await startEmulator({ wink: false, wise: false, clock: 'manual' })
  wristband = emulator.wristband
  browser = openBrowser()
})
afterEach(() => emulator.close())

const jwks = async (): Promise<ReturnType<typeof createLocalJWKSet>> =>
  createLocalJWKSet((await (await fetch(`${wristband.url}/api/v1/oauth2/jwks`)).json()) as JSONWebKeySet)

const userinfo = (accessToken: string): Promise<Response> =>
  fetch(`${wristband.url}/api/v1/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })

const signInAda = async (changes: Record<string, string | undefined> = {}): Promise<URL> =>
  (await signIn(browser, authorizeUrl(wristband, changes), 'ada')).callback

const adaTokens = async (): Promise<Tokens> => tokensOf(redeem(wristband, await signInAda()))

const refresh = (refreshToken: string): Promise<Response> =>
  requestToken(wristband, { grant_type: 'refresh_token', refresh_token: refreshToken })

describe('authorize', () => {
  it('comes back from the login page with code, state and tenant name', async () => {
    const { callback, page, answer } = await signIn(browser, authorizeUrl(wristband), 'ada')
    expect(callback.origin + callback.pathname).toBe(redirectUri)
    expect([...callback.searchParams.keys()]).toEqual(['code', 'state', 'tenant_name'])
    expect(callback.searchParams.get('tenant_name')).toBe('acme')
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^latchkey-emulator-wristband-sso=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    expect(page.text).toContain('<button name="user" value="bob">')
    expect(page.text).not.toContain('value="gina"')
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  it('gives a code at once while the tenant knows the browser, and at no other tenant', async () => {
    await signInAda()
    const again = await browser.visit(authorizeUrl(wristband))
    expect(new URL(again.location).searchParams.has('code')).toBe(true)
    const elsewhere = await browser.visit(authorizeUrl(wristband, { tenant: 'globex' }))
    expect(elsewhere.location).toMatch(/^http:\/\/globex\.localhost:\d+\/login\?req=/)
  })

  it('asks again for prompt=login, and reports login_required for prompt=none and an elapsed max_age', async () => {
    const nobody = await browser.visit(authorizeUrl(wristband, { prompt: 'none' }))
    expect(new URL(nobody.location).searchParams.get('error')).toBe('login_required')
    await signInAda()
    const asked = await browser.visit(authorizeUrl(wristband, { prompt: 'login' }))
    expect(asked.location).toContain('/login?req=')
    wristband.clock.advance(100)
    const recent = await browser.visit(authorizeUrl(wristband, { max_age: '100' }))
    expect(new URL(recent.location).searchParams.has('code')).toBe(true)
    const elapsed = await browser.visit(authorizeUrl(wristband, { max_age: '99' }))
    expect(new URL(elapsed.location).searchParams.get('error')).toBe('login_required')
    expect(new URL(elapsed.location).searchParams.get('state')).toBe('the-state')
  })

  it.each([
    { client_id: 'another-client' },
    { redirect_uri: 'http://localhost:3001/auth/wristband/callback/' },
    { redirect_uri: 'https://evil.example/auth/wristband/callback' },
    { tenant: 'nobody' },
  ])('shows its own page and redirects nowhere for %j', async (changes) => {
    wristband.registerRedirectUri('http://localhost:3001/auth/wristband/callback')
    const { status, location, text } = await browser.visit(authorizeUrl(wristband, changes))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(location).toBe('')
    expect(text).toContain('Wristband emulator')
  })

  it.each([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_scope', { scope: 'email' }],
    ['invalid_scope', { scope: 'openid everything' }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { code_challenge: 'short' }],
    ['invalid_request', { prompt: 'consent' }],
    ['invalid_request', { max_age: '-1' }],
  ])('sends %s back to the application for %j', async (error, changes) => {
    const { location } = await browser.visit(authorizeUrl(wristband, changes))
    expect(new URL(location).searchParams.get('error')).toBe(error)
  })

  it('sends invalid_request back for a repeated parameter', async () => {
    const { location } = await browser.visit(`${authorizeUrl(wristband)}&nonce=another`)
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request')
  })

  it('fills {tenant_name} of a registered redirect URI and adds no tenant name of its own', async () => {
    wristband.registerRedirectUri('http://{tenant_name}.localhost:3000/callback')
    const callback = await signInAda({ redirect_uri: 'http://{tenant_name}.localhost:3000/callback' })
    expect(callback.host).toBe('acme.localhost:3000')
    expect(callback.searchParams.has('tenant_name')).toBe(false)
  })

  it('puts the hinted user first and lets nobody in from another tenant', async () => {
    const toLogin = await browser.visit(authorizeUrl(wristband, { login_hint: 'grace@acme.example' }))
    const page = await browser.visit(toLogin.location)
    expect(page.text).toContain('<button class="first" name="user" value="grace">')
    const form = { req: hiddenField(page.text, 'req'), user: 'mallory' }
    const answer = await browser.visit(new URL('/login', toLogin.location).href, { form })
    expect(answer.status).toBe(400)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('accepts a login page of acme neither at globex nor after ten minutes', async () => {
    const { location } = await browser.visit(authorizeUrl(wristband))
    expect((await browser.visit(location.replace('//acme.', '//globex.'))).status).toBe(400)
    wristband.clock.advance(600)
    expect((await browser.visit(location)).status).toBe(400)
  })
})

describe('token', () => {
  it('gives an access token without audience, an ID token for the client, and an opaque refresh token', async () => {
    const response = await redeem(wristband, await signInAda())
    const answer = (await response.json()) as Tokens
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 1800 })

    const keys = await jwks()
    const access = await jwtVerify(answer.access_token, keys, { typ: 'at+JWT', algorithms: ['RS256'] })
    expect(Object.keys(access.payload).sort()).toEqual(
      'amr app_id auth_time client_id exp iat idp_name iss jti scope sub sub_kind tnt_id van_dom'.split(' '),
    )
    expect(access.payload).toMatchObject({
      iss: wristband.url,
      sub: wristband.users.ada.subject,
      tnt_id: wristband.tenants.acme.id,
      client_id: wristband.clientId,
      van_dom: wristband.applicationDomain,
      sub_kind: 'user',
    })
    expect(Number(access.payload.exp) - Number(access.payload.iat)).toBe(1800)

    const id = await jwtVerify(answer.id_token, keys, { typ: 'id+JWT', audience: wristband.clientId })
    const hash = createHash('sha256').update(answer.access_token).digest().subarray(0, 16).toString('base64url')
    expect(id.payload).toMatchObject({
      sub: wristband.users.ada.subject,
      nonce: 'the-nonce',
      at_hash: hash,
      amr: ['pwd'],
    })
    expect(id.payload).not.toHaveProperty('email')
    expect(decodeProtectedHeader(answer.refresh_token)).toEqual({ alg: 'HS256', typ: 'rt+JWT' })
  })

  it('gives no refresh token without offline_access', async () => {
    const answer = await tokensOf(redeem(wristband, await signInAda({ scope: 'openid' })))
    expect(answer).not.toHaveProperty('refresh_token')
  })

  it('accepts form-encoded tokens, too, and refuses others with 401', async () => {
    const encoded = (text: string): string => text.replaceAll('-', '%2D')
    const call = (id: string, secret: string): Promise<Response> =>
      fetch(`${wristband.url}/api/v1/oauth2/token`, {
        method: 'POST',
        headers: { authorization: basic({ clientId: id, clientSecret: secret }) },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
    expect((await call(encoded(wristband.clientId), encoded(wristband.clientSecret))).status).toBe(200)
    expect(await errorOf(call(wristband.clientId, 'wrong'))).toBe('401 invalid_client')
    expect(await errorOf(call('another-client', wristband.clientSecret))).toBe('401 invalid_client')
  })

  it.each([
    ['the verifier', { code_verifier: 'b'.repeat(43) }],
    ['the redirect URI', { redirect_uri: 'http://localhost:3000/auth/wristband/callback' }],
    ['the code', { code: 'another' }],
  ])('refuses an exchange in which %s differs', async (_what, changes) => {
    expect(await errorOf(redeem(wristband, await signInAda(), changes))).toBe('400 invalid_grant')
  })

  it('refuses a code after a minute', async () => {
    const callback = await signInAda()
    wristband.clock.advance(60)
    expect(await errorOf(redeem(wristband, callback))).toBe('400 invalid_grant')
  })

  it('takes a code once, and a replay ends what came of it', async () => {
    const callback = await signInAda()
    const { refresh_token } = await tokensOf(redeem(wristband, callback))
    expect(await errorOf(redeem(wristband, callback))).toBe('400 invalid_grant')
    expect(await errorOf(refresh(refresh_token))).toBe('400 invalid_grant')
  })

  it('answers unsupported_grant_type and invalid_request as RFC 6749 names them', async () => {
    expect(await errorOf(requestToken(wristband, { grant_type: 'password' }))).toBe('400 unsupported_grant_type')
    const json = fetch(`${wristband.url}/api/v1/oauth2/token`, { method: 'POST', body: '{}' })
    expect(await errorOf(json)).toBe('400 invalid_request')
  })

  it('gives a machine a token of no tenant, and no scope', async () => {
    const { access_token, ...rest } = await tokensOf(requestToken(wristband, { grant_type: 'client_credentials' }))
    expect(decodeJwt(access_token)).toMatchObject({ sub: wristband.clientId, sub_kind: 'client' })
    expect(decodeJwt(access_token)).not.toHaveProperty('tnt_id')
    expect(rest).toEqual({ expires_in: 1800, token_type: 'bearer' })
    expect((await userinfo(access_token)).status).toBe(401)
    const scoped = requestToken(wristband, { grant_type: 'client_credentials', scope: 'openid' })
    expect(await errorOf(scoped)).toBe('400 invalid_scope')
  })
})

describe('userinfo', () => {
  it('gives claims by scope', async () => {
    const answer = await (await userinfo((await adaTokens()).access_token)).json()
    expect(answer).toMatchObject({
      sub: wristband.users.ada.subject,
      tnt_id: wristband.tenants.acme.id,
      idp_name: 'wristband',
      name: 'Ada Lovelace',
      email: 'ada@acme.example',
      roles: [{ name: 'student' }],
    })
    expect(answer).not.toHaveProperty('phone_number')
  })

  it('refuses an expired token, an ID token and none', async () => {
    const { access_token, id_token } = await adaTokens()
    expect((await userinfo(id_token)).status).toBe(401)
    expect((await userinfo('')).headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    wristband.clock.advance(1800)
    expect((await userinfo(access_token)).status).toBe(401)
  })
})

describe('logout', () => {
  const logoutUrl = (fields: Record<string, string>, tenant = 'acme'): string =>
    `http://${tenant}.${wristband.applicationDomain}/api/v1/logout?${new URLSearchParams(fields).toString()}`

  it("ends the tenant's single sign-on and goes to the registered address", async () => {
    await signInAda()
    const fields = {
      client_id: wristband.clientId,
      redirect_url: 'http://localhost:3001/auth/logout/next',
      state: 'kept',
    }
    const { status, location } = await browser.visit(logoutUrl(fields))
    expect(status).toBe(302)
    expect(location).toBe('http://localhost:3001/auth/logout/next?tenant_name=acme&state=kept')
    expect(browser.cookies('acme.localhost')).toEqual([])
    expect((await browser.visit(authorizeUrl(wristband))).location).toContain('/login?req=')
  })

  it("goes to the application's login without an address", async () => {
    const { location } = await browser.visit(logoutUrl({ client_id: wristband.clientId }))
    expect(location).toBe('http://localhost:3001/auth/wristband/login?tenant_name=acme')
  })

  it.each([{ client_id: 'another-client' }, { redirect_url: 'https://evil.example/' }, { state: 's'.repeat(513) }])(
    'refuses %j',
    async (changes) => {
      const { status } = await browser.visit(logoutUrl({ client_id: wristband.clientId, ...changes }))
      expect(status).toBe(400)
    },
  )
})

describe('what else an application reads', () => {
  it('describes itself to SDKs, and answers others in its own error shape', async () => {
    const at = (id: string): Promise<Response> => fetch(`${wristband.url}/api/v1/clients/${id}/sdk-configuration`)
    expect(await (await at(wristband.clientId)).json()).toEqual({
      loginUrl: 'http://localhost:3001/auth/wristband/login',
      redirectUri: null,
      isApplicationCustomDomainActive: true,
      customApplicationLoginPageUrl: null,
      loginUrlTenantDomainSuffix: null,
      applicationAuthorizationRequestsEnabled: false,
    })
    const unknown = await at('another-client')
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({ type: 'base_error', code: 'client_not_found' })
  })

  it("publishes a tenant's endpoints on the tenant's host", async () => {
    const { text } = await browser.visit(`http://acme.${wristband.applicationDomain}/.well-known/openid-configuration`)
    expect(JSON.parse(text)).toMatchObject({
      issuer: wristband.url,
      authorization_endpoint: `http://acme.${wristband.applicationDomain}/api/v1/oauth2/authorize`,
      token_endpoint: `${wristband.url}/api/v1/oauth2/token`,
    })
  })

  it('keeps the endpoints of applications and of tenants apart', async () => {
    expect((await browser.visit(`http://acme.${wristband.applicationDomain}/api/v1/oauth2/jwks`)).status).toBe(404)
    expect((await browser.visit(`${wristband.url}/api/v1/oauth2/authorize`)).status).toBe(404)
  })
})
