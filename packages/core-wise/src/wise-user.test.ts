import { describe, expect, it } from 'vitest'
import { userClaims, type WiseUser } from './wise-user.ts'

const ada = { vendorUserId: 'ada-1', name: 'Ada Example', profile: 'student' } as const

function claimsOf(user: unknown) {
  return userClaims(user as WiseUser)
}

describe('the identity', () => {
  it.each([
    ['userId', { userId: 'xuoad12123cadsad' }],
    ['vendorUserId', { vendorUserId: 'ada-1' }],
    ['email', { email: 'ada@school.example', emailVerified: true }],
    ['phoneNumber', { phoneNumber: '+912900000001', phoneVerified: true }],
  ])('can be %s', (key, identity) => {
    expect(claimsOf({ ...identity, name: 'Ada', profile: 'student' }).identity).toEqual({
      [key]: Object.values(identity)[0],
    })
  })

  it('does not count members that are undefined', () => {
    const user: WiseUser = { ...ada, userId: undefined, email: undefined, phoneNumber: undefined }
    expect(userClaims(user).identity).toEqual({ vendorUserId: 'ada-1' })
  })

  it.each([
    ['no key', { name: 'Ada', profile: 'student' }],
    ['two keys', { ...ada, userId: 'u' }],
    ['a verified e-mail besides', { ...ada, email: 'ada@school.example', emailVerified: true }],
    ['null as a second key', { ...ada, userId: null }],
    ['an empty second key', { ...ada, userId: '' }],
    [
      'a key that is inherited',
      Object.assign(Object.create({ vendorUserId: 'ada-1' }), { name: 'A', profile: 'student' }),
    ],
    ['no user at all', undefined],
    ['null', null],
    ['a string', 'ada-1'],
  ])('is refused with %s', (_, user) => {
    expect(() => claimsOf(user)).toThrow(expect.objectContaining({ code: 'wise/identity_count', status: 500 }))
  })

  it.each([null, '', ' ', 'ada ', ' ada', 'a\nb', 'a\u0000', '\uD800', 7, true, {}, ['ada']])(
    'is refused when it is %j',
    (value) => {
      for (const key of ['userId', 'vendorUserId']) {
        const user = { [key]: value, name: 'Ada', profile: 'student' }
        expect(() => claimsOf(user)).toThrow(expect.objectContaining({ code: 'wise/identity_invalid', cause: { key } }))
      }
    },
  )

  it.each([
    '2025550101',
    '+1 202 555 0101',
    '+1-202-555-0101',
    '(202) 555-0101',
    '+02025550101',
    '+1202',
    '+1234567890123456',
    '++12025550101',
    '+１２０２５５５０１０１',
    '+12025550101;ext=1',
    'tel:+12025550101',
  ])('is refused as a phone number that is not E.164: %s', (phoneNumber) => {
    const user = { phoneNumber, phoneVerified: true, name: 'Ada', profile: 'student' }
    expect(() => claimsOf(user)).toThrow(
      expect.objectContaining({ code: 'wise/identity_invalid', cause: { key: 'phoneNumber' } }),
    )
  })

  it.each([
    'not-an-email',
    'ada@school',
    '@school.example',
    'ada@',
    'ada@@school.example',
    'ada@school.example,eve@evil.example',
    'ada@school.example;eve@evil.example',
    'ada@school.example eve@evil.example',
    'Ada <ada@school.example>',
    '"ada"@school.example',
    'ada@school..example',
    'ada@.school.example',
    'ada@school.example.',
    'ada@[127.0.0.1]',
    'mailto:ada@school.example',
    '.ada@school.example',
    'ada.@school.example',
    'a..da@school.example',
    'ada@127.0.0.1',
    'ada@school.1',
    'ada@-school.example',
    'ada@school-.example',
    'ada@school_x.example',
    'ada\u200b@school.example',
    'ada@school.example\u2060',
    '\u202eada@school.example',
    'ada\uff20evil.example@school.example',
    '\uff41da@school.example',
    'zoe\u0308@school.example',
    `${'a'.repeat(65)}@school.example`,
    `ada@${'a'.repeat(64)}.example`,
    `ada@${'a.'.repeat(127)}example`,
  ])('is refused as an e-mail that is not one plain address: %s', (email) => {
    const user = { email, emailVerified: true, name: 'Ada', profile: 'student' }
    expect(() => claimsOf(user)).toThrow(
      expect.objectContaining({ code: 'wise/identity_invalid', cause: { key: 'email' } }),
    )
  })

  it.each([
    'ada@school.example',
    'Ada.L+wise@mail.school.example',
    "o'neil@school.example",
    'zoë@schüle.example',
    'ada@xn--schle-mva.example',
    'ada@3.school-2.example',
    'अदा@स्कूल.भारत',
  ])('may be the e-mail %s', (email) => {
    expect(claimsOf({ email, emailVerified: true, name: 'Ada', profile: 'student' }).identity).toEqual({ email })
  })

  it('has a limit as an id: 255 characters', () => {
    for (const key of ['userId', 'vendorUserId']) {
      const claims = (length: number) => claimsOf({ [key]: 'x'.repeat(length), name: 'Ada', profile: 'student' })
      expect(claims(255).identity).toEqual({ [key]: 'x'.repeat(255) })
      for (const length of [256, 12_000]) {
        expect(() => claims(length)).toThrow(expect.objectContaining({ code: 'wise/identity_invalid', cause: { key } }))
      }
    }
  })

  it('is judged in no time, whatever it is', () => {
    // Not the time on the clock, in which a busy machine does something else.
    const started = process.cpuUsage()
    for (const email of [`a@${'a.'.repeat(50_000)}`, `${'a'.repeat(100_000)}@`, `a@${'a'.repeat(100_000)}`]) {
      const user = { email, emailVerified: true, name: 'Ada', profile: 'student' }
      expect(() => claimsOf(user)).toThrow(expect.objectContaining({ code: 'wise/identity_invalid' }))
    }
    expect(process.cpuUsage(started).user).toBeLessThan(200_000)
  })

  it.each([undefined, false, null, 'true', 1])('is refused when the e-mail or phone is verified: %j', (verified) => {
    const email = { email: 'ada@school.example', emailVerified: verified, name: 'Ada', profile: 'student' }
    const phone = { phoneNumber: '+912900000001', phoneVerified: verified, name: 'Ada', profile: 'student' }
    const unverified: unknown = expect.objectContaining({ code: 'wise/identity_unverified', status: 403 })
    expect(() => claimsOf(email)).toThrow(unverified)
    expect(() => claimsOf(phone)).toThrow(unverified)
  })

  it('does not take a verified e-mail for a verified phone', () => {
    const user = { phoneNumber: '+912900000001', emailVerified: true, name: 'Ada', profile: 'student' }
    expect(() => claimsOf(user)).toThrow(expect.objectContaining({ code: 'wise/identity_unverified' }))
  })

  it('does not take verification from the prototype', () => {
    const user: unknown = Object.assign(Object.create({ emailVerified: true }), {
      email: 'a@b.example',
      name: 'A',
      profile: 'student',
    })
    expect(() => claimsOf(user)).toThrow(expect.objectContaining({ code: 'wise/identity_unverified' }))
  })
})

