import type { TestBrowser } from '@latchkey/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type App,
  type AppOptions,
  codeOf,
  createApp,
  giveCookies,
  hasSession,
  locationOf,
  pathOf,
  signIn,
} from './app.ts'
import { startVendor, type Vendor } from './vendor.ts'

let vendor: Vendor
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => vendor.reset())

const login = '/auth/wristband/login'

describe('subdomain tenancy', () => {
  const apex = 'https://invo.example'
  const acme = 'https://acme.invo.example'
  let app: App
  let browser: TestBrowser
  const createTenants = (options: AppOptions = {}): App =>
    createApp(vendor, {
      ...options,
      provider: { tenancy: { kind: 'subdomain' }, ...options.provider },
      auth: { baseUrl: [apex, 'https://{tenant}.invo.example'], ...options.auth },
    })
  beforeEach(() => {
    app = createTenants()
    browser = app.browser(acme)
  })
  const tokenForm = (): URLSearchParams =>
    new URLSearchParams(vendor.journal.find(({ path }) => path.endsWith('/token'))?.body)

  it('signs in at the tenant of the host, with the redirect URI that is registered for all tenants', async () => {
    const url = locationOf(await browser.open(login))
    expect(url.host).toBe(`acme.${vendor.domain}`)
    const registered = 'https://{tenant_name}.invo.example/auth/wristband/callback'
    expect(url.searchParams.get('redirect_uri')).toBe(registered)
    const callback = vendor.authorize(url)
    expect(callback.origin).toBe(acme)
    expect((await browser.open(pathOf(callback))).status).toBe(303)
    expect(tokenForm().get('redirect_uri')).toBe(registered)
    expect((await browser.open('/auth/session')).json()).toMatchObject({
      identities: { wristband: { tenant: { id: 'id-of-acme', name: 'acme' } } },
    })
  })

  it('mints nothing on the apex, and goes to the application’s login page', async () => {
    const visitor = app.browser(apex)
    const url = locationOf(await visitor.open(login))
    expect(url.origin + url.pathname).toBe(`${vendor.origin}/login`)
    expect([...url.searchParams.keys()]).toEqual(['client_id', 'state'])
    expect(visitor.cookies.names()).toEqual([])
  })

  it('mints nothing there either where a login could begin without a tenant, or at a domain', async () => {
    const { browser: open } = createTenants({
      client: { applicationAuthorization: true, loginPageUrl: 'https://www.invo.example/find' },
      provider: { tenantCustomDomains: ['login.acme.example'] },
    })
    for (const query of ['', '?tenant_custom_domain=login.acme.example']) {
      const visitor = open(apex)
      expect(locationOf(await visitor.open(login + query)).host).toBe('www.invo.example')
      expect(visitor.cookies.names()).toEqual([])
    }
  })

  it('sends a login on the apex that names a tenant on to the tenant’s own host', async () => {
    const visitor = app.browser(apex)
    const response = await visitor.open(`${login}?tenant_name=Acme&return_url=/invoices`)
    expect(response.headers.get('location')).toBe(`${acme}${login}?tenant_name=Acme&return_url=/invoices`)
    expect(visitor.cookies.names()).toEqual([])
  })

  it('refuses another tenant’s name on a tenant’s host, and takes its own', async () => {
    expect((await browser.open(`${login}?tenant_name=ACME`)).status).toBe(303)
    const refused = await browser.open(`${login}?tenant_name=globex`)
    expect([refused.status, codeOf(refused)]).toEqual([403, 'wristband/tenant_mismatch'])
  })

  it('refuses the code of another tenant', async () => {
    const url = locationOf(await browser.open(login))
    const callback = vendor.authorize(url, { tenant: 'globex' })
    expect(callback.host).toBe('globex.invo.example')
    const response = await browser.open(pathOf(callback))
    expect([response.status, codeOf(response)]).toEqual([403, 'wristband/tenant_mismatch'])
    expect(await hasSession(browser)).toBe(false)
    expect(vendor.calls()).not.toContain('userinfo')
  })

  it('refuses the callback on another tenant’s host', async () => {
    const callback = vendor.authorize(locationOf(await browser.open(login)))
    const other = app.browser('https://globex.invo.example')
    giveCookies(browser, other)
    expect(codeOf(await other.open(pathOf(callback)))).toBe('wristband/invalid_state')
    expect(vendor.calls()).toEqual([])
  })

  it('holds a session to its own tenant’s host at every read', async () => {
    await signIn(vendor, browser)
    const read = async (host: string) => {
      const incoming = new Request(`https://${host}/`, { headers: { cookie: browser.cookies.header() } })
      return (await app.auth.getSession(incoming, { readOnly: true })).session
    }
    expect(await read('acme.invo.example')).not.toBeNull()
    for (const host of ['globex.invo.example', 'invo.example']) expect(await read(host)).toBeNull()
  })

  it('holds no session whose tenant is not proven, or is called otherwise by now', async () => {
    const secret = 'an-example-secret-of-32-bytes-or-more'
    const before = createApp(vendor, {
      provider: { tenancy: { kind: 'query', default: 'globex' } },
      auth: { baseUrl: [apex, 'https://{tenant}.invo.example'], secret },
    })
    const visitor = before.browser(acme)
    await signIn(vendor, visitor)
    expect(await hasSession(visitor)).toBe(true)
    const now = createTenants({ auth: { baseUrl: [apex, 'https://{tenant}.invo.example'], secret } }).browser(acme)
    giveCookies(visitor, now)
    expect(await hasSession(now)).toBe(false)
  })

  it('needs a host for each tenant', () => {
    expect(() => createTenants({ auth: { baseUrl: apex } })).toThrow(
      expect.objectContaining({
        code: 'core/invalid_option',
        cause: { factory: 'wristbandProvider', option: 'tenancy' },
      }),
    )
  })
})

