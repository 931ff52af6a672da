import { createMemoryStore, type Store } from '@latchkey/core'
import type { TestBrowser } from '@latchkey/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type AppOptions, createApp, hasSession, signIn } from './app.ts'
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
  start()
})

const frontEnd = { frontEndSdk: true, exposeAccessToken: true }
function start(options: AppOptions = {}): void {
  app = createApp(vendor, { provider: frontEnd, ...options })
  browser = app.browser()
}

const origin = 'https://invo.example'
const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
const page = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

/** Sends exactly these headers, and keeps the cookies of the answer. */
async function ask(path: string, headers: Record<string, string> = own): Promise<Response> {
  const response = await app.auth.handle(browser.request(`/auth/wristband/sdk/${path}`, { headers }))
  browser.cookies.keep(response.headers.getSetCookie())
  return response
}

/** The proof that the session route gives, as a script reads it. */
async function proofOf(): Promise<string> {
  await ask('session')
  return browser.cookies.get('CSRF-TOKEN') ?? ''
}

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: unknown }).code

const corsHeaders = (response: Response): readonly string[] =>
  [...response.headers.keys()].filter((name) => name.startsWith('access-control-'))

/** Requests that are none of a script of our own page. */
const foreign: readonly (readonly [string, Record<string, string>])[] = [
  ['of a sibling of the site', { ...own, 'sec-fetch-site': 'same-site' }],
  ['of another site', { ...own, 'sec-fetch-site': 'cross-site' }],
  ['that is typed in', { ...own, 'sec-fetch-site': 'none' }],
  ['of another origin', { ...own, origin: 'https://evil.example' }],
  ['of a page without an origin', { ...own, 'sec-fetch-site': 'cross-site', origin: 'null' }],
  ['of a program', {}],
  ['of an older Safari on another page', { referer: 'https://invo.example.evil.example/' }],
  [
    'of an origin that may act as the user',
    { ...own, 'sec-fetch-site': 'cross-site', origin: 'https://partner.example' },
  ],
  ['of an older Safari on a page that may act as the user', { referer: 'https://partner.example/' }],
]

