import { describe, expect, it } from 'vitest'
import { parseProfile } from './userinfo-schema.ts'

const identity = { sub: 'user-1', tnt_id: 'tenant-1', app_id: 'app-1', idp_name: 'wristband' }

describe('parseProfile', () => {
  it('maps the claims of Wristband to plain names', () => {
    const claims = {
      ...identity,
      name: 'Ada Example',
      email: 'ada@acme.example',
      email_verified: true,
      picture: 'https://acme.example/ada.png',
      roles: [
        { id: 'r1', name: 'app:invo:teacher', display_name: 'Teacher' },
        { id: 'r2', name: 'app:invo:reader', display_name: null },
      ],
      custom_claims: { plan: { seats: 3 } },
    }
    expect(parseProfile(claims)).toEqual({
      name: 'Ada Example',
      email: 'ada@acme.example',
      emailVerified: true,
      picture: 'https://acme.example/ada.png',
      roles: [
        { id: 'r1', name: 'app:invo:teacher', displayName: 'Teacher' },
        { id: 'r2', name: 'app:invo:reader' },
      ],
      customClaims: { plan: { seats: 3 } },
    })
  })

  it('leaves out what is absent, null or not ours', () => {
    expect(parseProfile({ ...identity, name: null, roles: null, custom_claims: null, phone_number: '1' })).toEqual({})
  })

  it.each([
    ['name', { name: 7 }],
    ['email_verified', { email_verified: 'true' }],
    ['roles', { roles: [{ id: 'r1' }] }],
    ['roles', { roles: 'admin' }],
    ['custom_claims', { custom_claims: [] }],
  ])('refuses a wrong %s and does not repeat it', (claim, wrong) => {
    expect(() => parseProfile({ ...identity, ...wrong })).toThrow(
      expect.objectContaining({ code: 'wristband/userinfo_invalid', status: 502, cause: { claim } }),
    )
  })

  it('is not moved by __proto__ claims', () => {
    const claims = JSON.parse('{"__proto__":{"name":"Mallory"},"custom_claims":{"__proto__":{"polluted":true}}}')
    const profile = parseProfile(claims)
    expect(profile.name).toBeUndefined()
    expect(Object.getPrototypeOf(profile.customClaims)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})
