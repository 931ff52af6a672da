import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'

const journeys = createJourneys()
const { client, completed, refusal, signIn, expectNoCall } = journeys
const customDomain = 'login.acme.example'

describe('a sign-in at a tenant’s own domain', () => {
  const start = { tenant: { customDomain } }
  const at = (tenant: string) => ({ start, tenant })

  it('goes there, and proves the tenant by it and by the name that comes back', async () => {
    const { url, transaction } = await client().startLogin({ ...start, redirectUri: 'https://invo.example/callback' })
    expect(url.origin + url.pathname).toBe('https://login.acme.example/api/v1/oauth2/authorize')
    expect(transaction).toMatchObject({ tenant: null, customDomain })
    const { identity } = await completed(at('acme'))
    expect(identity.tenant).toEqual({ id: 'id-of-acme', name: 'acme' })
    expect(identity.profile.tenantCustomDomain).toBe(customDomain)
  })

  it('has no proven name where none comes back', async () => {
    const callback = (url: URL) => url.searchParams.delete('tenant_name')
    expect((await completed({ ...at('acme'), callback })).identity.tenant).toEqual({ id: 'id-of-acme' })
  })

  it('accepts the domain that was sealed in the callback, and no other', async () => {
    const named = (domain: string) => (url: URL) => url.searchParams.set('tenant_custom_domain', domain)
    await completed({ ...at('acme'), callback: named(customDomain) })
    journeys.vendor.reset()
    const mismatch = { code: 'wristband/tenant_mismatch' }
    expect(await refusal({ ...at('acme'), callback: named('login.evil.example') })).toMatchObject(mismatch)
    expect(await refusal({ callback: named(customDomain) })).toMatchObject(mismatch)
    expectNoCall()
  })

  it('refuses a domain that the app’s record does not have, and the code of another tenant', async () => {
    const unknown = { start: { tenant: { customDomain: 'login.evil.example' } } }
    expect(await refusal(unknown)).toMatchObject({ code: 'wristband/tenant_unknown' })
    expectNoCall()
    const callback = (url: URL) => url.searchParams.delete('tenant_name')
    const mismatch = { code: 'wristband/tenant_mismatch' }
    expect(await refusal({ ...at('globex'), callback })).toMatchObject(mismatch)
    expect(await refusal(at('globex'))).toMatchObject(mismatch)
    journeys.expectNoUserinfo()
  })

  it('begins again there', async () => {
    const callback = (url: URL) => {
      url.searchParams.delete('code')
      url.searchParams.set('error', 'login_required')
    }
    expect(await signIn({ ...at('acme'), callback })).toMatchObject({
      reason: 'login_required',
      tenant: { customDomain },
    })
    const missing = await client().finishLogin(
      new URL(`https://invo.example/callback?code=c&state=s&tenant_custom_domain=${customDomain}`),
      null,
    )
    expect(missing).toEqual({ kind: 'restart', reason: 'missing_login_state', tenant: { customDomain } })
  })
})

describe('a sign-in without a tenant', () => {
  const start = { tenant: null }
  const wristband = () => client({ applicationAuthorization: true })

  it('goes to the application where it takes such requests', async () => {
    const { url, transaction } = await wristband().startLogin({
      ...start,
      redirectUri: 'https://invo.example/callback',
    })
    expect(url.origin).toBe(journeys.vendor.origin)
    expect(transaction).toMatchObject({ tenant: null, customDomain: null })
    await expect(client().startLogin({ ...start, redirectUri: 'https://invo.example/callback' })).rejects.toMatchObject(
      {
        code: 'wristband/tenant_required',
      },
    )
  })

  it('learns its tenant from the callback, which the tokens must prove', async () => {
    const { identity } = await completed({ wristband: wristband(), start, tenant: 'globex' })
    expect(identity.tenant).toEqual({ id: 'id-of-globex', name: 'globex' })
    const callback = (url: URL) => url.searchParams.set('tenant_name', 'acme')
    expect(await refusal({ wristband: wristband(), start, tenant: 'globex', callback })).toMatchObject({
      code: 'wristband/tenant_mismatch',
    })
    expect(await refusal({ wristband: wristband(), start, tenant: 'evil' })).toMatchObject({
      code: 'wristband/tenant_unknown',
    })
  })

  it('is refused without a name where the app keeps a record of tenants, before the code is redeemed', async () => {
    const callback = (url: URL) => url.searchParams.delete('tenant_name')
    const nameless = { start, tenant: 'globex', callback }
    expect(await refusal({ wristband: wristband(), ...nameless })).toMatchObject({ code: 'wristband/tenant_required' })
    expectNoCall()
    const { domain: applicationDomain } = journeys.vendor
    const { createWristbandClient } = await import('./wristband-client.ts')
    const { clientId, clientSecret } = await import('../../test/vendor.ts')
    const open = createWristbandClient({
      clientId,
      clientSecret,
      applicationDomain,
      applicationAuthorization: true,
      clock: () => journeys.time,
    })
    expect((await completed({ wristband: open, ...nameless })).identity.tenant).toEqual({ id: 'id-of-globex' })
  })
})
