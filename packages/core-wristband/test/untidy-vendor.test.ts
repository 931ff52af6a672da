import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WristbandMountOptions } from '../src/index.ts'
import { type App, type AppOptions, codeOf, createApp, hasSession, locationOf, pathOf, signIn } from './app.ts'
import { now, startVendor, type Vendor, withClaims, without } from './vendor.ts'

let vendor: Vendor

beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => vendor.reset())

type Browser = ReturnType<App['browser']>

const request = (browser: Browser) =>
  new Request('https://invo.example/', { headers: { cookie: browser.cookies.header() } })

/** Reads the session as a page does, with the cookie that a refresh sets. */
async function read(app: App, browser: Browser) {
  const { session, headers } = await app.auth.getSession(request(browser))
  for (const [name, value] of headers) {
    const [cookie = '', content = ''] = (name === 'set-cookie' ? value.split(';')[0] : '')?.split(/=(.*)/s) ?? []
    if (cookie !== '') browser.cookies.set(cookie, content)
  }
  return session?.identities.wristband
}

describe('null is absent', () => {
  it.each(['refresh_token', 'scope', 'expires_in'])('for %s, at login and refresh', async (member) => {
    const app = createApp(vendor)
    const browser = app.browser()
    const isRefreshToken = member === 'refresh_token'
    if (!isRefreshToken) vendor.behaviour.tokenResponse = (body) => ({ ...body, [member]: null })
    await signIn(vendor, browser)
    expect(await hasSession(browser)).toBe(true)
    vendor.behaviour.tokenResponse = (body) => ({ ...body, [member]: null })
    vendor.time = now + 1799
    expect(await read(app, browser)).toMatchObject({ subject: 'user-1' })
    expect(app.events).toContainEqual(expect.objectContaining({ type: 'session.refreshed' }))
  })

  it('for the refresh token of a login: the user signs in all the same', async () => {
    vendor.behaviour.tokenResponse = (body) => ({ ...body, refresh_token: null })
    const app = createApp(vendor)
    const browser = app.browser()
    await signIn(vendor, browser)
    expect(await read(app, browser)).toMatchObject({ subject: 'user-1' })
  })

  it('for claims of userinfo and tokens that are only read', async () => {
    const none = { name: null, email: null, roles: null, picture: null, updated_at: '2026', amr: null }
    vendor.behaviour.userinfo = (claims) => ({ ...claims, ...none, tnt_id: null })
    vendor.behaviour.idToken = withClaims((claims) => ({
      ...claims,
      azp: null,
      at_hash: null,
      auth_time: null,
      amr: null,
    }))
    const app = createApp(vendor)
    const browser = app.browser()
    await signIn(vendor, browser)
    expect(await read(app, browser)).toMatchObject({ subject: 'user-1', profile: {} })
  })
})

describe('an access token without sub', () => {
  beforeEach(() => {
    vendor.behaviour.accessToken = withClaims(without('sub'))
  })

  it('contradicts nothing, at login and refresh: userinfo names the user', async () => {
    const app = createApp(vendor)
    const browser = app.browser()
    await signIn(vendor, browser)
    vendor.time = now + 1800
    vendor.behaviour.refreshedIdToken = 'none'
    expect(await read(app, browser)).toMatchObject({ subject: 'user-1' })
  })

  it('leaves a refresh without an ID token undecided where userinfo fails', async () => {
    const app = createApp(vendor)
    const browser = app.browser()
    await signIn(vendor, browser)
    vendor.time = now + 1800
    vendor.behaviour.refreshedIdToken = 'none'
    vendor.behaviour.fault = (path) => (path === 'userinfo' ? { status: 500, body: {} } : undefined)
    await app.auth.getSession(request(browser))
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'provider.refresh_failed', code: 'oidc/userinfo_failed' }),
    )
    expect(app.events).not.toContainEqual(expect.objectContaining({ type: 'session.refreshed' }))
  })

  it('costs nobody the sign-in while userinfo fails: the rotated token is not sent twice, and not lost', async () => {
    const app = createApp(vendor)
    const browser = app.browser()
    await signIn(vendor, browser)
    vendor.behaviour.refreshedIdToken = 'none'
    vendor.behaviour.fault = (path) => (path === 'userinfo' ? { status: 503, body: {} } : undefined)
    for (const seconds of [0, 6, 20]) {
      vendor.time = now + 1800 + seconds
      await read(app, browser)
    }
    vendor.behaviour.fault = null
    for (const seconds of [100, 2000]) {
      vendor.time = now + 1800 + seconds
      expect(await read(app, browser)).toMatchObject({ subject: 'user-1' })
    }
    const sent = vendor.journal.map(({ body }) => new URLSearchParams(body).get('refresh_token'))
    expect(sent.filter((token) => token !== null)).toHaveLength(2)
    expect(app.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(2)
  })

  it('is no bearer token', async () => {
    const app = createApp(vendor)
    const token = await vendor.accessToken({ sub: undefined })
    const bearer = new Request('https://invo.example/', { headers: { authorization: `Bearer ${token}` } })
    await expect(app.auth.requireBearer(bearer)).rejects.toMatchObject({ code: 'auth/bearer_invalid' })
  })
})

