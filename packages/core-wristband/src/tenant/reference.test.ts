import { describe, expect, it } from 'vitest'
import { knownTenant, tenantReference } from './reference.ts'

describe('a tenant reference', () => {
  it.each([
    [{ name: 'Acme' }, { name: 'acme', customDomain: null }],
    [{ customDomain: 'login.acme.example' }, { name: null, customDomain: 'login.acme.example' }],
    [
      { name: 'acme', customDomain: 'login.acme.example' },
      { name: 'acme', customDomain: 'login.acme.example' },
    ],
    [null, { name: null, customDomain: null }],
  ])('reads %j', (reference, address) => {
    expect(knownTenant(reference)).toEqual(address)
    expect(knownTenant(tenantReference(knownTenant(reference)))).toEqual(address)
  })

  it.each([
    'https://login.acme.example',
    'login.acme.example/',
    'login.acme.example?a',
    'a@login.acme.example',
    'login.acme.example#',
    'LOGIN.acme.example',
    'login.acme.example.',
    'login..example',
    'login_acme.example',
    'login.acme.example:99999',
    '127.0.0.1',
    '[::1]',
    'localhost',
    'loginﬁ.example',
    ' login.acme.example',
    '',
  ])('refuses the domain %j', (customDomain) => {
    expect(() => knownTenant({ customDomain })).toThrow(
      expect.objectContaining({ code: 'wristband/custom_domain_invalid', status: 400 }),
    )
  })

  it('refuses one that names nothing', () => {
    expect(() => knownTenant({} as never)).toThrow(expect.objectContaining({ code: 'wristband/tenant_name_invalid' }))
  })
})
