import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWink, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, openBrowser } from './browser.ts'
import {
  authUrl,
  cancelUrl,
  capture,
  createSession,
  postSession,
  postToken,
  redeemCode,
  returnUrl,
  tokensOfAda,
  verifyClient,
} from './wink-journey.ts'
import { basic, errorOf, type Tokens } from './wristband-journey.ts'

let emulator: Emulator<'wristband' | 'wise'>
let wink: EmulatedWink
let browser: Browser

beforeEach(async () => {
  emulator = await startEmulator({ wristband: false, wise: false, clock: 'manual' })
  wink = emulator.wink
  browser = openBrowser()
})
afterEach(() => emulator.close())

describe('session', () => {
  it('answers wrong tokens with 401 and an empty body', async () => {
    const authorization = basic({ clientId: wink.clientId, clientSecret: 'wrong' })
    for (const headers of [{ authorization }, {}] as Record<string, string>[]) {
      const response = await postSession(wink, { returnUrl, cancelUrl }, headers)
      expect(response.status).toBe(401)
      expect(await response.text()).toBe('')
    }
  })

  it.each([{}, { returnUrl }, { returnUrl, cancelUrl: 'https://evil.example/' }, { returnUrl: 7, cancelUrl }])(
    'answers the body %j with 400',
    async (body) => {
      expect((await postSession(wink, body)).status).toBe(400)
    },
  )

  it('works for one login', async () => {
    const sessionId = await createSession(wink)
    const start = await authUrl(wink, { sessionId })
    expect(new URL((await capture(browser, start, { user: 'ada' })).location).searchParams.has('code')).toBe(true)
    expect((await browser.visit(start)).location).toContain('error=invalid_request')
  })

  it('is refused when expired, unknown, missing or of another return URL', async () => {
    const sessionId = await createSession(wink)
    const elsewhere = await authUrl(wink, { sessionId, redirect_uri: 'http://localhost:3001/other' })
    expect((await browser.visit(elsewhere)).location).toContain('error=invalid_request')
    for (const wrong of ['another', undefined]) {
      expect((await browser.visit(await authUrl(wink, { sessionId: wrong }))).location).toContain(
        'error=invalid_request',
      )
    }
    wink.clock.advance(300)
    expect((await browser.visit(await authUrl(wink, { sessionId }))).location).toContain('error=invalid_request')
  })
})

describe('auth', () => {
  it('shows one button for each face, and comes back with state, iss, session_state and code', async () => {
    const page = await browser.visit(await authUrl(wink))
    expect(page.text).toContain('Look into the camera as Ada Lovelace')
    expect(page.headers['content-security-policy']).toMatch(/frame-ancestors 'self' http:\/\/localhost:\* /)
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    expect(location.startsWith(`${returnUrl}?`)).toBe(true)
    expect([...new URL(location).searchParams.keys()]).toEqual(['state', 'iss', 'session_state', 'code'])
    expect(new URL(location).searchParams.get('iss')).toBe(wink.issuer)
  })

  it('answers in the fragment when asked to', async () => {
    const { location } = await capture(browser, await authUrl(wink, { response_mode: 'fragment' }), { user: 'ada' })
    const url = new URL(location)
    expect(url.search).toBe('')
    expect(new URLSearchParams(url.hash.slice(1)).has('code')).toBe(true)
  })

  it('skips the camera while the browser is known, unless prompt=login', async () => {
    await tokensOfAda(wink, browser)
    const silent = await browser.visit(await authUrl(wink, { prompt: 'none', sessionId: undefined }))
    expect(new URL(silent.location).searchParams.has('code')).toBe(true)
    const known = await browser.visit(await authUrl(wink, { prompt: undefined }))
    expect(new URL(known.location).searchParams.has('code')).toBe(true)
    expect((await browser.visit(await authUrl(wink))).status).toBe(200)
    const stranger = await openBrowser().visit(await authUrl(wink, { prompt: 'none', sessionId: undefined }))
    expect(new URL(stranger.location).searchParams.get('error')).toBe('login_required')
  })

  it('goes to the cancelUrl of the session, or back with access_denied', async () => {
    expect((await capture(browser, await authUrl(wink), { cancel: 'yes' })).location).toBe(cancelUrl)
    wink.switches.cancel = 'access-denied'
    const { location } = await capture(browser, await authUrl(wink), { cancel: 'yes' })
    expect(new URL(location).searchParams.get('error')).toBe('access_denied')
    expect(new URL(location).searchParams.get('state')).toBe('the-state')
  })

  it.each([{ client_id: 'another-client' }, { redirect_uri: 'https://evil.example/' }])(
    'shows its own page for %j',
    async (changes) => {
      const visit = await browser.visit(await authUrl(wink, changes))
      expect(visit.status).toBe(400)
      expect(visit.location).toBe('')
    },
  )

  it.each([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { code_challenge: undefined }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { response_mode: 'form_post' }],
    ['invalid_scope', { scope: 'email' }],
  ])('sends %s back for %j', async (error, changes) => {
    const { location } = await browser.visit(await authUrl(wink, changes))
    expect(new URL(location).searchParams.get('error')).toBe(error)
  })
})