describe('a clock that is off', () => {
  it('is told by how much in the event, and tolerated by clockToleranceSeconds', async () => {
    const behind = (options: AppOptions = {}) => createApp(vendor, options)
    const later = withClaims((claims) => ({ ...claims, iat: now + 11 }))
    Object.assign(vendor.behaviour, { idToken: later, accessToken: later })
    const app = behind()
    await signIn(vendor, app.browser())
    expect(app.events).toContainEqual(
      expect.objectContaining({
        type: 'sign_in.refused',
        code: 'oidc/issued_at_invalid',
        hint: expect.stringMatching(/\b11 s ahead of our clock/),
      }),
    )
    const tolerant = behind({ client: { clockToleranceSeconds: 11 } })
    const browser = tolerant.browser()
    await signIn(vendor, browser)
    expect(await hasSession(browser)).toBe(true)
  })
})

describe('a vendor that answers 429', () => {
  it('makes our own answer 503, with its Retry-After', async () => {
    const app = createApp(vendor)
    const browser = app.browser()
    const url = locationOf(await browser.open('/auth/wristband/login'))
    vendor.behaviour.fault = (path) =>
      path === 'token' ? { status: 429, headers: { 'retry-after': '17' }, body: {} } : undefined
    const response = await browser.open(pathOf(vendor.authorize(url)))
    expect([response.status, codeOf(response), response.headers.get('retry-after')]).toEqual([
      503,
      'oidc/provider_busy',
      '17',
    ])
  })

  it('does so for its settings, too', async () => {
    vendor.behaviour.fault = () => ({ status: 429, headers: { 'retry-after': '17' }, body: {} })
    const response = await createApp(vendor, { client: { autoConfigure: true } })
      .browser()
      .open('/auth/wristband/login')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '17'])
  })
})

describe('the sign-on that ends at sign-out', () => {
  const app = (tenancy: WristbandMountOptions['tenancy']) =>
    createApp(vendor, { provider: { tenancy }, client: { resolveTenantId: undefined } })
  const login = '/auth/wristband/login?tenant_name=globex'

  it.each([
    ['no default', { kind: 'query' }],
    ['another default', { kind: 'query', default: 'acme' }],
  ] as const)(
    'is that of the tenant where the user signed in, with %s and nothing that proves it',
    async (_title, tenancy) => {
      const application = app(tenancy)
      const browser = application.browser()
      await signIn(vendor, browser, { login, tenant: 'globex' })
      expect((await read(application, browser))?.tenant).toEqual({ id: 'id-of-globex' })
      const shown = JSON.stringify([await read(application, browser), (await browser.fetch('/auth/session')).json()])
      expect(shown).not.toMatch(/"globex"/)
      // Also after a refresh.
      vendor.time = now + 1800
      await read(application, browser)
      const url = locationOf(await browser.submit('/auth/logout'))
      expect([url.host, url.pathname]).toEqual([`globex.${vendor.domain}`, '/api/v1/logout'])
    },
  )

  it('may be gone to by a form: CSP is told of it without the name', async () => {
    const application = app({ kind: 'query' })
    const browser = application.browser()
    await signIn(vendor, browser, { login, tenant: 'globex' })
    const { session } = await application.auth.getSession(request(browser))
    expect(application.auth.formActionOrigins(session)).toEqual([`http://*.${vendor.domain}`])
  })
})

