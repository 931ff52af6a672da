import { describe, expect, it } from 'vitest'
import { parseUserinfo } from './client/userinfo-schema.ts'

const identity = { sub: 'user-1', tnt_id: 'tenant-1', app_id: 'app-1', idp_name: 'wristband' }
const ids = { subject: 'user-1', tenantId: 'tenant-1', applicationId: 'app-1', identityProvider: 'wristband' }

describe('parseUserinfo', () => {
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
    expect(parseUserinfo(claims)).toEqual({
      ...ids,
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

  it('maps every claim that Wristband documents', () => {
    const claims = {
      ...identity,
      given_name: 'Ada',
      middle_name: 'King',
      family_name: 'Example',
      nickname: 'ada',
      preferred_username: 'adaex',
      phone_number: '+12025550101',
      phone_number_verified: false,
      gender: 'female',
      birthdate: '1985-12-10',
      zoneinfo: 'Europe/London',
      locale: 'en-GB',
      updated_at: 1_700_000_000,
    }
    expect(parseUserinfo(claims)).toEqual({
      ...ids,
      givenName: 'Ada',
      middleName: 'King',
      familyName: 'Example',
      nickname: 'ada',
      displayName: 'adaex',
      phoneNumber: '+12025550101',
      phoneNumberVerified: false,
      gender: 'female',
      birthdate: '1985-12-10',
      timeZone: 'Europe/London',
      locale: 'en-GB',
      updatedAt: 1_700_000_000,
    })
  })

  it('leaves out what is absent, null or not ours', () => {
    expect(
      parseUserinfo({ ...identity, name: null, roles: null, custom_claims: null, shoe_size: '1', locale: '' }),
    ).toEqual(ids)
  })

  it.each([
    ['name', { name: 7 }],
    ['email_verified', { email_verified: 'true' }],
    ['roles', { roles: [{ id: 'r1' }] }],
    ['roles', { roles: 'admin' }],
    ['custom_claims', { custom_claims: [] }],
  ])('refuses a wrong %s and does not repeat it', (claim, wrong) => {
    expect(() => parseUserinfo({ ...identity, ...wrong })).toThrow(
      expect.objectContaining({ code: 'wristband/userinfo_invalid', status: 502, cause: { claim } }),
    )
  })

  it('is not moved by __proto__ claims', () => {
    const claims = JSON.parse(
      '{"sub":"user-1","__proto__":{"name":"Mallory"},"custom_claims":{"__proto__":{"polluted":true}}}',
    )
    const profile = parseUserinfo(claims)
    expect(profile.name).toBeUndefined()
    expect(Object.getPrototypeOf(profile.customClaims)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})
