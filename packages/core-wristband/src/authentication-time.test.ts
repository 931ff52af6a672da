import { describe, expect, it } from 'vitest'
import { authenticationTime } from './client/finish-login.ts'

const now = 1_800_000_000
const asked = (maxAuthAgeSeconds: number | null, issuedAt = now) => ({ issuedAt, maxAuthAgeSeconds })
const tooOld = expect.objectContaining({ code: 'wristband/authentication_too_old', status: 403 })

describe('authenticationTime', () => {
  it('is the signed auth_time', () => {
    expect(authenticationTime(now - 3600, asked(null), now)).toBe(now - 3600)
  })

  it('is never in the future, though the clock of the vendor may be a little ahead', () => {
    expect(authenticationTime(now + 10, asked(null), now)).toBe(now)
    expect(authenticationTime(now + 11, asked(null), now)).toBeUndefined()
  })

  it.each([undefined, null, 0, -1, 1.5, '1800000000', Number.NaN, 1e300, true])('is none for %j', (claim) => {
    expect(authenticationTime(claim, asked(null), now)).toBeUndefined()
    expect(() => authenticationTime(claim, asked(60), now)).toThrow(tooOld)
  })

  it('must be as fresh as the sign-in asked, at the time when it asked', () => {
    expect(authenticationTime(now - 400, asked(60, now - 350), now)).toBe(now - 400)
    expect(authenticationTime(now - 70, asked(60), now)).toBe(now - 70) // 10 s of tolerance
    expect(() => authenticationTime(now - 71, asked(60), now)).toThrow(tooOld)
    expect(() => authenticationTime(now - 11, asked(0), now)).toThrow(tooOld)
  })
})