describe('frontEndSdk', () => {
  it.each(['session', 'token', 'logout'])('has no route %s unless the app asks for it', async (path) => {
    start({ provider: { exposeAccessToken: true } })
    await signIn(vendor, browser)
    expect((await ask(path)).status).toBe(404)
  })

  it('must be true or false', () => {
    expect(() => createApp(vendor, { provider: { frontEndSdk: 'yes' as unknown as boolean } })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })
})

describe('GET /sdk/session', () => {
  it('answers 401 to a user who is signed out', async () => {
    expect((await ask('session')).status).toBe(401)
    await signIn(vendor, browser)
    await proofOf()
    await browser.submit('/auth/logout')
    const response = await ask('session')
    expect([response.status, await codeOf(response)]).toEqual([401, 'wristband/session_required'])
  })

  it('says who is signed in, in the shape of the SDK, and no cache keeps it', async () => {
    await signIn(vendor, browser)
    const response = await ask('session')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(await response.json()).toEqual({
      userId: expect.stringMatching(/./),
      tenantId: 'id-of-acme',
      metadata: { name: 'Ada Example' },
    })
  })

  it('adds what `sessionResponse` gives', async () => {
    start({ auth: { sessionResponse: ({ user }) => ({ plan: `of ${user.provider}` }) } })
    await signIn(vendor, browser)
    expect(await (await ask('session')).json()).toMatchObject({ metadata: { plan: 'of wristband' } })
  })

  it('gives a proof that scripts can read and no other site is sent, and that is no secret of the session', async () => {
    await signIn(vendor, browser)
    const [line, ...others] = (await ask('session')).headers.getSetCookie()
    expect(others).toEqual([])
    expect(line).toMatch(/^CSRF-TOKEN=[\w-]{43}; Path=\/; Secure; SameSite=Strict$/)
    const thief = app.browser()
    thief.cookies.set('CSRF-TOKEN', browser.cookies.get('CSRF-TOKEN') ?? '')
    expect(await hasSession(thief)).toBe(false)
  })

  it('gives it to an older Safari, whose Referer alone says that our own page asks', async () => {
    await signIn(vendor, browser)
    expect((await ask('session', { referer: `${origin}/page` })).status).toBe(200)
  })

  it.each(foreign)('refuses a request %s', async (_title, headers) => {
    start({ auth: { trustedOrigins: ['https://partner.example'] } })
    await signIn(vendor, browser)
    const response = await ask('session', headers)
    expect(response.status).toBe(403)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(corsHeaders(response)).toEqual([])
  })

  it('does not prolong a session that it is asked about again and again', async () => {
    start({ auth: { session: { strategy: 'cookie', idleSeconds: 3600 } } })
    await signIn(vendor, browser)
    for (let minute = 0; minute < 61; minute += 1) {
      vendor.time = now + minute * 60
      await ask('session')
    }
    expect((await ask('session')).status).toBe(401)
  })
})

describe('GET /sdk/token', () => {
  it('is not there without `exposeAccessToken`', async () => {
    start({ provider: { frontEndSdk: true } })
    await signIn(vendor, browser)
    const proof = await proofOf()
    expect((await ask('token', { ...own, 'x-csrf-token': proof })).status).toBe(404)
  })

  it('gives the access token with its end in milliseconds', async () => {
    await signIn(vendor, browser)
    const response = await ask('token', { ...own, 'x-csrf-token': await proofOf() })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(await response.json()).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      expiresAt: (now + 1800) * 1000,
    })
  })

  it('answers 401 to a user who is signed out, whatever proof they show', async () => {
    expect((await ask('token')).status).toBe(401)
    await signIn(vendor, browser)
    const proof = await proofOf()
    await browser.submit('/auth/logout')
    expect((await ask('token', { ...own, 'x-csrf-token': proof })).status).toBe(401)
  })

  it('refuses a request without the proof, though the cookie has it', async () => {
    await signIn(vendor, browser)
    await proofOf()
    const response = await ask('token')
    expect([response.status, await codeOf(response)]).toEqual([403, 'wristband/sdk_request_refused'])
  })

  it('refuses what a sibling planted in the cookie, in the header too', async () => {
    await signIn(vendor, browser)
    browser.cookies.set('CSRF-TOKEN', 'planted')
    expect((await ask('token', { ...own, 'x-csrf-token': 'planted' })).status).toBe(403)
  })

  it('refuses the proof of another session, of another user or an earlier one of the same', async () => {
    await signIn(vendor, browser)
    const earlier = await proofOf()
    const other = app.browser()
    await signIn(vendor, other)
    const response = await app.auth.handle(other.request('/auth/wristband/sdk/session', { headers: own }))
    other.cookies.keep(response.headers.getSetCookie())
    const ofOther = other.cookies.get('CSRF-TOKEN') ?? ''
    expect((await ask('token', { ...own, 'x-csrf-token': ofOther })).status).toBe(403)
    await signIn(vendor, browser)
    expect((await ask('token', { ...own, 'x-csrf-token': earlier })).status).toBe(403)
    expect((await ask('token', { ...own, 'x-csrf-token': await proofOf() })).status).toBe(200)
  })

  it('takes a proof that an older secret made', async () => {
    const secrets = ['the-newest-example-secret-of-32-bytes', 'an-older-example-secret-of-32-bytes!'] as const
    start({ auth: { secret: secrets[1] } })
    await signIn(vendor, browser)
    const proof = await proofOf()
    const before = browser
    start({ auth: { secret: secrets } })
    for (const name of before.cookies.names()) browser.cookies.set(name, before.cookies.get(name) ?? '')
    expect((await ask('token', { ...own, 'x-csrf-token': proof })).status).toBe(200)
  })

  it.each(foreign)('refuses a request %s', async (_title, headers) => {
    start({ auth: { trustedOrigins: ['https://partner.example'] } })
    await signIn(vendor, browser)
    const proof = await proofOf()
    const response = await ask('token', { ...headers, 'x-csrf-token': proof })
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('eyJ')
    expect(corsHeaders(response)).toEqual([])
  })

  it('refreshes what is due, once, and sets the session’s cookie', async () => {
    await signIn(vendor, browser)
    const proof = await proofOf()
    vendor.time = now + 1750
    const headers = { ...own, 'x-csrf-token': proof }
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('token', headers)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(vendor.calls().filter((call) => call === 'token')).toHaveLength(2)
    expect(answers.some((answer) => answer.headers.getSetCookie().length > 0)).toBe(true)
  })

  it('is asked of `rateLimit` as a token', async () => {
    const kinds: string[] = []
    start({ auth: { rateLimit: ({ kind }) => kinds.push(kind) > 0 } })
    await signIn(vendor, browser)
    await ask('token', { ...own, 'x-csrf-token': await proofOf() })
    expect(kinds.at(-1)).toBe('token')
  })
})

describe('CORS', () => {
  it.each(['session', 'token', 'logout'])('has no header at /sdk/%s, for whoever asks', async (path) => {
    start({ auth: { trustedOrigins: ['https://partner.example'] } })
    await signIn(vendor, browser)
    for (const from of [origin, 'https://partner.example', 'null']) {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { origin: from, 'access-control-request-method': 'GET' }
        const request = browser.request(`/auth/wristband/sdk/${path}`, { method, headers })
        expect(corsHeaders(await app.auth.handle(request))).toEqual([])
      }
    }
  })
})