describe('token', () => {
  it('gives tokens with the claims of the vendor and five minutes to live', async () => {
    const tokens = await tokensOfAda(wink, browser)
    const certs = await fetch(`${wink.issuer}/protocol/openid-connect/certs`)
    const keys = createLocalJWKSet((await certs.json()) as JSONWebKeySet)
    const { payload: access } = await jwtVerify(tokens.access_token, keys, { issuer: wink.issuer, audience: 'account' })
    const { ada } = wink.users
    expect(access).toMatchObject({
      typ: 'Bearer',
      azp: wink.clientId,
      sub: ada.winkToken,
      preferred_username: ada.winkTag,
      nonce: 'the-nonce',
      acr: '0',
      'allowed-origins': ['*'],
    })
    expect(Number(access.exp) - Number(access.iat)).toBe(300)
    expect(access.email).toMatch(/^tok_sandbox_/)
    const { payload: id } = await jwtVerify(tokens.id_token, keys, { issuer: wink.issuer, audience: wink.clientId })
    const hash = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url')
    expect(id).toMatchObject({
      typ: 'ID',
      aud: [wink.clientId, 'account'],
      nonce: 'the-nonce',
      at_hash: hash,
      auth_time: 0,
    })
    expect(id.sid).toBe(access.sid)
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(decodeJwt(tokens.refresh_token)).toMatchObject({ typ: 'Refresh' })
  })

  it('can leave the nonce out of access tokens and tell the real auth_time', async () => {
    wink.switches.nonceInAccessToken = false
    wink.switches.authTime = 'real'
    const { access_token, id_token } = await tokensOfAda(wink, browser)
    const access = decodeJwt(access_token)
    expect(access).not.toHaveProperty('nonce')
    expect(access.auth_time).toBe(access.iat)
    expect(decodeJwt(id_token)).toMatchObject({ nonce: 'the-nonce', auth_time: access.iat })
  })

  it('accepts the secret in a header, in the form, or none, and refuses a wrong one', async () => {
    const code = async (): Promise<string> => (await capture(browser, await authUrl(wink), { user: 'ada' })).location
    const exchange = async (form: Record<string, string>, headers: Record<string, string> = {}): Promise<number> => {
      const fields = { grant_type: 'authorization_code', redirect_uri: returnUrl, ...form }
      const codeVerifier = 'a-code-verifier-of-these-tests-that-is-long-enough-0123456789'
      const value = new URL(await code()).searchParams.get('code') ?? ''
      return (await postToken(wink, { ...fields, code: value, code_verifier: codeVerifier }, headers)).status
    }
    expect(await exchange({})).toBe(200)
    expect(await exchange({ client_secret: wink.clientSecret })).toBe(200)
    expect(await exchange({}, { authorization: basic(wink) })).toBe(200)
    expect(await exchange({ client_secret: 'wrong' })).toBe(401)
    expect(await exchange({}, { authorization: basic({ clientId: wink.clientId, clientSecret: 'wrong' }) })).toBe(401)
  })

  it.each([
    ['the verifier', { code_verifier: 'b'.repeat(43) }],
    ['the redirect URI', { redirect_uri: cancelUrl }],
    ['the code', { code: 'another' }],
  ])('refuses an exchange in which %s differs', async (_what, changes) => {
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    expect(await errorOf(redeemCode(wink, location, changes))).toBe('400 invalid_grant')
  })

  it('takes a code once, and a refresh token once', async () => {
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    const first = (await (await redeemCode(wink, location)).json()) as Tokens
    expect(await errorOf(redeemCode(wink, location))).toBe('400 invalid_grant')
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    expect((await postToken(wink, form)).status).toBe(200)
    expect(await errorOf(postToken(wink, form))).toBe('400 invalid_grant')
  })
})

