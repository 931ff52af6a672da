import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTenantName, tenantName } from './reference.ts'

interface Vectors {
  readonly reject: readonly string[]
  readonly accept: readonly string[]
  readonly normalise: Readonly<Record<string, string>>
}
const file = new URL('../../test/vectors/tenant-names.json', import.meta.url)
const { reject, accept, normalise } = JSON.parse(readFileSync(file, 'utf8')) as Vectors

describe('tenantName', () => {
  it.each(reject)('refuses %j', (name) => {
    expect(() => tenantName(name)).toThrow(
      expect.objectContaining({ code: 'wristband/tenant_name_invalid', status: 400 }),
    )
  })

  it.each(accept)('accepts %j', (name) => {
    expect(tenantName(name)).toBe(name)
  })

  it.each(Object.entries(normalise))('makes %j lower case', (name, normalised) => {
    expect(tenantName(name)).toBe(normalised)
  })

  it('refuses letters that lower-casing turns into ASCII', () => {
    expect(parseTenantName('ac\u212a')).toBeNull() // the Kelvin sign
    expect(parseTenantName('\u0130stanbul')).toBeNull()
    expect(parseTenantName('XN--acm-dma')).toBeNull()
  })

  it.each([undefined, null, 7, ['acme'], { toString: () => 'acme' }])('refuses %j, which is no text', (value) => {
    expect(parseTenantName(value)).toBeNull()
  })

  it('takes nothing that would change a host', () => {
    const candidate = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 70 }),
      fc.string({ unit: fc.constantFrom(...'aZ09-.x/@:%\\_ '), maxLength: 66 }),
    )
    fc.assert(
      fc.property(candidate, (value) => {
        const name = parseTenantName(value)
        if (name === null) return
        expect(name).toMatch(/^[a-z0-9-]{1,63}$/)
        expect(new URL(`https://${name}.app.example`).host).toBe(`${name}.app.example`)
        expect(parseTenantName(name)).toBe(name)
      }),
      { numRuns: 1000 },
    )
  })
})
