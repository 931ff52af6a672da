import type { AuthProvider, Identity } from '@latchkey/core'
import type { TestBrowser } from '@latchkey/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type App, type AppOptions, createApp, hasSession, signIn, tenantIds } from './app.ts'
import { type Answer, now, startVendor, type Vendor, withClaims } from './vendor.ts'

declare module '@latchkey/core' {
  interface Identities {
    portal: Identity<'portal'>
  }
}

let vendor: Vendor
let app: App
let browser: TestBrowser
let cookie: string
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => signedIn())

/** An app with Ada signed in, and a vendor that was called for nothing since. */
async function signedIn(options: AppOptions = {}): Promise<void> {
  vendor.reset()
  app = createApp(vendor, options)
  browser = app.browser()
  await signIn(vendor, browser)
  cookie = browser.cookies.header()
  vendor.journal.length = 0
  app.events.length = 0
}

const incoming = (sent = cookie): Request => new Request('https://invo.example/api', { headers: { cookie: sent } })
const require = (sent?: string) => app.auth.requireSession(incoming(sent))
const tokens = (sent?: string) => app.auth.getAccessToken(incoming(sent), 'wristband')
const isSignedIn = async (sent?: string) => (await app.auth.getSession(incoming(sent))).session !== null
const tokenCalls = () => vendor.calls().filter((call) => call === 'token').length
const fail = (answer: Answer | 'drop') => {
  vendor.behaviour.fault = (path) => (path === 'token' ? answer : undefined)
}
const unavailable = { code: 'auth/tokens_unavailable', status: 503 }

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** The cookies that an answer sets, as the browser would send them next. */
function cookiesOf(headers: readonly (readonly [string, string])[]): string {
  return headers.flatMap(([name, value]) => (name === 'set-cookie' ? [value.split(';', 1)[0] ?? ''] : [])).join('; ')
}

describe('an expired session', () => {
  beforeEach(() => {
    vendor.time = now + 1800
  })

  it('is refreshed by one token call for 100 requests at once, and all of them pass', async () => {
    const grants = await Promise.all(Array.from({ length: 100 }, () => require()))
    expect(tokenCalls()).toBe(1)
    for (const { session, headers } of grants) {
      expect(session.identities.wristband?.subject).toBe('user-1')
      expect(await isSignedIn(cookiesOf(headers))).toBe(true)
    }
    expect(app.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(1)
  })

  it('gives all who ask for its tokens the same new ones', async () => {
    const readings = await Promise.all(Array.from({ length: 100 }, () => tokens()))
    expect(tokenCalls()).toBe(1)
    expect(new Set(readings.map((reading) => reading.accessToken)).size).toBe(1)
    expect(readings[0]?.expiresAt).toBe(now + 3600)
  })

  it('is given to late requests with the old cookie for 5 minutes, and not after', async () => {
    const refreshed = cookiesOf((await require()).headers)
    const { accessToken } = await tokens(refreshed)
    vendor.time += 299
    const late = await tokens()
    expect(late.accessToken).toBe(accessToken)
    vendor.time += 1
    await expect(require()).rejects.toMatchObject({ code: 'auth/session_required' })
    expect(tokenCalls()).toBe(1)
    expect(await isSignedIn(refreshed)).toBe(true)
  })

  it('waits for nothing that can be answered without the vendor', async () => {
    fail({ status: 503, body: {} })
    await require()
    await require()
    expect(tokenCalls()).toBe(1)
  })
})

describe('a session whose tokens are good for another minute', () => {
  beforeEach(() => {
    vendor.time = now + 1740
  })

  it('is left alone before that', async () => {
    vendor.time = now + 1739
    expect(cookiesOf((await require()).headers)).toBe('')
    expect(vendor.calls()).toEqual([])
  })

  it('does not wait while another request refreshes it', async () => {
    const asked = deferred<void>()
    const answered = deferred<undefined>()
    vendor.behaviour.fault = (path) => {
      if (path !== 'token') return undefined
      asked.resolve()
      return answered.promise
    }
    const first = tokens()
    await asked.promise
    const others = await Promise.all(Array.from({ length: 20 }, () => tokens()))
    for (const other of others) expect(other.expiresAt).toBe(now + 1800)
    answered.resolve(undefined)
    expect((await first).expiresAt).toBe(now + 3540)
    expect(tokenCalls()).toBe(1)
  })

  it('keeps its tokens while the vendor fails', async () => {
    fail({ status: 503, body: {} })
    expect((await tokens()).expiresAt).toBe(now + 1800)
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'provider.refresh_failed', code: 'oidc/token_request_failed' }),
    )
  })
})

