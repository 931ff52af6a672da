// Checked by tsc alone: what a `WiseUser` may not be.
import type { WiseUser } from '../src/index.ts'

const user = { name: 'Ada', profile: 'student' } as const
declare const loose: { email: string; emailVerified: boolean; name: string; profile: 'student' | 'teacher' }

export const accepted: readonly WiseUser[] = [
  { ...user, userId: 'u' },
  { ...user, vendorUserId: 'v' },
  { ...user, email: 'ada@school.example', emailVerified: true },
  { ...user, phoneNumber: '+912900000001', phoneVerified: true },
  { ...user, vendorUserId: 'v', userId: undefined, email: undefined, phoneNumber: undefined },
]

// @ts-expect-error no key
export const none: WiseUser = { ...user }
// @ts-expect-error two keys
export const two: WiseUser = { ...user, userId: 'u', vendorUserId: 'v' }
// @ts-expect-error a verified e-mail besides another key
export const besides: WiseUser = { ...user, userId: 'u', email: 'ada@school.example', emailVerified: true }
// @ts-expect-error null is not absence
export const nothing: WiseUser = { ...user, vendorUserId: 'v', userId: null }
// @ts-expect-error an e-mail that nothing is said of
export const silent: WiseUser = { ...user, email: 'ada@school.example' }
// @ts-expect-error an unverified e-mail
export const unverified: WiseUser = { ...user, email: 'ada@school.example', emailVerified: false }
// @ts-expect-error an e-mail that may be unverified
export const undecided: WiseUser = loose
// @ts-expect-error a phone number is not verified by an e-mail
export const phone: WiseUser = { ...user, phoneNumber: '+912900000001', emailVerified: true }
// @ts-expect-error no such role
export const admin: WiseUser = { vendorUserId: 'v', name: 'Ada', profile: 'admin' }
// @ts-expect-error a role of any text
export const anyRole: WiseUser = { vendorUserId: 'v', name: 'Ada', profile: 'student' as string }
// @ts-expect-error no name
export const nameless: WiseUser = { vendorUserId: 'v', profile: 'student' }
