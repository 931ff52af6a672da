import { authenticationTime } from '@latchkey/oidc/verify'
import { describe, expect, it } from 'vitest'
import { requireFreshness } from './finish-login.ts'

const now = 1_800_000_000
const tolerance = 10
const asked = (maxAuthAgeSeconds: number | null, issuedAt = now) => ({ issuedAt, maxAuthAgeSeconds })
const tooOld = expect.objectContaining({ code: 'wristband/authentication_too_old', status: 403 })

/** As `finishLogin` does it: `auth_time` is read, and held to what the sign-in asked. */
function timeOf(claim: unknown, transaction: ReturnType<typeof asked>): number | undefined {
  const time = authenticationTime([{ auth_time: claim as number }], { now, clockToleranceSeconds: tolerance })
  requireFreshness(time, transaction, tolerance)
  return time
}

describe('the authentication time of a sign-in', () => {
  it('is the signed auth_time', () => {
    expect(timeOf(now - 3600, asked(null))).toBe(now - 3600)
  })

  it('is never in the future, though the clock of the vendor may be a little ahead', () => {
    expect(timeOf(now + 10, asked(null))).toBe(now)
    expect(timeOf(now + 11, asked(null))).toBeUndefined()
  })

  it.each([undefined, null, 0, 0.5, -1, '1800000000', Number.NaN, 1e300, true])('is none for %j', (claim) => {
    expect(timeOf(claim, asked(null))).toBeUndefined()
    expect(() => timeOf(claim, asked(60))).toThrow(tooOld)
  })

  it('may have a fraction, which is cut off', () => {
    expect(timeOf(now - 60.5, asked(null))).toBe(now - 61)
    expect(() => timeOf(now - 70.5, asked(60))).toThrow(tooOld)
  })

  it('must be as fresh as the sign-in asked, at the time when it asked', () => {
    expect(timeOf(now - 400, asked(60, now - 350))).toBe(now - 400)
    expect(timeOf(now - 70, asked(60))).toBe(now - 70) // 10 s of tolerance
    expect(() => timeOf(now - 71, asked(60))).toThrow(tooOld)
    expect(() => timeOf(now - 11, asked(0))).toThrow(tooOld)
  })
})