describe('GET /sdk/logout', () => {
  it('signs out a user whose page opens it, and goes on to Wristband', async () => {
    await signIn(vendor, browser)
    const response = await ask('logout?tenant_name=globex', page)
    expect(response.status).toBe(303)
    const left = new URL(response.headers.get('location') ?? '')
    expect([left.host, left.pathname]).toEqual([`acme.${vendor.domain}`, '/api/v1/logout'])
    expect(await hasSession(browser)).toBe(false)
    expect(vendor.calls()).toContain('revoke')
  })

  it('ends where `return_url` says, and at / where that is foreign', async () => {
    for (const [asked, ends] of [
      ['/bye', '/bye'],
      ['https://evil.example/', '/'],
    ] as const) {
      await signIn(vendor, browser)
      await ask(`logout?return_url=${encodeURIComponent(asked)}`, page)
      expect((await browser.open('/auth/logout/next')).headers.get('location')).toBe(ends)
    }
  })

  it('takes a user who is signed out back', async () => {
    const response = await ask('logout', page)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
  })

  const nobody: readonly (readonly [string, Record<string, string>])[] = [
    ['of a picture', { ...page, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['of a frame', { ...page, 'sec-fetch-dest': 'iframe' }],
    ['of a fetch', own],
    ['of a prefetch', { ...page, 'sec-purpose': 'prefetch' }],
    ['of a prerender', { ...page, 'sec-purpose': 'prefetch;prerender' }],
    ['of a link of another site', { ...page, 'sec-fetch-site': 'cross-site' }],
    ['of a link of a sibling', { ...page, 'sec-fetch-site': 'same-site' }],
    ['that is typed in', { ...page, 'sec-fetch-site': 'none' }],
    ['below a service worker', { ...page, 'sec-fetch-dest': 'empty' }],
    ['of an older Safari', { referer: `${origin}/page`, accept: 'text/html' }],
    ['without a destination', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' }],
    ['without a mode', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'document' }],
    ['of a program', {}],
  ]
  it.each(nobody)('ends nothing for a request %s: it gets a page with a button', async (_title, headers) => {
    await signIn(vendor, browser)
    const response = await ask('logout?return_url=/bye', headers)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.getSetCookie()).toEqual([])
    const html = await response.text()
    expect(html.match(/<button/g)).toHaveLength(1)
    expect(html).toContain('<form method="post" action="/auth/logout">')
    expect(html).toContain('name="return_url" value="/bye"')
    expect(await hasSession(browser)).toBe(true)
    expect(vendor.calls()).not.toContain('revoke')
  })

  it('answers what no page is opened by with a status that keeps browsers from showing it later', async () => {
    await signIn(vendor, browser)
    const statusOf = async (headers: Record<string, string>) => (await ask('logout', headers)).status
    expect(await statusOf({ ...page, 'sec-purpose': 'prefetch;prerender' })).toBe(409)
    expect(await statusOf({ ...page, 'sec-fetch-site': 'none' })).toBe(200)
  })

  it('shows a page that runs nothing, is in no frame, and lets its form end at Wristband', async () => {
    await signIn(vendor, browser)
    const { headers } = await ask('logout', { ...page, 'sec-fetch-site': 'cross-site' })
    const policy = headers.get('content-security-policy')
    expect(policy).toMatch(/^default-src 'none'; style-src 'nonce-[\w-]+'; base-uri 'none'; form-action 'self' /)
    expect(policy).toContain(`http://acme.${vendor.domain}`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect([headers.get('x-frame-options'), headers.get('cache-control')]).toEqual(['DENY', 'private, no-store'])
  })

  it('writes a return target of others as text', async () => {
    const html = await (await ask(`logout?return_url=${encodeURIComponent('"><script>alert(1)</script>')}`, {})).text()
    expect(html).not.toContain('<script')
    expect(html).toContain('value="&#34;&#62;&#60;script')
  })
})

describe('while sessions cannot be read', () => {
  let isDown = false
  beforeEach(() => {
    isDown = false
    const memory = createMemoryStore()
    const guarded =
      <Given extends unknown[], Result>(method: (...given: Given) => Promise<Result>) =>
      (...given: Given): Promise<Result> =>
        isDown ? Promise.reject(new Error('down')) : method(...given)
    const store: Store = {
      get: guarded(memory.get),
      set: guarded(memory.set),
      add: guarded(memory.add),
      replace: guarded(memory.replace),
      remove: guarded(memory.remove),
    }
    start({ auth: { store, session: { strategy: 'store' } } })
  })

  it('the session is unknown, the token is not there, and a sign-out by link ends nothing', async () => {
    await signIn(vendor, browser)
    const proof = await proofOf()
    isDown = true
    const cookies = browser.cookies.names()
    for (const [path, headers] of [
      ['session', own],
      ['token', { ...own, 'x-csrf-token': proof }],
      ['logout', page],
      ['logout', { ...page, 'sec-fetch-site': 'cross-site' }],
    ] as const) {
      const response = await ask(path, headers)
      expect([path, response.status, response.headers.getSetCookie()]).toEqual([path, 503, []])
    }
    expect(browser.cookies.names()).toEqual(cookies)
    isDown = false
    expect((await ask('session')).status).toBe(200)
    expect((await ask('token', { ...own, 'x-csrf-token': proof })).status).toBe(200)
    expect(vendor.calls()).not.toContain('revoke')
  })
})
