import { describe, expect, it } from 'vitest'
import { parseProfile } from './userinfo-schema.ts'

const identity = { sub: 'user-1', tnt_id: 'tenant-1', app_id: 'app-1', idp_name: 'wristband' }

describe('parseProfile', () => {
  it('keeps name, e-mail, picture, and roles as id and name', () => {
    const userinfo = {
      ...identity,
      name: 'Ada Example',
      email: 'ada@acme.example',
      email_verified: true,
      picture: 'https://acme.example/ada.png',
      roles: [
        { id: 'r1', name: 'app:invo:teacher', display_name: 'Teacher' },
        { id: 'r2', name: 'app:invo:reader', display_name: null },
      ],
    }
    expect(parseProfile(userinfo)).toEqual({
      name: 'Ada Example',
      email: 'ada@acme.example',
      emailVerified: true,
      picture: 'https://acme.example/ada.png',
      roles: [
        { id: 'r1', name: 'app:invo:teacher' },
        { id: 'r2', name: 'app:invo:reader' },
      ],
    })
  })

  it('keeps nothing else that Wristband says, whatever type it has', () => {
    const userinfo = {
      ...identity,
      given_name: 'Ada',
      phone_number: '+12025550101',
      birthdate: '1985-12-10',
      locale: ['en-GB'],
      updated_at: '2024-01-01',
      custom_claims: [],
    }
    expect(parseProfile(userinfo)).toEqual({})
  })

  it('leaves out what is absent, null or empty', () => {
    expect(parseProfile({ ...identity, name: null, roles: null, email: '', picture: null })).toEqual({})
  })

  it.each([
    ['name', { name: 7 }],
    ['email_verified', { email_verified: 'true' }],
    ['roles', { roles: [{ id: 'r1' }] }],
    ['roles', { roles: 'admin' }],
  ])('refuses a wrong %s and does not repeat it', (claim, wrong) => {
    expect(() => parseProfile({ ...identity, ...wrong })).toThrow(
      expect.objectContaining({ code: 'wristband/userinfo_invalid', status: 502, cause: { claim } }),
    )
  })

  it('is not moved by __proto__ claims', () => {
    const userinfo = JSON.parse(
      '{"sub":"user-1","__proto__":{"name":"Mallory"},"roles":[{"id":"r1","name":"reader","__proto__":{"polluted":true}}]}',
    )
    const profile = parseProfile(userinfo)
    expect(profile.name).toBeUndefined()
    expect(Object.getPrototypeOf(profile.roles?.[0])).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})