describe('the name', () => {
  it('loses white space at its ends and nothing else', () => {
    expect(claimsOf({ ...ada, name: '  Zoë  O’Neil 李 ' }).name).toBe('Zoë  O’Neil 李')
  })

  it('may have 200 characters', () => {
    expect(claimsOf({ ...ada, name: 'a'.repeat(200) }).name).toHaveLength(200)
  })

  it.each([
    undefined,
    null,
    '',
    '   ',
    7,
    'a'.repeat(201),
    'Ada\n',
    '\tAda',
    'A\u0085da',
    'A\u2028da',
    'A\u007fda',
    'A\uDC00',
  ])('is refused when it is %j', (name) => {
    expect(() => claimsOf({ ...ada, name })).toThrow(expect.objectContaining({ code: 'wise/name_invalid' }))
  })
})

describe('the profile', () => {
  it.each([undefined, null, '', 'admin', 'Student', 'student ', ['student']])('is refused when it is %j', (profile) => {
    expect(() => claimsOf({ ...ada, profile })).toThrow(expect.objectContaining({ code: 'wise/profile_invalid' }))
  })
})

it('takes nothing else of the user', () => {
  expect(claimsOf({ ...ada, iss: 'me', exp: 9, roles: ['admin'] })).toEqual({
    identity: { vendorUserId: 'ada-1' },
    name: 'Ada Example',
    profile: 'student',
  })
})

it('says no value of the user in an error', () => {
  for (const user of [
    { ...ada, userId: 'canary' },
    { ...ada, vendorUserId: 'canary\n' },
    { ...ada, name: 'canary\n' },
    { ...ada, profile: 'canary' },
  ]) {
    let caught: unknown
    try {
      claimsOf(user)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(Error)
    expect(JSON.stringify(caught, Object.getOwnPropertyNames(caught))).not.toContain('canary')
  }
})
