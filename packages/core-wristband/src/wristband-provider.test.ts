import { readFileSync } from 'node:fs'
import { type Auth, type AuthEvent, createAuth } from '@latchkey/core'
import { createTestBrowser, type TestBrowser } from '@latchkey/testkit'
import { happeningsIn } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, giveCookies, hasSession, locationOf, pathOf } from '../test/app.ts'
import { clientId, clientSecret, now, startVendor, type Vendor } from '../test/vendor.ts'
import { createWristbandClient } from './client/wristband-client.ts'
import { type WristbandProviderOptions, wristbandProvider } from './wristband-provider.ts'

const origin = 'https://invo.example'
const tenantIds = new Map([
  ['acme', 'id-of-acme'],
  ['globex', 'id-of-globex'],
])
let vendor: Vendor
let auth: Auth
let browser: TestBrowser
let events: AuthEvent[]
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => {
  vendor.reset()
  events = []
  auth = createApp()
  browser = createBrowser(auth, origin)
})

function createApp(tenancy: WristbandProviderOptions['tenancy'] = { kind: 'query' }): Auth {
  const client = createWristbandClient({
    clientId,
    clientSecret,
    applicationDomain: vendor.domain,
    resolveTenantId: ({ name = '' }) => tenantIds.get(name) ?? null,
    clock: () => now,
  })
  return createAuth({
    baseUrl: origin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    providers: [wristbandProvider({ client, tenancy })],
    onEvent: happeningsIn(events),
    clock: () => now,
  })
}

/** Begins at our login route; what the vendor's page then sends the browser back to. */
async function callbackOf(query = 'tenant_name=acme', answer?: Parameters<Vendor['authorize']>[1]): Promise<URL> {
  const response = await browser.open(`/auth/wristband/login?${query}`)
  expect(response.status).toBe(303)
  return vendor.authorize(locationOf(response), answer)
}

function createBrowser(of: Auth, at: string): TestBrowser {
  return createTestBrowser({ origin: at, answer: of.handle, clock: () => now })
}

describe('the login route', () => {
  it('sends the browser to the tenant’s own host and remembers the sign-in in one sealed cookie', async () => {
    const response = await browser.open(
      '/auth/wristband/login?tenant_name=Acme&login_hint=ada@acme.example&idp_hint=okta',
    )
    const url = locationOf(response)
    expect(url.origin).toBe(`http://acme.${vendor.domain}`)
    expect(url.searchParams.get('redirect_uri')).toBe(`${origin}/auth/wristband/callback`)
    expect(url.searchParams.get('login_hint')).toBe('ada@acme.example')
    expect(url.searchParams.get('idp_hint')).toBe('okta')
    expect(browser.cookies.names()).toEqual([expect.stringMatching(/^__Host-latchkey.wristband./)])
    expect(vendor.calls()).toEqual([])
  })

  it('uses the default tenant where the query names none', async () => {
    browser = createBrowser(createApp({ kind: 'query', default: 'globex' }), origin)
    expect(locationOf(await browser.open('/auth/wristband/login')).host).toBe(`globex.${vendor.domain}`)
    const named = await browser.open('/auth/wristband/login?tenant_name=acme')
    expect(locationOf(named).host).toBe(`acme.${vendor.domain}`)
  })

  it.each([
    ['tenant_name=acme&prompt=consent', 'wristband/parameter_invalid', 400],
    ['tenant_name=acme&max_age=-1', 'wristband/parameter_invalid', 400],
    ['tenant_name=acme&max_age=0&prompt=none', 'wristband/parameter_invalid', 400],
    ['tenant_name=acme&prompt=login&prompt=none', 'wristband/duplicate_parameter', 400],
    ['tenant_custom_domain=login.acme.example', 'wristband/custom_domain_not_allowed', 403],
    ['tenant_custom_domain=evil.example/', 'wristband/custom_domain_invalid', 400],
    ['tenant_name=initech', 'wristband/tenant_unknown', 404],
    ['tenant_name=acme&tenant_name=evil', 'wristband/duplicate_parameter', 400],
    ['tenant_name=acme&login_hint=a&login_hint=b', 'wristband/duplicate_parameter', 400],
    ['tenant_name=acme&idp_hint=a&idp_hint=b', 'wristband/duplicate_parameter', 400],
    ['tenant_name=acme&return_url=/a&return_url=/b', 'wristband/duplicate_parameter', 400],
    [`tenant_name=acme&login_hint=${'x'.repeat(321)}`, 'wristband/hint_too_long', 400],
    ['tenant_name=acme&return_url=//evil.example', 'auth/return_url_invalid', 400],
  ])('refuses the query %j and mints nothing', async (query, code, status) => {
    const response = await browser.open(`/auth/wristband/login?${query}`)
    expect(response.status).toBe(status)
    expect(codeOf(response)).toBe(code)
    expect(browser.cookies.names()).toEqual([])
  })

  const vectors = new URL('../test/vectors/tenant-names.json', import.meta.url)
  const { reject } = JSON.parse(readFileSync(vectors, 'utf8')) as { reject: readonly string[] }
  it.each(reject)('refuses the tenant %j, also where there is a default one', async (name) => {
    browser = createBrowser(createApp({ kind: 'query', default: 'acme' }), origin)
    const response = await browser.open(`/auth/wristband/login?${new URLSearchParams({ tenant_name: name })}`)
    expect(codeOf(response)).toBe('wristband/tenant_name_invalid')
    expect(browser.cookies.names()).toEqual([])
  })
})