describe('verify-client', () => {
  it('gives the profile in clear text, with masks and nulls as the vendor has them', async () => {
    const { access_token } = await tokensOfAda(wink, browser)
    const { exp } = decodeJwt(access_token)
    expect(await (await verifyClient(wink, access_token)).json()).toEqual({
      firstName: 'Ada',
      lastName: 'Lovelace',
      contactNo: '(202) 555-0101',
      email: 'ada@acme.example',
      winkTag: ';stage-ada',
      winkToken: wink.users.ada.winkToken,
      dateOfBirth: '**/**/1985',
      expiryTime: `${new Date(Number(exp) * 1000).toISOString().slice(0, 19)}Z`,
      clientSecret: null,
    })
  })

  it('refuses a wrong secret, another client, an ID token and an expired token', async () => {
    const { access_token, id_token } = await tokensOfAda(wink, browser)
    expect((await verifyClient(wink, access_token, { ClientSecret: 'wrong' })).status).toBe(401)
    expect((await verifyClient(wink, access_token, { ClientId: 'another-client' })).status).toBe(401)
    expect((await verifyClient(wink, id_token)).status).toBe(401)
    expect(
      (await verifyClient(wink, access_token, { ClientSecret: undefined, clientSecret: wink.clientSecret })).status,
    ).toBe(400)
    wink.clock.advance(300)
    expect((await verifyClient(wink, access_token)).status).toBe(401)
  })
})

describe('logout', () => {
  const logoutUrl = (fields: Record<string, string>): string =>
    `${wink.issuer}/protocol/openid-connect/logout?${new URLSearchParams(fields).toString()}`

  it('ends the single sign-on and its tokens, and goes on', async () => {
    const { refresh_token } = await tokensOfAda(wink, browser)
    const target = 'http://localhost:3001/auth/logout/next'
    const fields = { post_logout_redirect_uri: target, client_id: wink.clientId, id_token_hint: 'undefined' }
    expect((await browser.visit(logoutUrl(fields))).location).toBe(target)
    expect(browser.cookies('localhost')).toEqual([])
    expect(await errorOf(postToken(wink, { grant_type: 'refresh_token', refresh_token }))).toBe('400 invalid_grant')
    const silent = await browser.visit(await authUrl(wink, { prompt: 'none', sessionId: undefined }))
    expect(silent.location).toContain('error=login_required')
  })

  it('can ask first, unless an ID token comes along', async () => {
    wink.switches.confirmLogout = true
    const { id_token } = await tokensOfAda(wink, browser)
    const target = 'http://localhost:3001/auth/logout/next'
    const fields = { post_logout_redirect_uri: target, client_id: wink.clientId }
    const page = await browser.visit(logoutUrl(fields))
    expect(page.status).toBe(200)
    expect(browser.cookies('localhost')).toHaveLength(1)
    expect((await browser.visit(logoutUrl({ ...fields, id_token_hint: id_token }))).location).toBe(target)
    expect((await browser.visit(logoutUrl({}), { form: fields })).location).toBe(target)
  })

  it('goes nowhere else', async () => {
    const fields = { client_id: wink.clientId, post_logout_redirect_uri: 'https://evil.example/' }
    expect((await browser.visit(logoutUrl(fields))).status).toBe(400)
    expect((await browser.visit(logoutUrl({ post_logout_redirect_uri: returnUrl }))).status).toBe(400)
    expect((await browser.visit(logoutUrl({}))).status).toBe(200)
  })
})

it('publishes its endpoints', async () => {
  const answer = await fetch(`${wink.authUrl}/realms/wink/.well-known/openid-configuration`)
  expect(await answer.json()).toMatchObject({
    issuer: wink.issuer,
    jwks_uri: `${wink.issuer}/protocol/openid-connect/certs`,
  })
})
