import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWristband, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, hiddenField, openBrowser } from './browser.ts'
import { authorizeUrl, redeem, signIn, tokensOf } from './wristband-journey.ts'

let emulator: Emulator<'wink' | 'wise'>
let wristband: EmulatedWristband
let browser: Browser
beforeEach(async () => {
  emulator = await startEmulator({ wink: false, wise: false, clock: 'manual' })
  wristband = emulator.wristband
  browser = openBrowser()
})
afterEach(() => emulator.close())

const onHost = (address: string, host: string): string => Object.assign(new URL(address), { host }).href

const signInAda = async (start = authorizeUrl(wristband)): Promise<URL> =>
  (await signIn(browser, start, 'ada')).callback

const configuration = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${wristband.url}/api/v1/clients/${wristband.clientId}/sdk-configuration`)).json()) as Record<
    string,
    unknown
  >

describe('hosts', () => {
  it('separate tenant and application by a hyphen without a custom domain, and the issuer follows', async () => {
    expect(wristband.issuer).toBe(wristband.url)
    wristband.application.customDomainActive = false
    const { vanityDomain } = wristband
    expect(wristband.issuer).toBe(`http://${vanityDomain}`)
    const callback = await signInAda(onHost(authorizeUrl(wristband), `acme-${vanityDomain}`))
    const { access_token, id_token } = await tokensOf(redeem(wristband, callback))
    expect(decodeJwt(access_token)).toMatchObject({ iss: `http://${vanityDomain}`, van_dom: vanityDomain })
    expect(decodeJwt(id_token).iss).toBe(`http://${vanityDomain}`)
    expect((await browser.visit(authorizeUrl(wristband))).status).toBe(404)
    expect(await configuration()).toMatchObject({ isApplicationCustomDomainActive: false })
    expect((await browser.visit(`http://${vanityDomain}/api/v1/oauth2/jwks`)).status).toBe(200)
  })

  it('of the wrong separator are unknown, as is a tenant that nobody has', async () => {
    expect((await browser.visit(onHost(authorizeUrl(wristband), `acme-${wristband.vanityDomain}`))).status).toBe(404)
    expect((await browser.visit(authorizeUrl(wristband, { tenant: 'nobody' }))).status).toBe(404)
  })

  it("can be a tenant's own: the callback names it, and its single sign-on is its own", async () => {
    wristband.application.customDomains.set('learn.acme.localhost', 'acme')
    const { port } = new URL(wristband.url)
    const start = onHost(authorizeUrl(wristband), `learn.acme.localhost:${port}`)
    const callback = await signInAda(start)
    expect(callback.searchParams.get('tenant_custom_domain')).toBe(`learn.acme.localhost:${port}`)
    expect(callback.searchParams.get('tenant_name')).toBe('acme')
    expect((await browser.visit(authorizeUrl(wristband))).location).toContain('/login?req=')
    const { text } = await browser.visit(`http://learn.acme.localhost:${port}/.well-known/openid-configuration`)
    expect(JSON.parse(text)).toMatchObject({
      authorization_endpoint: `http://learn.acme.localhost:${port}/api/v1/oauth2/authorize`,
    })
    const out = `http://learn.acme.localhost:${port}/api/v1/logout?client_id=${wristband.clientId}`
    const { location } = await browser.visit(out)
    expect(new URL(location).searchParams.get('tenant_custom_domain')).toBe(`learn.acme.localhost:${port}`)
    expect((await browser.visit(start)).location).toContain('/login?req=')
  })
})