describe('the callback route', () => {
  it('signs a user in and returns to where they began', async () => {
    const callback = await callbackOf('tenant_name=acme&return_url=/invoices%3Fopen=1')
    const response = await browser.open(pathOf(callback))
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/invoices?open=1')
    expect(browser.cookies.names()).toEqual(['__Host-latchkey'])
    expect((await browser.open('/auth/session')).json()).toMatchObject({
      signedIn: true,
      identities: {
        wristband: { subject: 'user-1', tenant: { id: 'id-of-acme', name: 'acme' }, name: 'Ada Example' },
      },
    })
  })

  it('gives the identity its type, and the session no token', async () => {
    await browser.open(pathOf(await callbackOf()))
    const cookie = browser.cookies.header()
    const { session } = await auth.getSession(new Request(origin, { headers: { cookie } }), { readOnly: true })
    const user = session?.identities.wristband
    expect(user?.profile.name satisfies string | undefined).toBe('Ada Example')
    expect(JSON.stringify(session)).not.toMatch(/eyJ|refresh/)
  })

  it('rebuilds the callback on our own origin, whatever host the request names', async () => {
    const callback = await callbackOf()
    const evil = createBrowser(auth, 'https://evil.example')
    giveCookies(browser, evil)
    expect((await evil.open(pathOf(callback))).status).toBe(303)
    const token = vendor.journal.find((entry) => entry.path.endsWith('/token'))
    expect(new URLSearchParams(token?.body).get('redirect_uri')).toBe(`${origin}/auth/wristband/callback`)
  })

  it('refuses a state that is missing or not ours, and redeems nothing', async () => {
    const callback = await callbackOf()
    const without = new URL(callback)
    without.searchParams.delete('state')
    expect((await browser.open(pathOf(without))).status).toBe(400)
    const forged = new URL(callback)
    forged.searchParams.set('state', `${callback.searchParams.get('state')}x`)
    expect((await browser.open(pathOf(forged))).status).toBe(400)
    expect(vendor.calls()).toEqual([])
    expect(await hasSession(browser)).toBe(false)
  })

  it('begins again, once, with the state of another browser', async () => {
    const callback = await callbackOf()
    const other = createBrowser(auth, origin)
    const response = await other.open(pathOf(callback))
    const again = locationOf(response)
    expect(again.pathname).toBe('/auth/wristband/login')
    expect(again.searchParams.get('tenant_name')).toBe('acme')
    expect(vendor.calls()).toEqual([])
    expect(await hasSession(other)).toBe(false)

    const second = vendor.authorize(locationOf(await other.open(pathOf(again))))
    const emptied = createBrowser(auth, origin)
    const refusal = await emptied.open(pathOf(second))
    expect([refusal.status, codeOf(refusal)]).toEqual([400, 'wristband/missing_login_state'])
  })

  it('keeps the return target over a restart', async () => {
    const callback = await callbackOf('tenant_name=acme&return_url=/invoices')
    callback.searchParams.delete('code')
    callback.searchParams.set('error', 'login_required')
    const again = locationOf(await browser.open(pathOf(callback)))
    expect(again.searchParams.get('return_url')).toBe('/invoices')
    expect(again.searchParams.get('tenant_name')).toBe('acme')
  })

  it('redeems a callback once, and answers it again as before', async () => {
    const callback = await callbackOf()
    const copy = browser.copy()
    const first = await browser.open(pathOf(callback))
    const second = await copy.open(pathOf(callback))
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(vendor.calls()).toEqual(['token', 'userinfo'])
  })

  it('refuses the code of another tenant before any session is there', async () => {
    const add = { tenant_name: 'acme' }
    const response = await browser.open(pathOf(await callbackOf('tenant_name=acme', { tenant: 'evil', add })))
    expect([response.status, codeOf(response)]).toEqual([403, 'wristband/tenant_mismatch'])
    expect(browser.cookies.names()).toEqual([])
    expect(vendor.calls()).not.toContain('userinfo')
  })
})

