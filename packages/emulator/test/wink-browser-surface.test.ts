import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWink, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, openBrowser, type Visit } from './browser.ts'
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
import { basic, errorOf } from './wristband-journey.ts'

const origin = 'http://localhost:3001'
let emulator: Emulator<'wristband' | 'wise'>
let wink: EmulatedWink
let browser: Browser
const start = async (options: { authPort?: number } = {}): Promise<void> => {
  emulator = await startEmulator({
    wristband: false,
    wise: false,
    wink: { webOrigins: [origin], ...options },
    clock: 'manual',
  })
  wink = emulator.wink
  browser = openBrowser()
}
beforeEach(() => start())
afterEach(() => emulator.close())

const realm = (path: string): string => `${wink.issuer}/protocol/openid-connect/${path}`
const allowOf = ({ headers }: Response): (string | null)[] => [
  headers.get('access-control-allow-origin'),
  headers.get('access-control-allow-credentials'),
]

describe('the token endpoint', () => {
  const refused = (headers: Record<string, string>): Promise<Response> =>
    postToken(wink, { grant_type: 'refresh_token', refresh_token: 'none' }, headers)

  it('lets pages of a registered origin read errors and successes, with tokens', async () => {
    const error = await refused({ origin })
    expect([error.status, ...allowOf(error)]).toEqual([400, origin, 'true'])
    expect(error.headers.get('vary')).toBe('Origin')
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    const form = { grant_type: 'authorization_code', redirect_uri: returnUrl }
    const code = new URL(location).searchParams.get('code') ?? ''
    const code_verifier = 'a-code-verifier-of-these-tests-that-is-long-enough-0123456789'
    const success = await postToken(wink, { ...form, code, code_verifier }, { origin })
    expect([success.status, ...allowOf(success)]).toEqual([200, origin, 'true'])
  })

  it.each(['http://localhost:9999', 'http://127.0.0.1:3001', 'http://localhost:3001/', 'null', ''])(
    'lets no page of %j read anything, until it is registered',
    async (other) => {
      expect(allowOf(await refused({ origin: other }))).toEqual([null, null])
      expect((await refused({ origin: other })).headers.get('vary')).toBe('Origin')
    },
  )

  it('can be registered at, open to all, and closed', async () => {
    wink.registerWebOrigin('http://localhost:9999')
    expect(allowOf(await refused({ origin: 'http://localhost:9999' }))).toEqual(['http://localhost:9999', 'true'])
    wink.switches.tokenCors = 'any'
    expect(allowOf(await refused({ origin }))).toEqual(['*', null])
    wink.switches.tokenCors = 'none'
    expect(allowOf(await refused({ origin }))).toEqual([null, null])
  })

  it('answers a preflight of those that it lets in', async () => {
    const ask = (from: string): Promise<Response> =>
      fetch(realm('token'), { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'POST' } })
    const allowed = await ask(origin)
    expect([allowed.status, ...allowOf(allowed)]).toEqual([204, origin, 'true'])
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS')
    const other = await ask('http://localhost:9999')
    expect([...allowOf(other), other.headers.get('access-control-allow-methods')]).toEqual([null, null, null])
    expect(wink.journal.count('token')).toBe(0)
  })
})