describe('single tenancy', () => {
  const single = (options: AppOptions = {}) =>
    createApp(vendor, { ...options, provider: { tenancy: { kind: 'single', tenant: 'Acme' } } })

  /** Without a record of tenants: the tenancy names the id. */
  const provenById = (options: AppOptions = {}) =>
    createApp(vendor, {
      ...options,
      client: { resolveTenantId: undefined },
      provider: { tenancy: { kind: 'single', tenant: 'Acme', tenantId: 'id-of-acme' } },
    })

  it.each([
    ['resolveTenantId', single],
    ['tenantId', provenById],
  ])('signs in at its tenant alone, proven by %s', async (_title, create) => {
    const browser = create().browser()
    expect(locationOf(await browser.open(login)).host).toBe(`acme.${vendor.domain}`)
    expect((await browser.open(`${login}?tenant_name=acme`)).status).toBe(303)
    expect(codeOf(await browser.open(`${login}?tenant_name=globex`))).toBe('wristband/tenant_mismatch')
    await signIn(vendor, browser)
    expect(await hasSession(browser)).toBe(true)
  })

  it.each([
    ['resolveTenantId', single, { tenant_name: 'acme' }],
    ['tenantId', provenById, { tenant_name: 'acme' }],
    // The host was edited in the address bar, and the callback's parameter taken out.
    ['tenantId, where the callback says nothing', provenById, {}],
  ])('refuses the code of another tenant by %s', async (_title, create, add) => {
    const browser = create().browser()
    const callback = vendor.authorize(locationOf(await browser.open(login)), { tenant: 'globex', add })
    if (!('tenant_name' in add)) callback.searchParams.delete('tenant_name')
    expect(codeOf(await browser.open(pathOf(callback)))).toBe('wristband/tenant_mismatch')
    expect(browser.cookies.names()).toEqual([])
  })

  it('does not hold what another tenant’s sign-in left behind', async () => {
    const secret = 'an-example-secret-of-32-bytes-or-more'
    const before = createApp(vendor, { auth: { secret } }).browser()
    await signIn(vendor, before, { login: `${login}?tenant_name=globex` })
    expect(await hasSession(before)).toBe(true)
    const now = single({ auth: { secret } }).browser()
    giveCookies(before, now)
    expect(await hasSession(now)).toBe(false)
  })

  it('signs out at its tenant', async () => {
    const browser = provenById().browser()
    await signIn(vendor, browser)
    expect(locationOf(await browser.submit('/auth/logout')).host).toBe(`acme.${vendor.domain}`)
  })
})

