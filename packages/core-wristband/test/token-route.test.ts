import type { TestBrowser } from '@latchkey/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, createApp, hasSession, signIn } from './app.ts'
import { now, startVendor, type Vendor } from './vendor.ts'

let vendor: Vendor
let app: App
let browser: TestBrowser
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => {
  vendor.reset()
  app = createApp(vendor, { provider: { exposeAccessToken: true } })
  browser = app.browser()
})

const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'x-latchkey': '1' }
/** A script of a page asks: with exactly these headers. */
function ask(headers: Record<string, string> = own): Promise<Response> {
  return app.auth.handle(browser.request('/auth/wristband/token', { headers }))
}
const tokenCalls = () => vendor.calls().filter((call) => call === 'token').length

describe('GET /token', () => {
  it('is not there unless the app asks for it', async () => {
    app = createApp(vendor)
    browser = app.browser()
    await signIn(vendor, browser)
    expect((await ask()).status).toBe(404)
  })

  it('gives a script of our own page the access token, and no cache anything', async () => {
    await signIn(vendor, browser)
    const response = await ask()
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(await response.json()).toEqual({ accessToken: expect.stringMatching(/^ey/), expiresAt: now + 1800 })
  })

  it('gives it to an older Safari, whose Referer alone says that our own page asks', async () => {
    await signIn(vendor, browser)
    expect((await ask({ 'x-latchkey': '1', referer: 'https://invo.example/page' })).status).toBe(200)
  })

  it.each<[string, Record<string, string>]>([
    ['without the header', { 'sec-fetch-site': 'same-origin' }],
    ['with another value of it', { ...own, 'x-latchkey': 'true' }],
    ['of a sibling of the site', { ...own, 'sec-fetch-site': 'same-site' }],
    ['of another site', { ...own, 'sec-fetch-site': 'cross-site' }],
    ['that is typed in', { ...own, 'sec-fetch-site': 'none' }],
    ['of another origin', { ...own, origin: 'https://evil.example' }],
    ['of a program', { 'x-latchkey': '1' }],
    ['of an older Safari on another page', { 'x-latchkey': '1', referer: 'https://invo.example.evil.example/' }],
  ])('refuses a request %s', async (_title, headers) => {
    await signIn(vendor, browser)
    const response = await ask(headers)
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('eyJ')
  })

  it('refuses an origin that may post as the user, too', async () => {
    const trusted = 'https://partner.example'
    app = createApp(vendor, { provider: { exposeAccessToken: true }, auth: { trustedOrigins: [trusted] } })
    browser = app.browser()
    await signIn(vendor, browser)
    expect((await ask({ ...own, 'sec-fetch-site': 'cross-site', origin: trusted })).status).toBe(403)
  })

  it('answers 401 without a session', async () => {
    const response = await ask()
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      401,
      'wristband/session_required',
    ])
  })

  it('refreshes what is due, once, and sets the session’s cookie', async () => {
    await signIn(vendor, browser)
    vendor.time = now + 1750
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(tokenCalls()).toBe(2)
    expect(answers.some(({ headers }) => headers.getSetCookie().length > 0)).toBe(true)
  })

  it('never refreshes more than once in 10 seconds, however short tokens live', async () => {
    vendor.behaviour.tokenResponse = (body) => ({ ...body, expires_in: 12 })
    await signIn(vendor, browser)
    const calls: number[] = []
    for (let second = 0; second < 30; second += 1) {
      vendor.time = now + second
      const response = await ask()
      expect(response.status).toBe(200)
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        browser.cookies.set(name, value)
      }
      calls.push(tokenCalls())
    }
    expect(calls.at(-1)).toBe(3)
  })

  it('answers 503 while an expired token cannot be refreshed', async () => {
    await signIn(vendor, browser)
    vendor.time = now + 1800
    vendor.behaviour.fault = (path) => (path === 'token' ? { status: 503, body: {} } : undefined)
    const response = await ask()
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      503,
      'wristband/token_unavailable',
    ])
    expect(await hasSession(browser)).toBe(true)
  })
})