describe('the API', () => {
  it('has no CORS headers, whatever the origin', async () => {
    const headers = { authorization: basic(wink), origin }
    expect(allowOf(await postSession(wink, { returnUrl, cancelUrl }, headers))).toEqual([null, null])
    for (const path of ['/wink/v1/session', '/api/ConfidentialClient/verify-client']) {
      const preflight = await fetch(`${wink.apiUrl}${path}`, { method: 'OPTIONS', headers: { origin } })
      expect([preflight.status, ...allowOf(preflight)]).toEqual([404, null, null])
    }
  })

  it.each(['node', 'undici', 'python-requests/2.32.3', 'curl/8.5.0', 'axios/1.7.2', ''])(
    'can be behind a firewall that refuses %j',
    async (agent) => {
      wink.switches.firewall = true
      const headers = { authorization: basic(wink), 'user-agent': agent }
      const refused = await postSession(wink, { returnUrl, cancelUrl }, headers)
      expect([refused.status, refused.headers.get('content-type')]).toEqual([403, 'text/html'])
      expect(wink.journal.at(-1)).toMatchObject({ endpoint: 'session', error: 'firewall' })
      const named = { ...headers, 'user-agent': 'example-application/1.0' }
      expect((await postSession(wink, { returnUrl, cancelUrl }, named)).status).toBe(200)
      expect((await fetch(realm('certs'), { headers: { 'user-agent': agent } })).status).toBe(200)
    },
  )

  it('can fail for as long as it is told, and refuse profiles with another status', async () => {
    wink.fail('session', { status: 500, times: Infinity })
    expect([(await postSession(wink)).status, (await postSession(wink)).status]).toEqual([500, 500])
    wink.clearFaults()
    wink.switches.verifyRefusalStatus = 403
    expect((await verifyClient(wink, 'no token')).status).toBe(403)
  })

  it('can have another port than the realm, where neither answers for the other', async () => {
    await emulator.close()
    await start({ authPort: 0 })
    expect(new URL(wink.authUrl).port).not.toBe(new URL(wink.apiUrl).port)
    expect(wink.issuer).toBe(`${wink.authUrl}/realms/wink`)
    const { access_token } = await tokensOfAda(wink, browser)
    expect((await verifyClient(wink, access_token)).status).toBe(200)
    expect((await fetch(`${wink.authUrl}/wink/v1/session`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(realm('certs').replace(wink.authUrl, wink.apiUrl))).status).toBe(404)
    expect(wink.journal.count('session')).toBe(1)
    const { port } = new URL(wink.authUrl)
    const taken = startEmulator({ wristband: false, wise: false, wink: { authPort: Number(port) } })
    await expect(taken).rejects.toThrow('EADDRINUSE')
  })
})

describe('the frames of the browser SDK', () => {
  const frame = (path: string): Promise<Visit> => browser.visit(realm(path))

  it('may stand on any page and run their own script alone', async () => {
    for (const path of ['3p-cookies/step1.html', 'login-status-iframe.html']) {
      const { status, text, headers } = await frame(path)
      const policy = headers['content-security-policy'] ?? ''
      const [, script = ''] = /<script>([^]*)<\/script>/.exec(text) ?? []
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script))
      expect(status).toBe(200)
      expect(policy).toContain(`script-src 'sha256-${Buffer.from(digest).toString('base64')}'`)
      expect(policy).not.toContain('frame-ancestors')
      expect(headers['x-frame-options']).toBeUndefined()
    }
  })

  it('can say that third-party cookies are blocked', async () => {
    expect((await frame('3p-cookies/step1.html')).text).toContain("'supported'")
    wink.switches.thirdPartyCookies = 'unsupported'
    expect((await frame('3p-cookies/step1.html')).text).toContain("'unsupported'")
  })

  it('tell registered origins alone whether the session changed', async () => {
    const ask = async (fields: Record<string, string>): Promise<[number, string]> => {
      const query = new URLSearchParams({ client_id: wink.clientId, origin, session_state: '', ...fields })
      const { status, text } = await frame(`login-status-iframe.html/init?${query.toString()}`)
      return [status, text]
    }
    expect(await ask({})).toEqual([200, 'unchanged'])
    const { access_token } = await tokensOfAda(wink, browser)
    expect(await ask({})).toEqual([200, 'changed'])
    expect(await ask({ session_state: String(decodeJwt(access_token).sid) })).toEqual([200, 'unchanged'])
    expect(await ask({ origin: 'http://localhost:9999' })).toEqual([403, 'error'])
    expect(await ask({ client_id: 'another-client' })).toEqual([403, 'error'])
  })
})

describe('silent single sign-on', () => {
  it.each(['query', 'fragment'] as const)('answers in the %s', async (mode) => {
    const silent = async (): Promise<URLSearchParams> => {
      const changes = { prompt: 'none', sessionId: undefined, response_mode: mode }
      const { location, headers } = await browser.visit(await authUrl(wink, changes))
      expect(headers['content-security-policy']).toBeUndefined()
      const { search, hash } = new URL(location)
      return new URLSearchParams(mode === 'query' ? search : hash.slice(1))
    }
    const nobody = await silent()
    expect([nobody.get('error'), nobody.get('state')]).toEqual(['login_required', 'the-state'])
    await tokensOfAda(wink, browser)
    expect((await silent()).has('code')).toBe(true)
  })
})

describe('redirect URIs', () => {
  it('are those that are registered, once one is', async () => {
    const statusOf = async (redirect_uri: string): Promise<number> =>
      (await browser.visit(await authUrl(wink, { redirect_uri, prompt: 'none' }))).status
    expect(await statusOf('http://localhost:9/any')).toBe(302)
    wink.registerRedirectUri(returnUrl)
    wink.registerRedirectUri('http://localhost:3002/wink/*')
    expect(await statusOf(`${returnUrl}#part`)).toBe(302)
    expect(await statusOf('http://localhost:3002/wink/callback?a=b')).toBe(302)
    for (const other of [
      `${returnUrl}/`,
      `${returnUrl}?a=b`,
      'http://localhost:3002/other',
      'http://localhost:9/any',
    ]) {
      expect(await statusOf(other)).toBe(400)
    }
  })
})

