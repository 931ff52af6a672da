import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Emulator, startEmulator } from '../src/index.ts'
import { openBrowser } from './browser.ts'
import { authUrl, capture, createSession, redeemCode, tokensOfAda, verifyClient } from './wink-journey.ts'
import { authorizeUrl, basic, redeem, requestToken, signIn, tokensOf } from './wristband-journey.ts'

let emulator: Emulator

beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

/** The status of a request whose Host header is exactly this. */
function statusFor(host: string, path = '/student/classes'): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: new URL(emulator.wise.url).port, path, headers: { host } }
    request(options, (incoming) => {
      incoming.resume()
      resolve(incoming.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('the sockets', () => {
  it('answer names of this machine and no other', async () => {
    for (const host of ['localhost', 'localhost:4003', '127.0.0.1:1', '[::1]:1'])
      expect(await statusFor(host)).toBe(401)
    expect(await statusFor('acme.localhost')).toBe(404)
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      'evillocalhost',
      '127.0.0.1.evil.example',
      '0.0.0.0',
    ]) {
      expect(await statusFor(host)).toBe(421)
    }
    expect(await statusFor('localhost', 'http://evil.example/')).toBe(421)
  })

  it('refuse a body over a megabyte', async () => {
    const body = new URLSearchParams({ token: 'x'.repeat(1024 * 1024) })
    const response = await fetch(`${emulator.wristband.url}/api/v1/oauth2/token`, { method: 'POST', body })
    expect(response.status).toBe(413)
  })

  it('close with the emulator, and a port that is taken is an error that leaves nothing open', async () => {
    const port = Number(new URL(emulator.wise.url).port)
    await expect(startEmulator({ wink: false, wise: { port } })).rejects.toThrow('EADDRINUSE')
    await emulator.close()
    await expect(fetch(emulator.wise.url)).rejects.toThrow('fetch failed')
    const again = await startEmulator({ wristband: false, wink: false, wise: { port } })
    expect(again.wise.url).toBe(`http://localhost:${port}`)
    expect(again.wristband).toBeNull()
    await again.close()
  })

  it('can make Wink and Wise another site than localhost', async () => {
    const other = await startEmulator({ host: '127.0.0.1' })
    expect(other.wink.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/realms\/wink$/)
    expect(other.wristband.url).toMatch(/^http:\/\/localhost:/)
    await other.close()
  })
})

describe('the journal', () => {
  it('counts and describes requests', async () => {
    const { wristband } = emulator
    const browser = openBrowser()
    const { callback } = await signIn(browser, authorizeUrl(wristband), 'ada')
    await redeem(wristband, callback)
    await redeem(wristband, callback)
    expect(wristband.journal.count('token')).toBe(2)
    expect(wristband.journal.map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['authorize', 302],
      ['login', 200],
      ['login', 302],
      ['token', 200],
      ['token', 400],
    ])
    expect(wristband.journal[0]).toMatchObject({
      method: 'GET',
      host: `acme.${wristband.applicationDomain}`,
      path: '/api/v1/oauth2/authorize',
      fields: {
        client_id: wristband.clientId,
        response_type: 'code',
        state: '[redacted]',
        code_challenge: '[redacted]',
      },
    })
    expect(wristband.journal[4]).toMatchObject({ authorization: 'Basic', error: 'invalid_grant' })
    wristband.journal.clear()
    expect(wristband.journal).toHaveLength(0)
  })

  it('holds no cookie, secret, code, token, verifier or e-mail', async () => {
    const { wristband, wink, wise } = emulator
    const browser = openBrowser()
    const start = authorizeUrl(wristband, { login_hint: 'ada@acme.example' })
    const { callback } = await signIn(browser, start, 'ada')
    const tokens = await tokensOf(redeem(wristband, callback))
    await requestToken(wristband, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
    await fetch(`${wristband.url}/api/v1/oauth2/userinfo?access_token=${tokens.access_token}`, {
      headers: { authorization: `Bearer ${tokens.access_token}`, cookie: 'app-session=canary-cookie' },
    })
    const sessionId = await createSession(wink)
    const captured = await capture(browser, await authUrl(wink, { sessionId }), { user: 'ada' })
    await redeemCode(wink, captured.location, { client_secret: wink.clientSecret })
    const winkTokens = await tokensOfAda(wink, browser)
    await verifyClient(wink, winkTokens.access_token)
    await browser.visit(`${wise.url}/identity-based-login?jwtToken=${tokens.id_token}`)

    const written = JSON.stringify([wristband.journal, wink.journal, wise.journal])
    const canaries = [
      ...[tokens.access_token, tokens.id_token, tokens.refresh_token],
      ...[winkTokens.access_token, winkTokens.id_token, winkTokens.refresh_token],
      ...[wristband.clientSecret, wink.clientSecret, basic(wristband).slice(6), sessionId, 'canary-cookie'],
      callback.searchParams.get('code') ?? '',
      new URL(captured.location).searchParams.get('code') ?? '',
      ...['a-code-verifier', 'the-state', 'the-nonce', 'ada@acme.example', 'eyJ', 'latchkey-emulator'],
    ]
    expect(canaries.every((canary) => canary !== '')).toBe(true)
    expect(canaries.filter((canary) => written.includes(canary))).toEqual([])
  })
})

describe('a page', () => {
  it('has a language, a viewport, one heading, no script, and says what it is', async () => {
    const { text, headers } = await openBrowser().visit(`${emulator.wise.url}/student/classes`)
    expect(text).toContain('<html lang="en">')
    expect(text).toContain('name="viewport"')
    expect(text.match(/<h1>/g)).toHaveLength(1)
    expect(text).toContain('This is not the real Wise.')
    expect(text).not.toContain('<script')
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(text) ?? []
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${Buffer.from(digest).toString('base64')}'`)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })
})

describe('the clocks', () => {
  afterEach(() => void vi.useRealTimers())

  it("follow the computer's time, each moved by its own advance", () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { wink, wristband } = emulator
    const [first, other] = [wristband.clock.now(), wink.clock.now()]
    vi.setSystemTime(Date.now() + 90_000)
    wristband.clock.advance(5)
    expect(wristband.clock.now()).toBe(first + 95)
    expect(wink.clock.now()).toBe(other + 90)
  })

  it('stand still when they are manual, and each moves by its own advance alone', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const still = await startEmulator({ clock: 'manual' })
    const start = Math.floor(Date.now() / 1000)
    vi.setSystemTime(Date.now() + 90_000)
    still.wristband.clock.advance(5)
    const instants = [still.wristband, still.wink, still.wise].map(({ clock }) => clock.now())
    await still.close()
    expect(instants).toEqual([start + 5, start, start])
  })
})
