import { describe, expect, it } from 'vitest'
import { expectedTenantId, provenTenantId } from './proof.ts'
import { knownTenant } from './reference.ts'

const mismatch = expect.objectContaining({ code: 'wristband/tenant_mismatch', status: 403 })

describe('provenTenantId', () => {
  it('is the id that all claims agree on', () => {
    expect(provenTenantId([{ tnt_id: 't1' }, {}, { tnt_id: null }, { tnt_id: 't1' }], undefined)).toBe('t1')
    expect(provenTenantId([{}, { tnt_id: 't1' }], 't1')).toBe('t1')
  })

  it('is none where no claim has one', () => {
    expect(provenTenantId([{}, { tnt_id: null }], 't1')).toBeUndefined()
  })

  it('refuses claims that disagree', () => {
    expect(() => provenTenantId([{ tnt_id: 't1' }, { tnt_id: 't2' }], undefined)).toThrow(mismatch)
  })

  it('refuses another id than the expected one', () => {
    expect(() => provenTenantId([{ tnt_id: 't2' }], 't1')).toThrow(mismatch)
  })

  it.each([[''], [7], [true], [['t1']], [{ id: 't1' }]])('refuses the id %j', (id) => {
    expect(() => provenTenantId([{ tnt_id: id }], undefined)).toThrow(mismatch)
  })

  it('does not see what a polluted prototype lends', () => {
    const claims = Object.create({ tnt_id: 't1' }) as Record<string, string>
    expect(provenTenantId([claims], undefined)).toBeUndefined()
  })
})

describe('expectedTenantId', () => {
  const ids: Readonly<Record<string, string>> = { acme: 't1' }
  const acme = knownTenant({ name: 'acme' })

  it('is the id in the app’s own record', async () => {
    expect(await expectedTenantId(acme, async ({ name = '' }) => ids[name] ?? null)).toBe('t1')
  })

  it('is undefined without a record', async () => {
    expect(await expectedTenantId(acme, undefined)).toBeUndefined()
  })

  it.each([
    ['null', () => null],
    ['an empty id', () => ''],
    ['an inherited method', ({ name = '' }) => ids[name] as string, 'constructor'],
  ])('refuses a tenant for which the record has %s', async (_, lookup, name = 'acme') => {
    await expect(expectedTenantId(knownTenant({ name }), lookup)).rejects.toMatchObject({
      code: 'wristband/tenant_unknown',
    })
  })

  it('asks for a name and a domain, which must be one tenant’s', async () => {
    const asked: unknown[] = []
    const lookup = (id: string) => (tenant: object) => {
      asked.push(tenant)
      return 'name' in tenant ? 't1' : id
    }
    const both = knownTenant({ name: 'acme', customDomain: 'login.acme.example' })
    expect(await expectedTenantId(both, lookup('t1'))).toBe('t1')
    expect(asked).toEqual([{ name: 'acme' }, { customDomain: 'login.acme.example' }])
    await expect(expectedTenantId(both, lookup('t2'))).rejects.toMatchObject({ code: 'wristband/tenant_mismatch' })
  })

  it('asks for nothing where no tenant is known', async () => {
    expect(await expectedTenantId(knownTenant(null), () => 'any')).toBeUndefined()
  })
})