describe('a vendor that fails', () => {
  beforeEach(() => {
    vendor.time = now + 1800
  })

  it('is tried again after 5 seconds, then after twice as long each time', async () => {
    fail({ status: 503, body: {} })
    const callsAt: number[] = []
    for (let second = 0; second < 40; second += 1) {
      vendor.time = now + 1800 + second
      const before = tokenCalls()
      await expect(tokens()).rejects.toMatchObject(unavailable)
      if (tokenCalls() > before) callsAt.push(second)
    }
    expect(callsAt).toEqual([0, 5, 15, 35])
    expect(await isSignedIn()).toBe(true)
    vendor.behaviour.fault = null
    vendor.time = now + 1800 + 75
    expect((await tokens()).expiresAt).toBe(vendor.time + 1800)
  })

  it.each([
    ['seconds', '120'],
    ['a date', new Date((now + 1920) * 1000).toUTCString()],
  ])('is not tried before it asks for, by %s', async (_title, header) => {
    // A date counts from the vendor's own time.
    const date = new Date(vendor.time * 1000).toUTCString()
    fail({ status: 429, body: { error: 'invalid_grant' }, headers: { 'retry-after': header, date } })
    for (const seconds of [0, 60, 119]) {
      vendor.time = now + 1800 + seconds
      await expect(tokens()).rejects.toMatchObject(unavailable)
    }
    expect(tokenCalls()).toBe(1)
    vendor.behaviour.fault = null
    vendor.time = now + 1920
    await tokens()
    expect(tokenCalls()).toBe(2)
  })

  it('that loses its answer costs the session only where it has spent the token and takes no other', async () => {
    fail('drop')
    await expect(tokens()).rejects.toMatchObject(unavailable)
    expect(await isSignedIn()).toBe(true)
    vendor.behaviour.fault = null
    vendor.time += 5
    expect(await isSignedIn()).toBe(false)

    await signedIn()
    vendor.behaviour.rotation = 'keep'
    vendor.time = now + 1800
    fail('drop')
    await expect(tokens()).rejects.toMatchObject(unavailable)
    vendor.behaviour.fault = null
    vendor.time += 5
    expect((await tokens()).expiresAt).toBe(vendor.time + 1800)
  })

  it('that refuses the client, or the grant, ends no session', async () => {
    for (const answer of [
      { status: 401, body: { error: 'invalid_client' } },
      { status: 400, body: { error: 'unsupported_grant_type' } },
    ]) {
      fail(answer)
      await expect(tokens()).rejects.toMatchObject(unavailable)
      expect(await isSignedIn()).toBe(true)
      vendor.time += 60
    }
  })

  describe('by never answering', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
    afterEach(() => void vi.useRealTimers())

    it('ends no session, and holds up no request for longer than the deadline', async () => {
      const asked = deferred<void>()
      vendor.behaviour.fault = (path) => {
        if (path !== 'token') return undefined
        asked.resolve()
        return new Promise(() => {})
      }
      const refused = expect(tokens()).rejects.toMatchObject(unavailable)
      await asked.promise
      await vi.advanceTimersByTimeAsync(5000)
      await refused
      expect(app.events).toContainEqual(expect.objectContaining({ code: 'core/vendor_timeout' }))
      expect(await isSignedIn()).toBe(true)
      expect(tokenCalls()).toBe(1)
    })
  })
})