describe('sign-out', () => {
  it('ends the sign-on at the user’s own tenant and comes back', async () => {
    browser = createBrowser(createApp({ kind: 'query', default: 'globex' }), origin)
    await browser.open(pathOf(await callbackOf()))
    const response = await browser.submit('/auth/logout', { return_url: '/bye' })
    const url = locationOf(response)
    expect(url.origin + url.pathname).toBe(`http://acme.${vendor.domain}/api/v1/logout`)
    expect(url.searchParams.get('redirect_url')).toBe(`${origin}/auth/logout/next`)
    expect(await hasSession(browser)).toBe(false)
    expect((await browser.open('/auth/logout/next')).headers.get('location')).toBe('/bye')
  })

  it('tells a page’s CSP where its form ends', async () => {
    await browser.open(pathOf(await callbackOf()))
    const cookie = browser.cookies.header()
    const { session } = await auth.getSession(new Request(origin, { headers: { cookie } }), { readOnly: true })
    expect(auth.formActionOrigins(session)).toEqual([`http://acme.${vendor.domain}`])
    expect(auth.formActionOrigins(null)).toEqual([])
  })

  it('tells it both forms of the host while it does not know which one is right', async () => {
    vendor.behaviour.sdkConfiguration = { isApplicationCustomDomainActive: false }
    const options = { clientId, clientSecret, applicationDomain: 'auth.invo.example', autoConfigure: true }
    const { formActionOrigins } = wristbandProvider({
      client: createWristbandClient(options),
      tenancy: { kind: 'query' },
    }).mount({
      origins: {},
      basePath: '/auth',
    } as never)
    const user = { tenant: { id: 'id-of-acme', name: 'acme' }, profile: {} }
    expect(formActionOrigins?.({ identities: { wristband: user } } as never)).toEqual([
      'https://acme-auth.invo.example',
      'https://acme.auth.invo.example',
    ])
  })

  it('revokes the refresh token first', async () => {
    await browser.open(pathOf(await callbackOf()))
    await browser.submit('/auth/logout')
    const revoked = vendor.journal.find(({ path }) => path.endsWith('/revoke'))
    expect(new URLSearchParams(revoked?.body).get('token')).toMatch(/^example-refresh-token/)
  })

  it('ends our session and goes on where the revocation fails, and reports it', async () => {
    await browser.open(pathOf(await callbackOf()))
    vendor.behaviour.fault = (path) => (path === 'revoke' ? { status: 503, body: {} } : undefined)
    const response = await browser.submit('/auth/logout')
    expect(locationOf(response).pathname).toBe('/api/v1/logout')
    expect(await hasSession(browser)).toBe(false)
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'provider.sign_out_failed', code: 'oidc/revocation_failed' }),
    )
  })

  it('goes to the default tenant where no name is proven, and to no one without one', async () => {
    const client = createWristbandClient({ clientId, clientSecret, applicationDomain: vendor.domain })
    const identity = {
      provider: 'wristband',
      issuer: vendor.origin,
      subject: 'user-1',
      signedInAt: now,
      profile: {},
    } as const
    const returnTo = new URL('/auth/logout/next', origin)
    const signOut = async (tenancy: WristbandProviderOptions['tenancy']) => {
      const host = { origins: {}, basePath: '/auth', clock: () => now }
      return wristbandProvider({ client, tenancy })
        .mount(host as never)
        .signOut?.(null, identity, { returnTo })
    }
    expect((await signOut({ kind: 'query', default: 'acme' }))?.url?.host).toBe(`acme.${vendor.domain}`)
    expect(await signOut({ kind: 'query' })).toEqual({})
  })
})

describe('wristbandProvider', () => {
  const client = createWristbandClient({ clientId, clientSecret, applicationDomain: 'invo.us.wristband.dev' })

  it.each([
    ['client', { client: {} }],
    ['kind', { tenancy: { kind: 'cookie' } }],
    ['kind', { tenancy: { kind: 'constructor' } }],
    ['default', { tenancy: { kind: 'query', default: 'acme.evil' } }],
    ['tenant', { tenancy: { kind: 'single', tenant: '' } }],
    ['tenancy', { tenancy: { kind: 'subdomain' } }],
    ['default', { tenancy: { kind: 'single', tenant: 'acme', default: 'acme' } }],
    ['tenantCustomDomains', { tenantCustomDomains: ['https://login.acme.example'] }],
    ['tenantCustomDomains', { tenantCustomDomains: 'all' }],
    ['exposeAccessToken', { exposeAccessToken: 'yes' }],
    ['fallback', { tenancy: { kind: 'query', fallback: 'acme' } }],
    ['tenants', { tenants: [] }],
  ])('refuses a wrong %s', (option, wrong) => {
    expect(() => wristbandProvider({ client, tenancy: { kind: 'query' }, ...wrong } as never)).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: expect.objectContaining({ option }) }),
    )
  })
})