describe('query tenancy without a default', () => {
  const query = (options: AppOptions = {}) =>
    createApp(vendor, { ...options, provider: { tenancy: { kind: 'query' }, ...options.provider } })

  it('goes to the application’s login page where nobody names a tenant, and mints nothing', async () => {
    const browser = query().browser()
    const url = locationOf(await browser.open(login))
    expect(url.origin + url.pathname).toBe(`${vendor.origin}/login`)
    expect(url.searchParams.get('client_id')).toBe('example-client')
    expect(browser.cookies.names()).toEqual([])
  })

  it('keeps the return target while the user finds their tenant there', async () => {
    const browser = query().browser()
    const discovery = locationOf(await browser.open(`${login}?return_url=/payroll?month=5`))
    const state = discovery.searchParams.get('state') ?? ''
    expect(state.length).toBeLessThanOrEqual(450)
    const back = new URLSearchParams({ tenant_name: 'acme', state })
    const callback = vendor.authorize(locationOf(await browser.open(`${login}?${back}`)))
    expect((await browser.open(pathOf(callback))).headers.get('location')).toBe('/payroll?month=5')
  })

  it('drops a state of somebody else, without an error', async () => {
    const browser = query().browser()
    const back = new URLSearchParams({ tenant_name: 'acme', state: 'https://evil.example/' })
    const callback = vendor.authorize(locationOf(await browser.open(`${login}?${back}`)))
    expect((await browser.open(pathOf(callback))).headers.get('location')).toBe('/')
  })

  it('lets Wristband find the tenant where the application takes such requests', async () => {
    const browser = query({ client: { applicationAuthorization: true } }).browser()
    const url = locationOf(await browser.open(`${login}?return_url=/invoices`))
    expect(url.origin).toBe(vendor.origin)
    const response = await browser.open(pathOf(vendor.authorize(url, { tenant: 'globex' })))
    expect(response.headers.get('location')).toBe('/invoices')
    expect((await browser.open('/auth/session')).json()).toMatchObject({
      identities: { wristband: { tenant: { id: 'id-of-globex', name: 'globex' } } },
    })
  })

  it('does what Wristband says with autoConfigure', async () => {
    vendor.behaviour.sdkConfiguration = {
      isApplicationCustomDomainActive: true,
      redirectUri: null,
      applicationAuthorizationRequestsEnabled: true,
    }
    const browser = query({ client: { autoConfigure: true } }).browser()
    expect(locationOf(await browser.open(login)).pathname).toBe('/api/v1/oauth2/authorize')
  })
})