describe('custom-domains/validate', () => {
  const validate = (body: string): Promise<Response> =>
    fetch(`${wristband.url}/api/v1/custom-domains/validate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  const isValid = async (tenantCustomDomain: string): Promise<unknown> =>
    (await validate(JSON.stringify({ tenantCustomDomain }))).json()

  it('knows the domains of tenants, with the port or without', async () => {
    wristband.application.customDomains.set('learn.acme.localhost', 'acme')
    expect(await isValid('learn.acme.localhost')).toEqual({ valid: true })
    expect(await isValid(`learn.acme.localhost:${new URL(wristband.url).port}`)).toEqual({ valid: true })
    for (const other of ['learn.acme.localhost:1', 'evil.example', 'acme.localhost', 'LEARN.acme.localhost']) {
      expect(await isValid(other)).toEqual({ valid: false })
    }
  })

  it('names a field that is wrong, and refuses what is no object', async () => {
    for (const body of ['{}', '{"tenantCustomDomain":""}', '{"tenantCustomDomain":7}']) {
      const response = await validate(body)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        type: 'constraint_violations_error',
        violations: { tenantCustomDomain: [{ code: 'not_blank' }] },
      })
    }
    for (const body of ['', 'null', '<p>']) {
      expect(await (await validate(body)).json()).toMatchObject({ type: 'base_error', code: 'invalid_request' })
    }
  })
})

describe('without a tenant', () => {
  it.each(['/login', '/signup'])('%s finds it and goes to the login of the application', async (path) => {
    const page = await browser.visit(`${wristband.url}${path}?client_id=${wristband.clientId}`)
    expect(page.text).toContain('<button name="tenant" value="globex">')
    const { location } = await browser.visit(`${wristband.url}/login`, { form: { tenant: 'globex' } })
    expect(location).toBe('http://localhost:3001/auth/wristband/login?tenant_name=globex')
    expect((await browser.visit(`${wristband.url}${path}?client_id=another-client`)).status).toBe(400)
    expect((await browser.visit(`${wristband.url}/login`, { form: { tenant: 'nobody' } })).status).toBe(404)
  })

  it("fills a login address that holds {tenant_name}, and adds a tenant's own domain", async () => {
    wristband.application.loginUrl = 'http://{tenant_name}.localhost:3001/login'
    wristband.application.customDomains.set('learn.acme.localhost', 'acme')
    const at = async (tenant: string): Promise<string> =>
      (await browser.visit(`${wristband.url}/login`, { form: { tenant } })).location
    expect(await at('globex')).toBe('http://globex.localhost:3001/login')
    const custom = encodeURIComponent(`learn.acme.localhost:${new URL(wristband.url).port}`)
    expect(await at('acme')).toBe(`http://acme.localhost:3001/login?tenant_custom_domain=${custom}`)
  })

  it('authorizes nobody unless that is turned on', async () => {
    const start = onHost(authorizeUrl(wristband), wristband.applicationDomain)
    expect((await browser.visit(start)).status).toBe(404)
  })

  it("finds the tenant of an application's authorization request and asks its host the same", async () => {
    wristband.application.authorizationRequests = true
    const start = onHost(authorizeUrl(wristband, { prompt: 'login' }), wristband.applicationDomain)
    const page = await browser.visit(start)
    const form = { tenant: 'acme', req: hiddenField(page.text, 'req') }
    const { location } = await browser.visit(`${wristband.url}/login`, { form })
    expect(location).toBe(authorizeUrl(wristband, { prompt: 'login' }))
    expect((await signInAda(location)).searchParams.get('tenant_name')).toBe('acme')
    expect(await configuration()).toMatchObject({ applicationAuthorizationRequestsEnabled: true })
    wristband.clock.advance(600)
    expect((await browser.visit(`${wristband.url}/login`, { form })).status).toBe(400)
  })

  it.each([
    ['login_required', { prompt: 'none' }],
    ['invalid_scope', { scope: 'email' }],
  ])('sends %s back for %j', async (error, changes) => {
    wristband.application.authorizationRequests = true
    const start = onHost(authorizeUrl(wristband, changes), wristband.applicationDomain)
    const { location } = await browser.visit(start)
    expect(Object.fromEntries(new URL(location).searchParams)).toMatchObject({ error, state: 'the-state' })
    expect(new URL(location).searchParams.has('tenant_name')).toBe(false)
  })

  it('shows its own page for another client or redirect URI, and where only a tenant has an address', async () => {
    wristband.application.authorizationRequests = true
    const redirect_uri = 'http://{tenant_name}.localhost:3000/callback'
    wristband.registerRedirectUri(redirect_uri)
    const unanswerable = [
      { client_id: 'another-client' },
      { redirect_uri: 'https://evil.example/' },
      { redirect_uri, prompt: 'none' },
    ]
    for (const changes of unanswerable) {
      const visit = await browser.visit(onHost(authorizeUrl(wristband, changes), wristband.applicationDomain))
      expect([visit.status, visit.location]).toEqual([400, ''])
    }
  })
})

describe('sign-out', () => {
  const logout = async (fields: Record<string, string> = {}): Promise<string> => {
    const query = new URLSearchParams({ client_id: wristband.clientId, ...fields }).toString()
    return (await browser.visit(`http://acme.${wristband.applicationDomain}/api/v1/logout?${query}`)).location
  }

  it('goes to the given address, else to the login of the client, else to that of Wristband', async () => {
    wristband.registerLogoutUrl('http://{tenant_name}.localhost:3001/bye')
    expect(await logout({ redirect_url: 'http://{tenant_name}.localhost:3001/bye' })).toBe(
      'http://acme.localhost:3001/bye',
    )
    expect(await logout({ state: 'kept' })).toBe(
      'http://localhost:3001/auth/wristband/login?tenant_name=acme&state=kept',
    )
    wristband.application.loginUrl = null
    expect(await logout()).toBe(`${wristband.url}/login`)
  })

  it('carries 512 characters of state', async () => {
    const state = 's'.repeat(512)
    expect(new URL(await logout({ state })).searchParams.get('state')).toBe(state)
    expect(await logout({ state: `${state}s` })).toBe('')
  })
})