describe('a vendor that ends the sign-in', () => {
  beforeEach(() => {
    vendor.time = now + 1800
  })

  it.each([
    ['plainly', {}],
    ['behind a WWW-Authenticate header', { 'www-authenticate': 'Bearer error="invalid_token"' }],
  ])('%s ends the session, for all requests and with one call', async (_title, headers) => {
    fail({ status: 400, body: { error: 'invalid_grant' }, headers })
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => require()))
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'auth/session_required' } })
    const { session, headers: last } = await app.auth.getSession(incoming())
    expect([session, last.filter(([name]) => name === 'set-cookie')]).toEqual([null, []])
    expect(tokenCalls()).toBe(1)
    expect(app.events.filter(({ type }) => type === 'session.ended')).toHaveLength(1)
  })

  it('removes the session’s cookie from the browser', async () => {
    fail({ status: 400, body: { error: 'invalid_grant' } })
    const { headers } = await app.auth.getSession(incoming())
    expect(headers.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', expect.stringMatching(/^__Host-latchkey=;.*Max-Age=0/i)],
    ])
  })

  it.each([
    ['another subject in the ID token', 'idToken', { sub: 'user-2' }],
    ['another subject in the access token', 'accessToken', { sub: 'user-2' }],
    ['another issuer', 'idToken', { iss: 'https://evil.example' }],
    ['another audience', 'idToken', { aud: 'another-client' }],
    ['another nonce', 'idToken', { nonce: 'another' }],
    ['another tenant in the ID token', 'idToken', { tnt_id: 'id-of-globex' }],
    ['another tenant in the access token', 'accessToken', { tnt_id: 'id-of-globex' }],
  ] as const)('by %s ends the session and calls nothing more', async (_title, token, changes) => {
    vendor.behaviour[token] = withClaims((claims) => ({ ...claims, ...changes }))
    expect(await isSignedIn()).toBe(false)
    expect(vendor.calls()).toEqual(['token'])
    expect(app.events).toContainEqual(expect.objectContaining({ type: 'session.ended' }))
  })

  it('by moving the user to another tenant, or describing somebody else, ends the session', async () => {
    vendor.behaviour.tenantOnRefresh = 'globex'
    expect(await isSignedIn()).toBe(false)
    for (const changes of [{ sub: 'user-2' }, { tnt_id: 'id-of-globex' }]) {
      await signedIn()
      vendor.time = now + 1800
      vendor.behaviour.userinfo = (claims) => ({ ...claims, ...changes })
      expect(await isSignedIn()).toBe(false)
    }
  })
})

describe('the tenant at a refresh', () => {
  it('ends the session where the app’s record no longer has it, and spends nothing', async () => {
    const record = new Map(tenantIds)
    await signedIn({
      client: { resolveTenantId: ({ name = '' }) => record.get(name) ?? null },
    })
    record.delete('acme')
    vendor.time = now + 1800
    expect(await isSignedIn()).toBe(false)
    expect(vendor.calls()).toEqual([])
  })

  it('ends nothing where the app’s record cannot be read', async () => {
    let isBroken = false
    await signedIn({
      client: {
        resolveTenantId: async ({ name = '' }) => {
          if (isBroken) throw new Error('database')
          return tenantIds.get(name) ?? null
        },
      },
    })
    isBroken = true
    vendor.time = now + 1800
    expect(await isSignedIn()).toBe(true)
    await expect(tokens()).rejects.toMatchObject(unavailable)
    expect(vendor.calls()).toEqual([])
  })

  it('is asked of userinfo where tokens do not name it', async () => {
    await signedInWith({ accessToken: 'opaque', refreshedIdToken: 'none' })
    vendor.time = now + 1800
    expect(await isSignedIn()).toBe(true)
    await signedInWith({ accessToken: 'opaque', refreshedIdToken: 'none' })
    vendor.time = now + 1800
    vendor.behaviour.userinfo = ({ tnt_id: _tenant, ...claims }) => claims
    expect(await isSignedIn()).toBe(false)
  })

  async function signedInWith(behaviour: Partial<Vendor['behaviour']>): Promise<void> {
    await signedIn()
    Object.assign(vendor.behaviour, behaviour)
  }
})

describe('a refresh', () => {
  it('brings the profile up to date, and keeps where the user signed in', async () => {
    const customDomain = 'login.acme.example'
    await signedIn({ provider: { tenantCustomDomains: [customDomain] } })
    browser = app.browser()
    await signIn(vendor, browser, {
      login: `/auth/wristband/login?tenant_custom_domain=${customDomain}`,
      tenant: 'acme',
    })
    vendor.time = now + 1800
    vendor.behaviour.userinfo = (claims) => ({ ...claims, roles: [{ id: 'r1', name: 'reader' }] })
    const { session } = await require(browser.cookies.header())
    expect(session.identities.wristband?.profile).toEqual({
      name: 'Ada Example',
      roles: [{ id: 'r1', name: 'reader' }],
      tenantCustomDomain: customDomain,
    })
  })

  it('never moves the moment at which the user authenticated', async () => {
    const before = (await require()).session.identities.wristband
    vendor.time = now + 1800
    const after = (await require()).session.identities.wristband
    expect(after).toMatchObject({ authenticatedAt: before?.authenticatedAt, signedInAt: before?.signedInAt })
  })

  it('keeps the profile where userinfo fails or cannot be read', async () => {
    for (const answer of [
      { status: 503, body: {} },
      { status: 200, body: { sub: 'user-1', roles: 'admin' } },
    ]) {
      await signedIn()
      vendor.time = now + 1800
      vendor.behaviour.fault = (path) => (path === 'userinfo' ? answer : undefined)
      const { session, headers } = await require()
      expect(session.identities.wristband?.profile).toEqual({ name: 'Ada Example' })
      expect((await tokens(cookiesOf(headers))).expiresAt).toBe(now + 3600)
    }
  })

  it.each(['keep', 'omit'] as const)(
    'follows another where the vendor says %s for the refresh token',
    async (rotation) => {
      vendor.behaviour.rotation = rotation
      vendor.behaviour.tokenResponse = (body) => ({ ...body, expires_in: 12 })
      vendor.time = now + 1800
      const first = await tokens()
      vendor.time += 12
      const second = await tokens(cookiesOf(first.headers))
      expect(second.accessToken).not.toBe(first.accessToken)
      expect(second.expiresAt).toBe(vendor.time + 12)
      expect(tokenCalls()).toBe(2)
    },
  )
})

