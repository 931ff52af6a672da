import { describe, expect, it } from 'vitest'
import { createWristbandClient } from './wristband-client.ts'

const wristband = createWristbandClient({
  clientId: 'example client&1',
  clientSecret: 'an-example-secret-of-this-test-only',
  applicationDomain: 'invo-example.us.wristband.dev',
})
const tenant = { name: 'Acme' }

describe('signOutUrl', () => {
  it('ends the sign-on at the tenant’s own host', () => {
    const url = wristband.signOutUrl({ tenant })
    expect(url.href).toBe('https://acme-invo-example.us.wristband.dev/api/v1/logout?client_id=example+client%261')
  })

  it('encodes where it returns to, and the state', () => {
    const returnTo = new URL('https://invo.example/auth/logout/next?step=1&x=%26')
    const url = wristband.signOutUrl({ tenant, returnTo, state: 'a&redirect_url=https://evil.example' })
    expect([...url.searchParams]).toEqual([
      ['client_id', 'example client&1'],
      ['redirect_url', returnTo.href],
      ['state', 'a&redirect_url=https://evil.example'],
    ])
  })

  it('goes on to the return URL, or to the login page, where the tenant is not known', () => {
    const returnTo = new URL('https://invo.example/auth/logout/next')
    expect(wristband.signOutUrl({ tenant: null, returnTo }).href).toBe(returnTo.href)
    expect(wristband.signOutUrl({ tenant: null }).href).toBe(
      'https://invo-example.us.wristband.dev/login?client_id=example+client%261',
    )
  })

  it('takes a state of 512 characters at most', () => {
    wristband.signOutUrl({ tenant, state: 'x'.repeat(512) })
    expect(() => wristband.signOutUrl({ tenant, state: 'x'.repeat(513) })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: { factory: 'signOutUrl', option: 'state' } }),
    )
  })

  it('refuses a return URL that is not secure, and a tenant that is none', () => {
    expect(() => wristband.signOutUrl({ tenant, returnTo: new URL('http://invo.example/') })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
    expect(() => wristband.signOutUrl({ tenant: { name: 'evil.example/' } })).toThrow(
      expect.objectContaining({ code: 'wristband/tenant_name_invalid' }),
    )
  })
})
