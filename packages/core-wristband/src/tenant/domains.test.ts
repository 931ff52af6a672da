import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applicationOriginOf, createDomains } from './domains.ts'
import { isApplicationDomain, parseTenantName, tenantName } from './reference.ts'

describe('createDomains', () => {
  it('joins tenant and vanity domain by a hyphen', () => {
    const domains = createDomains('invo-example.us.wristband.dev', false)
    expect(applicationOriginOf('invo-example.us.wristband.dev')).toBe('https://invo-example.us.wristband.dev')
    expect(domains.tenantOrigin(tenantName('acme'))).toBe('https://acme-invo-example.us.wristband.dev')
  })

  it('joins tenant and custom domain by a dot', () => {
    const domains = createDomains('auth.invo.example', true)
    expect(domains.tenantOrigin(tenantName('acme'))).toBe('https://acme.auth.invo.example')
  })

  it('uses http and a dot on loopback', () => {
    const domains = createDomains('localhost:4001', false)
    expect(applicationOriginOf('localhost:4001')).toBe('http://localhost:4001')
    expect(domains.tenantOrigin(tenantName('acme'))).toBe('http://acme.localhost:4001')
  })

  it('joins them as elsewhere where the loopback host has a label to join', () => {
    const origin = (active: boolean) => createDomains('invo.localhost:4001', active).tenantOrigin(tenantName('acme'))
    expect(origin(false)).toBe('http://acme-invo.localhost:4001')
    expect(origin(true)).toBe('http://acme.invo.localhost:4001')
  })

  it('does not take a name that only begins with localhost for loopback', () => {
    expect(applicationOriginOf('localhost.example')).toBe('https://localhost.example')
  })

  it('refuses a name whose host DNS does not allow', () => {
    const long = tenantName('a'.repeat(63))
    expect(createDomains('auth.invo.example', true).tenantOrigin(long)).toBe(`https://${long}.auth.invo.example`)
    expect(() => createDomains('invo.us.wristband.dev', false).tenantOrigin(long)).toThrow(
      expect.objectContaining({ code: 'wristband/tenant_name_invalid' }),
    )
  })

  it('never leaves the application, whatever the tenant is called', () => {
    const domains = createDomains('invo.us.wristband.dev', false)
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ09-.x/@:%\\#?'), maxLength: 20 }), (value) => {
        const name = parseTenantName(value)
        if (name !== null) expect(new URL(domains.tenantOrigin(name)).host).toBe(`${name}-invo.us.wristband.dev`)
      }),
    )
  })
})

describe('isApplicationDomain', () => {
  it.each(['localhost', 'localhost:4001', 'invo-example.us.wristband.dev', 'auth.invo.example:8443'])(
    'accepts %j',
    (domain) => {
      expect(isApplicationDomain(domain)).toBe(true)
    },
  )

  it.each([
    '',
    'example',
    'https://invo.example',
    'invo.example/',
    'invo.example?x',
    'invo.example#x',
    'user@invo.example',
    'Invo.example',
    'invo.example.',
    '.invo.example',
    'in vo.example',
    'invo_x.example',
    '-invo.example',
    'invö.example',
    'invo.example:443',
    'invo.example:x',
    '127.0.0.1:4001',
    '[::1]:4001',
    'acme.1',
    `${'a'.repeat(64)}.example`,
    undefined,
    7,
  ])('refuses %j', (domain) => {
    expect(isApplicationDomain(domain)).toBe(false)
  })
})