describe('custom domains', () => {
  const domain = 'login.acme.example'
  const withPolicy = (tenantCustomDomains: NonNullable<AppOptions['provider']>['tenantCustomDomains']) =>
    createApp(vendor, { provider: { ...(tenantCustomDomains && { tenantCustomDomains }) } }).browser()
  /** The same for an app without a record of tenants. */
  const asking = (tenantCustomDomains?: 'validate') =>
    createApp(vendor, {
      provider: { ...(tenantCustomDomains && { tenantCustomDomains }) },
      client: { resolveTenantId: undefined },
    }).browser()
  const hostOf = async (browser: TestBrowser, name = domain) =>
    locationOf(await browser.open(`${login}?tenant_custom_domain=${name}`)).host
  const refusalOf = async (browser: TestBrowser, name = 'login.evil.example') => {
    const response = await browser.open(`${login}?tenant_custom_domain=${name}`)
    return [response.status, codeOf(response), browser.cookies.names().length]
  }
  const refused = [403, 'wristband/custom_domain_not_allowed', 0]

  it('are by default those that the app’s record of tenants has, and Wristband is not asked', async () => {
    expect(await hostOf(withPolicy(undefined))).toBe(domain)
    expect(await refusalOf(withPolicy(undefined))).toEqual(refused)
    expect(vendor.calls()).toEqual([])
  })

  it('without such a record are by default those that Wristband confirms', async () => {
    vendor.behaviour.validDomains = [domain]
    expect(await hostOf(asking())).toBe(domain)
    expect(await refusalOf(asking())).toEqual(refused)
  })

  it('are those of a list', async () => {
    expect(await refusalOf(withPolicy([domain]))).toEqual(refused)
    expect(await hostOf(withPolicy([domain]))).toBe(domain)
  })

  it('are those that a function of the app accepts, with true and nothing else', async () => {
    const policy = async (name: string) => (name === domain ? true : ('yes' as never))
    expect(await hostOf(withPolicy(policy))).toBe(domain)
    expect(await refusalOf(withPolicy(policy))).toEqual(refused)
  })

  it('are those that Wristband confirms, which is remembered', async () => {
    vendor.behaviour.validDomains = [domain]
    const browser = asking('validate')
    for (let index = 0; index < 3; index += 1) expect(await hostOf(browser)).toBe(domain)
    expect(vendor.journal.map(({ path, body }) => [path, body])).toEqual([
      ['/api/v1/custom-domains/validate', JSON.stringify({ tenantCustomDomain: domain })],
    ])
    vendor.time += 300
    vendor.behaviour.validDomains = []
    const other = await browser.open(`${login}?tenant_custom_domain=${domain}`)
    expect(codeOf(other)).toBe('wristband/custom_domain_not_allowed')
    vendor.behaviour.validDomains = [domain]
    vendor.time += 60
    expect(await hostOf(browser)).toBe(domain)
  })

  it('are refused while Wristband cannot be asked, which is not remembered', async () => {
    vendor.behaviour.validDomains = [domain]
    for (const answer of [
      { status: 500, body: {} },
      { status: 200, body: { valid: 'true' } },
    ]) {
      vendor.behaviour.fault = () => answer
      expect(await refusalOf(asking('validate'), domain)).toEqual([503, 'wristband/custom_domain_unconfirmed', 0])
    }
    const browser = asking('validate')
    await refusalOf(browser, domain)
    vendor.behaviour.fault = null
    expect(await hostOf(browser)).toBe(domain)
  })

  it.each(['not listed', 'refused', 'not known to the app', 'cannot be asked about'])(
    'that are %s are no outage beside a tenant’s name: its host serves',
    async (why) => {
      const browser =
        why === 'not listed' ? withPolicy([]) : why === 'not known to the app' ? withPolicy('validate') : asking()
      if (why === 'cannot be asked about') vendor.behaviour.fault = () => ({ status: 500, body: {} })
      const url = locationOf(await browser.open(`${login}?tenant_name=acme&tenant_custom_domain=learn.acme.example`))
      expect(url.host).toBe(`acme.${vendor.domain}`)
      vendor.behaviour.fault = null
      const response = await browser.open(pathOf(vendor.authorize(url, { tenant: 'acme' })))
      expect(pathOf(locationOf(response))).toBe('/')
    },
  )

  it('that are no domain are refused beside a name too', async () => {
    const response = await asking().open(`${login}?tenant_name=acme&tenant_custom_domain=https://evil.example`)
    expect([response.status, codeOf(response)]).toEqual([400, 'wristband/custom_domain_invalid'])
  })

  it('whose check in the app throws are an error, beside a name too', async () => {
    const browser = withPolicy(() => {
      throw new Error('of the app')
    })
    const response = await browser.open(`${login}?tenant_name=acme&tenant_custom_domain=${domain}`)
    expect([response.status, codeOf(response)]).toEqual([500, 'core/internal_error'])
  })

  it('that are made up, 20,000 in 10 s, make 20 calls; a confirmed one stays, and sign-ins by name go on', async () => {
    vendor.behaviour.validDomains = [domain]
    const browser = asking()
    expect(await hostOf(browser)).toBe(domain)
    const statuses = new Set<number>()
    const begin = vendor.time
    for (let index = 0; index < 20_000; index += 1) {
      vendor.time = begin + 300 + Math.floor(index / 2000)
      const { status } = await browser.open(`${login}?tenant_custom_domain=d${index}.evil.example`)
      statuses.add(status)
    }
    // One for the domain itself; a login that must wait is told so.
    expect(vendor.journal.length - 1).toBeLessThanOrEqual(20)
    expect(statuses).toEqual(new Set([403, 503]))
    const asked = await browser.open(`${login}?tenant_custom_domain=one-more.evil.example`)
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, '1'])
    // Due to be asked again, it is: what is confirmed has no part in the budget.
    expect(await hostOf(browser)).toBe(domain)
    expect(locationOf(await browser.open(`${login}?tenant_name=acme&tenant_custom_domain=x.evil.example`)).host).toBe(
      `acme.${vendor.domain}`,
    )
  })

  it('that are confirmed stay so for an hour while Wristband cannot say', async () => {
    vendor.behaviour.validDomains = [domain]
    const browser = asking()
    expect(await hostOf(browser)).toBe(domain)
    vendor.behaviour.fault = () => ({ status: 429, headers: { 'retry-after': '30' }, body: {} })
    vendor.time += 3600
    expect(await hostOf(browser)).toBe(domain)
    vendor.time += 61
    const response = await browser.open(`${login}?tenant_custom_domain=${domain}`)
    expect([response.status, codeOf(response), response.headers.get('retry-after')]).toEqual([
      503,
      'wristband/custom_domain_unconfirmed',
      '30',
    ])
  })

  it('sign in and out there', async () => {
    const browser = withPolicy([domain])
    const query = `?tenant_custom_domain=${domain}`
    const response = await signIn(vendor, browser, { login: login + query, tenant: 'acme' })
    expect(response.status).toBe(303)
    expect(locationOf(await browser.submit('/auth/logout')).host).toBe(domain)
  })
})