describe('a profile function', () => {
  const bad: readonly [string, NonNullable<WristbandMountOptions['profile']>][] = [
    [
      'throws',
      () => {
        throw new Error('ada@acme.example')
      },
    ],
    ['returns nothing', () => undefined as never],
    ['returns a list', () => [] as never],
    ['returns a promise', () => Promise.resolve({ name: 'Ada' }) as never],
    ['returns a promise that fails', () => Promise.reject(new Error('ada@acme.example')) as never],
    ['returns a promise that never settles', () => new Promise(() => {}) as never],
    ['returns another thing as JSON', () => ({ toJSON: () => 7 }) as never],
    ['returns nothing as JSON', () => ({ toJSON: () => undefined }) as never],
    ['returns a name of another type', () => ({ name: 7 }) as never],
    ['returns roles that are none', () => ({ roles: [{ id: 'r1' }] }) as never],
    ['returns claims that are none', () => ({ customClaims: ['a'] }) as never],
    ['returns an object of a class', () => new Map() as never],
    ['returns what is no JSON', () => ({ name: 1n }) as never],
    [
      'returns a circle',
      () => {
        const circle: Record<string, unknown> = {}
        circle['self'] = circle
        return circle
      },
    ],
    ['returns too much', () => ({ name: 'x'.repeat(20_000) })],
  ]

  it.each(bad)('that %s refuses the sign-in with a code', async (_title, profile) => {
    const app = createApp(vendor, { provider: { profile } })
    const browser = app.browser()
    const response = await signIn(vendor, browser)
    expect([response.status, codeOf(response)]).toEqual([500, 'wristband/profile_failed'])
    expect(await hasSession(browser)).toBe(false)
    expect(JSON.stringify(app.events)).not.toContain('ada@acme.example')
  })

  it.each(bad)('that %s at a refresh leaves the profile as it was; the tokens are new', async (_title, profile) => {
    let isBad = false
    const app = createApp(vendor, {
      provider: { profile: (...claims) => (isBad ? profile(...claims) : { name: 'Ada' }) },
    })
    const browser = app.browser()
    await signIn(vendor, browser)
    isBad = true
    for (const time of [1800, 3600]) {
      vendor.time = now + time
      expect(await read(app, browser)).toMatchObject({ profile: { name: 'Ada' } })
    }
    expect(app.events).toContainEqual(
      expect.objectContaining({
        type: 'provider.profile_kept',
        provider: 'wristband',
        code: 'wristband/profile_failed',
      }),
    )
    expect(app.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(2)
  })

  it('whose profile grows past the session at a refresh leaves it as it was; the user stays signed in', async () => {
    let size = 10
    const profile = () => ({ name: 'x'.repeat(size) })
    const app = createApp(vendor, { provider: { profile } })
    const browser = app.browser()
    await signIn(vendor, browser)
    size = 9000
    for (const time of [1800, 3600, 5400]) {
      vendor.time = now + time
      expect(await read(app, browser)).toMatchObject({ profile: { name: 'x'.repeat(10) } })
    }
    expect(app.events).toContainEqual(
      expect.objectContaining({
        type: 'session.profile_kept',
        code: 'core/session_too_large',
        hint: expect.stringContaining('identities.wristband'),
      }),
    )
    expect(app.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(3)
  })

  it('whose profile does not fit at a sign-in refuses it with a code', async () => {
    const app = createApp(vendor, { provider: { profile: () => ({ name: 'x'.repeat(9000) }) } })
    const browser = app.browser()
    const response = await signIn(vendor, browser)
    expect([response.status, codeOf(response)]).toEqual([500, 'core/session_too_large'])
    expect(await hasSession(browser)).toBe(false)
  })

  it('does not say where the user signs out', async () => {
    const profile = () => ({ tenantCustomDomain: 'evil.example', roles: null as never })
    const app = createApp(vendor, { provider: { profile } })
    const browser = app.browser()
    await signIn(vendor, browser)
    vendor.time = now + 1800
    expect((await read(app, browser))?.profile).toEqual({})
    expect(locationOf(await browser.submit('/auth/logout')).host).toBe(`acme.${vendor.domain}`)
  })

  it('is given what is signed apart; by default what is signed wins', async () => {
    vendor.behaviour.idToken = withClaims((claims) => ({ ...claims, email: 'ada@acme.example', email_verified: false }))
    vendor.behaviour.userinfo = (claims) => ({ ...claims, email: 'ada@acme.example', email_verified: true })
    const seen: unknown[] = []
    const app = createApp(vendor, {
      provider: {
        profile: (userinfo, { signed }) => {
          seen.push([userinfo['email_verified'], signed?.['email_verified']])
          return {}
        },
      },
    })
    const browser = app.browser()
    await signIn(vendor, browser)
    vendor.time = now + 1800
    vendor.behaviour.refreshedIdToken = 'none'
    await read(app, browser)
    expect(seen).toEqual([
      [true, false],
      [true, undefined],
    ])
    const plain = createApp(vendor)
    const other = plain.browser()
    await signIn(vendor, other)
    expect((await read(plain, other))?.profile).toMatchObject({ email: 'ada@acme.example', emailVerified: false })
  })

  it('does not get at what we hold, and what it keeps does not get at us', async () => {
    const held = { name: 'Ada' }
    const app = createApp(vendor, {
      provider: {
        profile: (claims) => {
          Object.assign(claims, { sub: 'mallory', tnt_id: 'id-of-globex' })
          return held
        },
      },
    })
    const browser = app.browser()
    await signIn(vendor, browser)
    held.name = 'Mallory'
    expect(await read(app, browser)).toMatchObject({
      subject: 'user-1',
      tenant: { id: 'id-of-acme' },
      profile: { name: 'Ada' },
    })
  })
})
