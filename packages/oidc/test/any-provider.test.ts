import type { AuthOptions } from '@latchkey/core'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ClientAuthentication,
  createOidcClient,
  type OidcProviderOptions,
  oidcProvider,
  refreshTokens,
} from '../src/index.ts'
import { type App, appOrigin, codeOf, createApp, pathOf } from './app.ts'
import { type RealProvider, startRealProvider } from './real-provider.ts'

const clientSecret = 'an-example-secret_with.unreserved~characters'
const oddSecret = 'an+example/secret=with+everything'
let provider: RealProvider
/** One that takes pushed authorization requests alone. */
let pushing: RealProvider
let privateKey: CryptoKey
const withBackChannel = {
  backchannel_logout_uri: `${appOrigin}/auth/google/backchannel-logout`,
  backchannel_logout_session_required: true,
}
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
        ...withBackChannel,
        require_auth_time: true,
      },
      odd: { ...withBackChannel, client_secret: oddSecret },
      post: { ...withBackChannel, client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_post' },
      public: { ...withBackChannel, token_endpoint_auth_method: 'none' },
      signed: {
        ...withBackChannel,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [jwk] },
      },
    },
    { fetch: postToApp },
  )
  const pushedAlone = { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } }
  pushing = await startRealProvider(
    {
      pushing: { ...withBackChannel, client_secret: clientSecret },
      'pushing-public': { ...withBackChannel, token_endpoint_auth_method: 'none' },
    },
    { fetch: postToApp },
    pushedAlone,
  )
})
afterAll(async () => {
  await provider.close()
  await pushing.close()
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

const ways: Readonly<Record<string, () => Options>> = {
  'a secret in the header': () => ({ clientId: 'basic', clientSecret }),
  'a secret in the header that must be form-encoded': () => ({ clientId: 'odd', clientSecret: oddSecret }),
  'a secret in the body': () => ({ clientId: 'post', clientSecret, clientAuthentication: 'client_secret_post' }),
  'PKCE alone': () => ({ clientId: 'public', clientSecret: undefined }),
  'a signed assertion': () => ({
    clientId: 'signed',
    clientSecret: undefined,
    privateKey: { key: privateKey, algorithm: 'ES256', keyId: 'app-1' },
  }),
  'a secret, to one that takes pushed requests alone': () => ({ clientId: 'pushing', issuer: pushing.issuer }),
  'PKCE alone, to one that takes pushed requests alone': () => ({
    clientId: 'pushing-public',
    clientSecret: undefined,
    issuer: pushing.issuer,
  }),
}

/** Uses a refresh token as a thief would who can prove the client as well. */
async function useAgain(refreshToken: string, issuer: string, options: Options): Promise<void> {
  const { clientId = 'basic', privateKey: key, clientAuthentication } = options
  const secret = options.clientSecret ?? clientSecret
  const isPublic = 'clientSecret' in options && options.clientSecret === undefined
  const proof: ClientAuthentication =
    key === undefined
      ? isPublic
        ? { kind: 'none' }
        : { kind: clientAuthentication === 'client_secret_post' ? clientAuthentication : 'client_secret_basic', secret }
      : { kind: 'private_key_jwt', key: key.key, algorithm: 'ES256', keyId: key.keyId }
  const endpoint = `${issuer}/token`
  const metadata = { issuers: [issuer], authorizationEndpoint: endpoint, tokenEndpoint: endpoint, jwksUri: endpoint }
  const client = createOidcClient(metadata as never, { clientId, clientAuthentication: proof })
  const expected = { kind: 'refused', error: 'invalid_grant' }
  expect(await refreshTokens(client, refreshToken, { subject: 'ada', nonce: undefined })).toEqual(expected)
}

describe.each(Object.entries(ways))('a client that proves itself by %s', (_how, optionsOf) => {
  /** The refresh tokens that the app sent, in order. */
  let sent: string[]
  async function signedIn(more: Options = {}) {
    const options = optionsOf()
    const at = options.issuer === pushing.issuer ? pushing : provider
    sent = []
    const watched: typeof fetch = (input, init) => {
      const token = new URLSearchParams(String(init?.body ?? '')).get('refresh_token')
      if (token !== null) sent.push(token)
      return fetch(input, init)
    }
    const app = appOf({ ...options, ...more, fetch: watched })
    const browser = app.browser()
    expect(pathOf(await at.signIn(browser))).toBe('/')
    return { app, browser, at, options }
  }

  it('refreshes with rotation, and is signed out where a token is used twice', async () => {
    const { app, browser, at } = await signedIn()
    const before = await app.auth.getAccessToken(browser.request(), 'google')
    app.clock.offset += 12
    const after = await app.auth.getAccessToken(browser.request(), 'google')
    expect(after.accessToken).not.toBe(before.accessToken)
    expect(sent).toHaveLength(1)
    // A thief has the spent token: the provider takes the whole grant back.
    await useAgain(sent[0] ?? '', at.issuer, optionsOf())
    app.clock.offset += 12
    await expect(app.auth.getAccessToken(browser.request(), 'google')).rejects.toMatchObject({
      code: 'auth/session_required',
    })
    expect(new Set(sent).size).toBe(2)
    expect(app.events).toContainEqual(expect.objectContaining({ type: 'session.ended', reason: 'invalid_grant' }))
  })

  it('signs out of the provider, by way of its page', async () => {
    const { app, browser, at, options } = await signedIn()
    const { location } = await browser.submit('/auth/logout', { return_url: '/bye' })
    const url = location ?? new URL('about:nowhere')
    expect([url.origin, url.searchParams.get('client_id')]).toEqual([at.issuer, options.clientId])
    const back = await browser.follow(await at.endSession(browser, url), ({ pathname }) => pathname === '/bye')
    expect(pathOf(back)).toBe('/bye')
    expect(app.events.filter(({ type }) => type === 'provider.sign_out_failed')).toEqual([])
    // Who comes back is asked again.
    const again = await browser.follow(await browser.open('/auth/google/login'), ({ origin }) => origin === appOrigin)
    expect([again.url.origin, again.location]).toEqual([at.issuer, null])
  })

  it('ends the session that the provider ended by its back channel', async () => {
    const { app, browser, at, options } = await signedIn({ backChannelLogout: true })
    const end = new URL(`${at.issuer}/session/end`)
    end.searchParams.set('client_id', options.clientId ?? '')
    backChannel.answers.length = 0
    await at.endSession(browser, end)
    expect(backChannel.answers).toEqual([200])
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
  })
})