describe('a capture', () => {
  it('that is denied comes back with access_denied, whatever a cancel does', async () => {
    const { location } = await capture(browser, await authUrl(wink), { deny: 'yes' })
    expect(new URL(location).searchParams.get('error')).toBe('access_denied')
    expect(wink.journal.at(-1)).toMatchObject({ endpoint: 'capture', error: 'access_denied' })
  })

  it('that expired comes back as keycloak-js expects it, and may start again once without a session', async () => {
    wink.interruptCapture('authentication-expired')
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    expect(Object.fromEntries(new URL(location).searchParams)).toMatchObject({
      error: 'temporarily_unavailable',
      error_description: 'authentication_expired',
      state: 'the-state',
    })
    const again = await authUrl(wink, { sessionId: undefined })
    const second = await capture(browser, again, { user: 'ada' })
    expect(new URL(second.location).searchParams.has('code')).toBe(true)
    expect((await browser.visit(again)).location).toContain('error=invalid_request')
    expect((await openBrowser().visit(again)).location).toContain('error=invalid_request')
  })

  it('can come back with login_session_state alone, and go on from there', async () => {
    wink.interruptCapture('login-session-state')
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    expect(location).toBe(`${returnUrl}?login_session_state=1`)
    const again = await authUrl(wink, { sessionId: undefined, redirect_uri: location })
    expect((await capture(browser, again, { user: 'ada' })).location).toContain('code=')
  })

  it("accepts a query that the SDK adds to the session's return URL, and no longer path", async () => {
    const at = async (redirect_uri: string): Promise<number> =>
      (await browser.visit(await authUrl(wink, { redirect_uri, sessionId: await createSession(wink) }))).status
    expect(await at(`${returnUrl}?clientId=a&realm=wink`)).toBe(200)
    expect(await at(`${returnUrl}2`)).toBe(302)
  })

  it('can give an expired code, and a callback that is changed', async () => {
    wink.expireCode()
    const { location } = await capture(browser, await authUrl(wink), { user: 'ada' })
    expect(await errorOf(redeemCode(wink, location))).toBe('400 invalid_grant')
    wink.mutateCallback('missing-state')
    const changed = await capture(browser, await authUrl(wink), { user: 'ada' })
    expect(new URL(changed.location).searchParams.has('state')).toBe(false)
  })

  it('can leave auth_time out of both tokens', async () => {
    wink.switches.authTime = 'absent'
    const { access_token, id_token } = await tokensOfAda(wink, browser)
    expect(decodeJwt(id_token)).not.toHaveProperty('auth_time')
    expect(decodeJwt(access_token)).not.toHaveProperty('auth_time')
  })
})

describe('a sign-out by the back end', () => {
  const logout = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(realm('logout'), { method: 'POST', headers, body: new URLSearchParams(form) })

  it('ends the single sign-on from which the refresh token came', async () => {
    const { refresh_token } = await tokensOfAda(wink, browser)
    const { clientId: client_id, clientSecret: client_secret } = wink
    expect(await errorOf(logout({ client_id, client_secret: 'wrong', refresh_token }))).toBe('401 unauthorized_client')
    expect(await errorOf(logout({ client_id, refresh_token: 'none' }))).toBe('400 invalid_grant')
    expect((await logout({ client_id, client_secret, refresh_token })).status).toBe(204)
    const silent = await browser.visit(await authUrl(wink, { prompt: 'none', sessionId: undefined }))
    expect(silent.location).toContain('error=login_required')
    expect(await errorOf(postToken(wink, { grant_type: 'refresh_token', refresh_token }))).toBe('400 invalid_grant')
  })

  it('accepts the secret in a header', async () => {
    const { refresh_token } = await tokensOfAda(wink, browser)
    expect((await logout({ refresh_token }, { authorization: basic(wink) })).status).toBe(204)
  })
})

it('refuses a refresh token after half an hour', async () => {
  const { refresh_token } = await tokensOfAda(wink, browser)
  expect(refresh_token.split('.')).toHaveLength(3)
  wink.clock.advance(1800)
  expect(await errorOf(postToken(wink, { grant_type: 'refresh_token', refresh_token }))).toBe('400 invalid_grant')
})
