import type { AuthOptions } from '@latchkey/core'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OidcProviderOptions, oidcProvider } from '../src/index.ts'
import { type App, appOrigin, codeOf, createApp, pathOf } from './app.ts'
import { type RealProvider, startRealProvider } from './real-provider.ts'

const clientSecret = 'an-example-secret_with.unreserved~characters'
const oddSecret = 'an+example/secret=with+everything'
let provider: RealProvider
let privateKey: CryptoKey
/** The app that back-channel requests go to, and what they were answered. */
const backChannel: { app: App | null; readonly answers: number[]; readonly bodies: string[] } = {
  app: null,
  answers: [],
  bodies: [],
}

beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), alg: 'ES256', use: 'sig', kid: 'app-1' }
  provider = await startRealProvider(
    {
      basic: {
        client_secret: clientSecret,
        require_auth_time: true,
        backchannel_logout_uri: `${appOrigin}/auth/google/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
      odd: { client_secret: oddSecret },
      post: { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_post' },
      public: { token_endpoint_auth_method: 'none' },
      signed: {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [jwk] },
      },
    },
    { fetch: postToApp },
  )
})
afterAll(async () => {
  await provider.close()
})

/** What the provider posts to the app goes to it in this process. */
async function postToApp(url: string, { method, headers, body }: RequestInit): Promise<Response> {
  const request = new Request(url, { method: method ?? 'GET', headers: headers ?? {}, body: String(body) })
  const answer = (await backChannel.app?.auth.handle(request)) ?? Response.error()
  backChannel.answers.push(answer.status)
  backChannel.bodies.push(String(body))
  return answer
}

type Options = Partial<OidcProviderOptions<'google'>>

function appOf(options: Options = {}, auth: Partial<AuthOptions> = {}): App {
  const { issuer } = provider
  const app = createApp([oidcProvider({ name: 'google', issuer, clientId: 'basic', clientSecret, ...options })], auth)
  backChannel.app = app
  return app
}

describe('a bare app', () => {
  it('signs in with five lines', async () => {
    const app = appOf()
    const browser = app.browser()
    const response = await provider.signIn(browser, '/auth/google/login?return_url=/home')
    expect(pathOf(response)).toBe('/home')
    const { session } = await app.auth.getSession(browser.request())
    expect(session?.user).toEqual({
      provider: 'google',
      issuer: provider.issuer,
      subject: 'ada',
      signedInAt: expect.any(Number),
      authenticatedAt: expect.any(Number),
      authTimeSource: 'auth_time',
      profile: { name: 'ada of the tests', email: 'ada@example.com', emailVerified: true },
    })
    expect(JSON.stringify(session)).not.toContain('eyJ')
    const { accessToken } = await app.auth.getAccessToken(browser.request(), 'google')
    expect(accessToken).toEqual(expect.any(String))
  })

  it.each([
    ['a secret in the header', { clientId: 'basic', clientSecret }],
    ['a secret in the header that must be form-encoded', { clientId: 'odd', clientSecret: oddSecret }],
    ['the older of two secrets', { clientId: 'basic', clientSecret: ['a-newer-secret', clientSecret] as const }],
    ['a secret in the body', { clientId: 'post', clientSecret, clientAuthentication: 'client_secret_post' as const }],
    ['PKCE alone', { clientId: 'public', clientSecret: undefined }],
  ])('proves itself by %s, and refreshes', async (_how, options) => {
    const app = appOf(options)
    const browser = app.browser()
    expect((await provider.signIn(browser)).status).toBe(303)
    await expectRefresh(app, browser)
  })

  it('proves itself by a signed assertion, and refreshes', async () => {
    const key = { key: privateKey, algorithm: 'ES256', keyId: 'app-1' }
    const app = appOf({ clientId: 'signed', clientSecret: undefined, privateKey: key })
    const browser = app.browser()
    expect((await provider.signIn(browser)).status).toBe(303)
    await expectRefresh(app, browser)
  })

  async function expectRefresh(app: App, browser: ReturnType<App['browser']>): Promise<void> {
    const before = await app.auth.getAccessToken(browser.request(), 'google')
    app.clock.offset += 12
    const after = await app.auth.getAccessToken(browser.request(), 'google')
    expect(after.accessToken).not.toBe(before.accessToken)
    expect((await app.auth.getSession(browser.request())).session?.user.profile.name).toBe('ada of the tests')
    expect(app.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(1)
  }

  it('keeps no tokens where it is told so', async () => {
    const app = appOf({ storeTokens: false })
    const browser = app.browser()
    await provider.signIn(browser)
    await expect(app.auth.getAccessToken(browser.request(), 'google')).rejects.toMatchObject({
      code: 'auth/tokens_missing',
    })
  })

  it('gives a fresh proof for max_age, by the signed auth_time', async () => {
    const app = appOf()
    const browser = app.browser()
    const before = Math.floor(Date.now() / 1000)
    expect((await provider.signIn(browser, '/auth/google/login?max_age=0')).status).toBe(303)
    const { session } = await app.auth.requireSession(browser.request(), { maxAuthAgeSeconds: 60 })
    expect(session.user.authenticatedAt).toBeGreaterThanOrEqual(before)
  })

  it('asks the user where a silent sign-in finds nobody', async () => {
    const app = appOf({ clientId: 'public', clientSecret: undefined })
    const browser = app.browser()
    const isOurs = ({ origin }: URL): boolean => origin === appOrigin
    const start = await browser.open('/auth/google/login?prompt=none&return_url=/home')
    const refused = await browser.follow(start, isOurs)
    expect(refused.location?.searchParams.get('error')).toBe('login_required')
    const again = await browser.open(refused.location ?? '')
    expect(pathOf(again)).toBe('/auth/google/login?return_url=%2Fhome&restart=1')
  })

  it('begins again where the browser has forgotten the login', async () => {
    const app = appOf()
    const { location } = await app.browser().open('/auth/google/login')
    const state = location?.searchParams.get('state') ?? ''
    const response = await app.browser().open(`/auth/google/callback?code=c&state=${state}&iss=${provider.issuer}`)
    expect(pathOf(response)).toBe('/auth/google/login?restart=1')
  })

  it('signs out of the provider, and revokes', async () => {
    const app = appOf()
    const browser = app.browser()
    await provider.signIn(browser)
    const { session } = await app.auth.getSession(browser.request())
    expect(app.auth.formActionOrigins(session)).toEqual([provider.issuer])
    const { accessToken } = await app.auth.getAccessToken(browser.request(), 'google')
    const { location } = await browser.submit('/auth/logout', { return_url: '/bye' })
    const url = location ?? new URL('about:nowhere')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'basic',
      post_logout_redirect_uri: `${appOrigin}/auth/logout/next`,
    })
    const back = await browser.follow(await provider.endSession(browser, url), ({ pathname }) => pathname === '/bye')
    expect(pathOf(back)).toBe('/bye')
    const userinfo = await fetch(`${provider.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(userinfo.status).toBe(401)
    expect(app.events.filter(({ type }) => type === 'provider.sign_out_failed')).toEqual([])
  })

  it('ends the session that the provider ended by its back channel, and no other', async () => {
    const app = appOf({ backChannelLogout: true })
    const [browser, other] = [app.browser(), app.browser()]
    await provider.signIn(browser)
    await provider.signIn(other)
    const end = new URL(`${provider.issuer}/session/end`)
    end.searchParams.set('client_id', 'basic')
    backChannel.answers.length = 0
    await provider.endSession(browser, end)
    expect(backChannel.answers).toEqual([200])
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
    expect((await app.auth.getSession(other.request())).session?.user.subject).toBe('ada')
    // The same token again ends nothing.
    const again = await app.auth.handle(
      new Request(`${appOrigin}/auth/google/backchannel-logout`, {
        method: 'POST',
        body: backChannel.bodies.at(-1) ?? '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    )
    expect([again.status, codeOf({ text: await again.text(), status: again.status })]).toEqual([
      400,
      'oidc/logout_token_refused',
    ])
    await provider.signIn(browser)
    expect((await app.auth.getSession(browser.request())).session?.user.subject).toBe('ada')
  })
})