describe('a login that asks for a fresh proof', () => {
  it('passes prompt and max_age on, and checks auth_time', async () => {
    const browser = createApp(vendor).browser()
    const url = locationOf(await browser.open(`${login}?prompt=login&max_age=60`))
    expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '60'])
    vendor.behaviour.idToken = ({ header, claims }) => ({ header, claims: { ...claims, auth_time: vendor.time - 600 } })
    const response = await browser.open(pathOf(vendor.authorize(url)))
    expect([response.status, codeOf(response)]).toEqual([403, 'wristband/authentication_too_old'])
  })

  it('asks the user, once, where Wristband finds their proof too old', async () => {
    const browser = createApp(vendor).browser()
    const refuse = async (path: string) => {
      const callback = vendor.authorize(locationOf(await browser.open(path)))
      callback.searchParams.delete('code')
      callback.searchParams.set('error', 'login_required')
      return browser.open(pathOf(callback))
    }
    const again = locationOf(await refuse(`${login}?tenant_name=acme&max_age=60&return_url=/payroll`))
    expect(Object.fromEntries(again.searchParams)).toEqual({
      tenant_name: 'acme',
      max_age: '60',
      prompt: 'login',
      return_url: '/payroll',
      restart: '1',
    })
    const refused = await refuse(pathOf(again))
    expect([refused.status, codeOf(refused)]).toEqual([400, 'wristband/login_required'])
  })
})