describe('an identity that is not the one that the session began with', () => {
  const portal: AuthProvider<'portal'> = {
    name: 'portal',
    mount: () => ({
      accountIssuers: ['https://portal.example'],
      routes: [
        {
          method: 'GET',
          path: '/login',
          accepts: 'navigation',
          handle: async (_request, { returnTarget }) => ({
            kind: 'signed-in',
            identity: { issuer: 'https://portal.example', subject: 'ada', profile: {} },
            returnTo: returnTarget(null),
          }),
        },
      ],
    }),
  }

  it('ends alone, for all requests that waited for it', async () => {
    vendor.reset()
    app = createApp(vendor, { auth: { onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }) } }, [
      portal,
    ])
    browser = app.browser()
    await browser.open('/auth/portal/login')
    await signIn(vendor, browser)
    cookie = browser.cookies.header()
    expect(Object.keys((await require()).session.identities)).toEqual(['portal', 'wristband'])

    vendor.time = now + 1800
    fail({ status: 400, body: { error: 'invalid_grant' } })
    const grants = await Promise.all(Array.from({ length: 20 }, () => require()))
    for (const { session, headers } of grants) {
      expect(Object.keys(session.identities)).toEqual(['portal'])
      expect(await isSignedIn(cookiesOf(headers))).toBe(true)
    }
    expect(app.events.filter(({ type }) => type === 'provider.identity_ended')).toHaveLength(1)
  })
})

describe('a slow request', () => {
  /** Opens the session when half its idle time is gone, so that its answer would write it again. */
  async function slowRequest() {
    await signedIn({ auth: { session: { strategy: 'cookie', idleSeconds: 3000 } } })
    vendor.time = now + 1739
    return require()
  }

  it('writes the session again where nothing has happened', async () => {
    expect(cookiesOf((await slowRequest()).headers)).toMatch(/^__Host-latchkey=./)
  })

  it('does not bring the session from before a refresh back', async () => {
    const slow = await slowRequest()
    vendor.time = now + 1740
    const refreshed = cookiesOf((await require()).headers)
    expect(await isSignedIn(refreshed)).toBe(true)
    expect(cookiesOf(slow.headers)).toBe('')
  })

  it('does not bring the session from before a fresh sign-in back', async () => {
    const slow = await slowRequest()
    await signIn(vendor, browser, { login: '/auth/wristband/login?prompt=login' })
    expect(await hasSession(browser)).toBe(true)
    expect(cookiesOf(slow.headers)).toBe('')
    expect(await isSignedIn()).toBe(false)
  })

  it('does not bring the session from before a sign-out back', async () => {
    const slow = await slowRequest()
    await browser.submit('/auth/logout')
    expect(cookiesOf(slow.headers)).toBe('')
    expect(await isSignedIn()).toBe(false)
  })

  it('that refreshes does not bring the session from before a sign-out back', async () => {
    vendor.time = now + 1800
    const asked = deferred<void>()
    const answered = deferred<undefined>()
    vendor.behaviour.fault = (path) => {
      if (path !== 'token') return undefined
      asked.resolve()
      return answered.promise
    }
    const slow = app.auth.getSession(incoming())
    await asked.promise
    await browser.submit('/auth/logout')
    answered.resolve(undefined)
    const { session, headers } = await slow
    expect([session, cookiesOf(headers)]).toEqual([null, ''])
    expect(await isSignedIn()).toBe(false)
  })
})
