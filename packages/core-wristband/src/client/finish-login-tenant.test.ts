import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { clientId, clientSecret, now, withClaims, without } from '../../test/vendor.ts'
import { createWristbandClient } from './wristband-client.ts'

const journeys = createJourneys()
const { client, completed, refusal, expectNoCall, expectNoUserinfo } = journeys
const mismatch = { code: 'wristband/tenant_mismatch', status: 403 }

describe('the tenant of a sign-in', () => {
  it.each(['idToken', 'accessToken', 'userinfo'] as const)('is proven by the %s alone', async (source) => {
    const { behaviour } = journeys.vendor
    const strip = without('tnt_id')
    if (source !== 'idToken') behaviour.idToken = withClaims(strip)
    if (source !== 'accessToken') behaviour.accessToken = withClaims(strip)
    if (source !== 'userinfo') behaviour.userinfo = strip
    expect((await completed()).identity.tenant).toEqual({ id: 'id-of-acme', name: 'acme' })
  })

  it('is refused where no one gives it', async () => {
    const { behaviour } = journeys.vendor
    const strip = without('tnt_id')
    behaviour.idToken = withClaims(strip)
    behaviour.accessToken = withClaims(strip)
    behaviour.userinfo = strip
    expect(await refusal()).toMatchObject({ code: 'wristband/tenant_missing' })
  })

  it('is refused with the code of another tenant, though the callback names the right one', async () => {
    const callback = (url: URL) => url.searchParams.set('tenant_name', 'acme')
    expect(await refusal({ tenant: 'evil', callback })).toMatchObject(mismatch)
    expectNoUserinfo()
  })

  it('is refused with the code of another tenant, though the callback names none', async () => {
    const callback = (url: URL) => url.searchParams.delete('tenant_name')
    expect(await refusal({ tenant: 'globex', callback })).toMatchObject(mismatch)
    expectNoUserinfo()
  })

  it.each(['evil', 'acme.evil', '', 'acme '])(
    'is refused where the callback names %j, and nothing redeemed',
    async (name) => {
      expect(await refusal({ callback: (url) => url.searchParams.set('tenant_name', name) })).toMatchObject(mismatch)
      expectNoCall()
    },
  )

  it('may be named at the callback in any case, or not at all', async () => {
    await completed({ callback: (url) => url.searchParams.set('tenant_name', 'ACME') })
    await completed({ callback: (url) => url.searchParams.delete('tenant_name') })
  })

  it.each(['idToken', 'accessToken', 'userinfo'] as const)(
    'is refused where the %s alone has another',
    async (source) => {
      const other = (claims: Record<string, unknown>) => ({ ...claims, tnt_id: 'id-of-globex' })
      if (source === 'userinfo') journeys.vendor.behaviour.userinfo = other
      else journeys.vendor.behaviour[source] = withClaims(other)
      expect(await refusal()).toMatchObject(mismatch)
      expect(await refusal({ wristband: withoutRecord() })).toMatchObject(mismatch)
    },
  )

  it('has a name only where the app proved it', async () => {
    const callback = (url: URL) => url.searchParams.set('tenant_name', 'acme')
    const { identity } = await completed({ wristband: withoutRecord(), tenant: 'globex', callback })
    expect(identity.tenant).toEqual({ id: 'id-of-globex' })
  })

  it('is refused where it ended meanwhile', async () => {
    let alive = true
    const wristband = client({ resolveTenantId: () => (alive ? 'id-of-acme' : null) })
    const callback = () => {
      alive = false
    }
    expect(await refusal({ wristband, callback })).toMatchObject({ code: 'wristband/tenant_unknown' })
    expectNoUserinfo()
  })
})

/** A client of an app that keeps no record of its tenants. */
function withoutRecord() {
  return createWristbandClient({ clientId, clientSecret, applicationDomain: journeys.vendor.domain, clock: () => now })
}
