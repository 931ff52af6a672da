import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { clientId, now } from '../../test/vendor.ts'
import type { WristbandClientOptions } from './options.ts'

const journeys = createJourneys()
const good = {
  loginUrl: 'https://invo.example/auth/wristband/login',
  redirectUri: 'https://invo.example/auth/wristband/callback',
  isApplicationCustomDomainActive: true,
  customApplicationLoginPageUrl: 'https://invo.example/find?from=app',
  loginUrlTenantDomainSuffix: null,
  applicationAuthorizationRequestsEnabled: true,
}
const client = (options: Partial<WristbandClientOptions> = {}) => journeys.client({ autoConfigure: true, ...options })
const serve = (changes: object = {}) => {
  journeys.vendor.behaviour.sdkConfiguration = { ...good, ...changes }
}
const fetches = () => journeys.vendor.journal.filter(({ path }) => path.endsWith('/sdk-configuration'))
const acme = { tenant: { name: 'acme' } }

describe('autoConfigure', () => {
  it('asks nobody where it is off', async () => {
    await journeys.client().startLogin({ ...acme, redirectUri: good.redirectUri })
    await journeys.client().configure()
    expect(journeys.vendor.journal).toEqual([])
  })

  it('asks once on first use, without tokens, and takes what is not given from there', async () => {
    serve()
    const wristband = client()
    const starts = await Promise.all(Array.from({ length: 20 }, () => wristband.startLogin(acme)))
    for (const { url, transaction } of starts) {
      expect(url.searchParams.get('redirect_uri')).toBe(good.redirectUri)
      expect(transaction.redirectUri).toBe(good.redirectUri)
    }
    expect((await wristband.applicationLoginUrl()).href).toBe(
      `https://invo.example/find?from=app&client_id=${clientId}`,
    )
    expect((await wristband.startLogin({ tenant: null })).url.origin).toBe(journeys.vendor.origin)
    expect(fetches()).toHaveLength(1)
    expect(fetches()[0]?.authorization).toBeUndefined()
  })

  it('lets what is given win', async () => {
    serve()
    const wristband = client({ applicationAuthorization: false, loginPageUrl: 'https://other.example/' })
    const { url } = await wristband.startLogin({ ...acme, redirectUri: 'https://other.example/callback' })
    expect(url.searchParams.get('redirect_uri')).toBe('https://other.example/callback')
    expect((await wristband.applicationLoginUrl()).origin).toBe('https://other.example')
    await expect(wristband.startLogin({ tenant: null })).rejects.toMatchObject({ code: 'wristband/tenant_required' })
  })

  it('knows the form of tenants’ hosts by it, unless it is given', async () => {
    const answer = (active: boolean) => async () => Response.json({ ...good, isApplicationCustomDomainActive: active })
    const hostWith = async (active: boolean, options: Partial<WristbandClientOptions> = {}) => {
      const wristband = client({ applicationDomain: 'auth.invo.example', fetch: answer(active), ...options })
      return (await wristband.startLogin(acme)).url.host
    }
    expect(await hostWith(true)).toBe('acme.auth.invo.example')
    expect(await hostWith(false)).toBe('acme-auth.invo.example')
    expect(await hostWith(true, { isApplicationCustomDomainActive: false })).toBe('acme-auth.invo.example')
  })

  it('says that a redirect URI is needed where several are registered', async () => {
    serve({ redirectUri: null })
    await expect(client().startLogin(acme)).rejects.toMatchObject({
      code: 'core/invalid_option',
      cause: { option: 'redirectUri' },
    })
    await client().startLogin({ ...acme, redirectUri: good.redirectUri })
  })

  it('is checked at start by configure, and builds no sign-out URL before', async () => {
    serve()
    const wristband = client()
    expect(() => wristband.signOutUrl({ tenant: { name: 'acme' } })).toThrow(
      expect.objectContaining({ code: 'wristband/configuration_unavailable' }),
    )
    await wristband.configure()
    expect(wristband.signOutUrl({ tenant: { name: 'acme' } }).host).toBe(`acme.${journeys.vendor.domain}`)
    expect(wristband.signOutUrl({ tenant: null }).href).toBe(good.loginUrl)
  })

  it('goes to the application’s page after a sign-out where our login route needs a tenant', async () => {
    serve({ loginUrl: 'https://{tenant_name}.invo.example/login' })
    const wristband = client()
    await wristband.configure()
    expect(wristband.signOutUrl({ tenant: null }).origin).toBe('https://invo.example')
  })

  it.each([
    ['isApplicationCustomDomainActive', { isApplicationCustomDomainActive: 'true' }],
    ['redirectUri', { redirectUri: 'http://invo.example/callback' }],
    ['redirectUri', { redirectUri: 7 }],
    ['customApplicationLoginPageUrl', { customApplicationLoginPageUrl: 'javascript:alert(1)' }],
    ['applicationAuthorizationRequestsEnabled', { applicationAuthorizationRequestsEnabled: 1 }],
  ])('refuses a wrong %s before it is kept, and asks again', async (member, changes) => {
    serve(changes)
    const wristband = client()
    await expect(wristband.configure()).rejects.toMatchObject({
      code: 'wristband/configuration_invalid',
      cause: { member },
    })
    serve()
    await wristband.configure()
    expect(fetches()).toHaveLength(2)
  })

  it.each(['loginUrl', 'redirectUri', 'customApplicationLoginPageUrl'])(
    'takes an empty %s for none',
    async (member) => {
      serve({ [member]: '' })
      const wristband = client()
      await wristband.configure()
      const given = member === 'redirectUri' ? { redirectUri: good.redirectUri } : {}
      expect((await wristband.startLogin({ ...acme, ...given })).url.host).toBe(`acme.${journeys.vendor.domain}`)
      const loginPage = (await wristband.applicationLoginUrl()).origin
      expect(loginPage === journeys.vendor.origin).toBe(member === 'customApplicationLoginPageUrl')
    },
  )

  it('says how long Wristband asks to wait', async () => {
    journeys.vendor.behaviour.fault = () => ({ status: 503, body: {}, headers: { 'retry-after': '17' } })
    await expect(client().startLogin(acme)).rejects.toMatchObject({ status: 503, cause: { retryAfterSeconds: 17 } })
  })

  it('fails with a code where Wristband does not know the client', async () => {
    await expect(client({ clientId: 'another/../client' }).configure()).rejects.toMatchObject({
      code: 'wristband/configuration_unavailable',
      cause: { status: 404 },
    })
    expect(journeys.vendor.journal[0]?.path).toBe('/api/v1/clients/another%2F..%2Fclient/sdk-configuration')
  })

  it('asks 10 times while that fails, and then once a second, however many logins begin', async () => {
    journeys.vendor.behaviour.fault = () => ({ status: 404, body: {} })
    const wristband = client()
    const begin = async (): Promise<void> => {
      await expect(wristband.startLogin(acme)).rejects.toMatchObject({ code: 'wristband/configuration_unavailable' })
    }
    for (let login = 0; login < 30; login++) await begin()
    expect(fetches()).toHaveLength(10)
    journeys.time = now + 1
    for (let login = 0; login < 30; login++) await begin()
    expect(fetches()).toHaveLength(11)
    journeys.vendor.behaviour.fault = null
    serve()
    journeys.time = now + 2
    await wristband.startLogin(acme)
  })

  it('asks again after an hour, and keeps what it knows while that fails', async () => {
    serve()
    const wristband = client()
    await wristband.configure()
    journeys.time = now + 3599
    await wristband.configure()
    expect(fetches()).toHaveLength(1)

    journeys.time = now + 3600
    journeys.vendor.behaviour.fault = () => ({ status: 500, body: {} })
    await wristband.startLogin(acme)
    await wristband.startLogin(acme)
    expect(fetches()).toHaveLength(2)

    journeys.vendor.behaviour.fault = null
    serve({ redirectUri: 'https://invo.example/another/callback' })
    journeys.time = now + 3660
    const { transaction } = await wristband.startLogin(acme)
    expect(transaction.redirectUri).toBe('https://invo.example/another/callback')
    expect(fetches()).toHaveLength(3)
  })
})
