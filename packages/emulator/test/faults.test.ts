import { gzipSync } from 'node:zlib'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWristband, type Emulator, type NamedTokenMutation, startEmulator } from '../src/index.ts'
import { type Browser, openBrowser } from './browser.ts'
import { tokensOfAda, verifyClient } from './wink-journey.ts'
import { authorizeUrl, errorOf, redeem, requestToken, signIn, type Tokens, tokensOf } from './wristband-journey.ts'

let emulator: Emulator<'wise'>
let wristband: EmulatedWristband
let browser: Browser

beforeEach(async () => {
  emulator = await startEmulator({ wise: false, clock: 'manual' })
  wristband = emulator.wristband
  browser = openBrowser()
})
afterEach(() => emulator.close())

const machineToken = (): Promise<Response> => requestToken(wristband, { grant_type: 'client_credentials' })

const adaTokens = async (): Promise<Tokens> =>
  tokensOf(redeem(wristband, (await signIn(browser, authorizeUrl(wristband, { prompt: 'login' }), 'ada')).callback))

const published = async (): Promise<JSONWebKeySet> =>
  (await (await fetch(`${wristband.url}/api/v1/oauth2/jwks`)).json()) as JSONWebKeySet

describe('an endpoint', () => {
  it('fails so many times and then works', async () => {
    wristband.fail('token', {
      status: 503,
      times: 2,
      body: '<h1>down</h1>',
      contentType: 'text/html',
      headers: { 'retry-after': '7' },
    })
    for (let call = 0; call < 2; call += 1) {
      const response = await machineToken()
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('7')
      expect(response.headers.get('content-type')).toBe('text/html')
      expect(await response.text()).toBe('<h1>down</h1>')
    }
    expect((await machineToken()).status).toBe(200)
    expect(wristband.journal.map(({ status, fault }) => [status, fault])).toEqual([
      [503, 'fail'],
      [503, 'fail'],
      [200, undefined],
    ])
  })

  it('answers with bytes, and with a body that is made while it is sent', async () => {
    const bytes = gzipSync('{"keys":[]}')
    wristband.fail('jwks', {
      status: 200,
      body: bytes,
      contentType: 'application/json',
      headers: { 'content-encoding': 'gzip' },
    })
    expect(await published()).toEqual({ keys: [] })
    wristband.fail('jwks', {
      status: 200,
      async *body() {
        yield new TextEncoder().encode('{"ke')
        yield new TextEncoder().encode('ys":')
      },
    })
    expect(await (await fetch(`${wristband.url}/api/v1/oauth2/jwks`)).text()).toBe('{"keys":')
  })

  it('never answers, and lets go when the caller or the emulator does', async () => {
    wristband.slow('token', { forever: true, times: 2 })
    const controller = new AbortController()
    const given = fetch(`${wristband.url}/api/v1/oauth2/token`, { method: 'POST', signal: controller.signal }).catch(
      (error: Error) => error.name,
    )
    await expect.poll(() => wristband.journal.count('token')).toBe(1)
    controller.abort()
    expect(await given).toBe('AbortError')
    const held = machineToken().catch(() => 'closed')
    await expect.poll(() => wristband.journal.count('token')).toBe(2)
    await emulator.close()
    expect(await held).toBe('closed')
    expect(wristband.journal[1]).toMatchObject({ status: null, fault: 'slow' })
  })

  it('answers late', async () => {
    wristband.slow('token', { seconds: 0 })
    expect((await machineToken()).status).toBe(200)
  })

  it('does its work and loses the answer', async () => {
    wristband.switches.reuseRefresh = 'refuse'
    const { refresh_token } = await adaTokens()
    wristband.loseResponse('token')
    const refresh = (): Promise<Response> => requestToken(wristband, { grant_type: 'refresh_token', refresh_token })
    await expect(refresh()).rejects.toThrow('fetch failed')
    expect(await errorOf(refresh())).toBe('400 invalid_grant')
  })

  it('redirects and does nothing', async () => {
    wristband.redirect('token', { status: 307, to: 'http://localhost:1/elsewhere' })
    const response = await machineToken()
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toBe('http://localhost:1/elsewhere')
  })

  it('forgets its faults', async () => {
    wristband.fail('token', { status: 500, times: Infinity })
    wristband.mutateAccessToken('missing', { times: Infinity })
    expect((await machineToken()).status).toBe(500)
    wristband.clearFaults()
    expect(await tokensOf(machineToken())).toHaveProperty('access_token')
  })
})

describe('an ID token', () => {
  it.each([
    ['wrong-iss', 'iss'],
    ['wrong-aud', 'aud'],
    ['wrong-sub', 'sub'],
    ['wrong-nonce', 'nonce'],
    ['missing-nonce', 'nonce'],
    ['wrong-at-hash', 'at_hash'],
    ['wrong-azp', 'azp'],
    ['wrong-tenant', 'tnt_id'],
  ] as const)('can have a %s and a good signature', async (mutation, claim) => {
    const varying = new Set<string>(['jti', 'iat', 'exp', 'auth_time', 'at_hash', claim])
    const others = (claims: object): object =>
      Object.fromEntries(Object.entries(claims).filter(([name]) => !varying.has(name)))
    const good = decodeJwt((await adaTokens()).id_token)
    wristband.mutateIdToken(mutation)
    const { payload } = await jwtVerify((await adaTokens()).id_token, createLocalJWKSet(await published()))
    expect(payload[claim]).not.toEqual(good[claim])
    expect(others(payload)).toEqual(others(good))
  })

  it('is itself again after one mutation', async () => {
    wristband.mutateIdToken('wrong-nonce')
    expect(decodeJwt((await adaTokens()).id_token).nonce).toBe('another-nonce')
    expect(decodeJwt((await adaTokens()).id_token).nonce).toBe('the-nonce')
  })

  it('can be expired or issued in the future', async () => {
    const now = wristband.clock.now()
    wristband.mutateIdToken('expired')
    expect(decodeJwt((await adaTokens()).id_token).exp).toBeLessThan(now)
    wristband.mutateIdToken('issued-in-future')
    expect(decodeJwt((await adaTokens()).id_token).iat).toBeGreaterThan(now + 3000)
  })

  it('can be missing, of another type, unsigned, or changed by a function', async () => {
    wristband.mutateIdToken('missing')
    expect(await adaTokens()).not.toHaveProperty('id_token')
    wristband.mutateIdToken('wrong-typ')
    expect(decodeProtectedHeader((await adaTokens()).id_token).typ).toBe('rt+JWT')
    wristband.mutateIdToken('alg-none')
    expect((await adaTokens()).id_token).toMatch(/^eyJ[\w-]+\.eyJ[\w-]+\.$/)
    wristband.mutateIdToken((draft) => ({ ...draft, claims: { ...draft.claims, exp: 'soon' } }))
    expect(decodeJwt((await adaTokens()).id_token).exp).toBe('soon')
  })

  it.each(['bad-signature', 'foreign-key', 'unknown-key', 'hs256-public-key', 'alg-none'] as NamedTokenMutation[])(
    'does not verify with %s',
    async (mutation) => {
      wristband.mutateIdToken(mutation)
      const { id_token } = await adaTokens()
      await expect(jwtVerify(id_token, createLocalJWKSet(await published()))).rejects.toThrow()
    },
  )

  it('carries the at_hash of an access token that was changed', async () => {
    wristband.mutateAccessToken('wrong-tenant')
    const { access_token, id_token } = await adaTokens()
    expect(decodeJwt(access_token).tnt_id).toBe('tnt_another')
    const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(access_token))
    expect(decodeJwt(id_token).at_hash).toBe(Buffer.from(bytes).subarray(0, 16).toString('base64url'))
  })
})

describe('keys', () => {
  it('rotate and leave earlier tokens good until they are retired', async () => {
    const { id_token } = await adaTokens()
    await wristband.rotateKeys()
    const after = await adaTokens()
    expect(decodeProtectedHeader(after.id_token).kid).not.toBe(decodeProtectedHeader(id_token).kid)
    expect((await published()).keys).toHaveLength(2)
    await jwtVerify(id_token, createLocalJWKSet(await published()))
    await wristband.rotateKeys({ retire: true })
    expect((await published()).keys).toHaveLength(1)
    await expect(jwtVerify(id_token, createLocalJWKSet(await published()))).rejects.toThrow()
    expect(Object.keys((await published()).keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })
})

describe('a user', () => {
  it('comes back to acme with a code of another tenant', async () => {
    wristband.codeOfTenant('evil')
    const { callback } = await signIn(browser, authorizeUrl(wristband), 'ada')
    expect(callback.searchParams.get('tenant_name')).toBe('acme')
    const { access_token } = await tokensOf(redeem(wristband, callback))
    expect(decodeJwt(access_token)).toMatchObject({
      tnt_id: wristband.tenants.evil.id,
      sub: wristband.users.mallory.subject,
    })
  })

  it('is another one in userinfo', async () => {
    const { access_token } = await adaTokens()
    const subject = async (): Promise<unknown> => {
      const headers = { authorization: `Bearer ${access_token}` }
      const answer = await fetch(`${wristband.url}/api/v1/oauth2/userinfo`, { headers })
      return ((await answer.json()) as { sub: string }).sub
    }
    wristband.mutateUserinfo('wrong-sub')
    expect(await subject()).toBe('another-subject')
    expect(await subject()).toBe(wristband.users.ada.subject)
  })

  it("is another one in Wink's profile", async () => {
    const { wink } = emulator
    const { access_token } = await tokensOfAda(wink, browser)
    wink.mutateProfile('wrong-token')
    const profile = (await (await verifyClient(wink, access_token)).json()) as { winkToken: string }
    expect(profile.winkToken).not.toBe(wink.users.ada.winkToken)
  })
})
