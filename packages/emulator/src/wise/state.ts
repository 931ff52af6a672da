import { fullName, users } from '../seed.ts'
import type { EmulatorClock } from '../server/clock.ts'
import { createExpiringMap, type ExpiringMap } from '../server/expiring-map.ts'
import type { Check } from './checklist.ts'

export const vendor = 'Wise'
export const sessionCookie = 'latchkey-emulator-wise-session'

/** The roles of Wise. */
export type Profile = 'student' | 'teacher'

/** Choices that Wise does not document; they can be changed at any time. */
export interface WiseSwitches {
  /** `reject` by default. */
  unknownUser: 'reject' | 'create'
  /** Whether a nonce works once. True by default. */
  enforceNonce: boolean
  /** False by default. */
  requireNonce: boolean
  /** Whether `profile` must be one of the account's. True by default. */
  enforceProfile: boolean
  /** Whether `current_role` must equal `profile`. True by default. */
  enforceRole: boolean
  /** The longest time to `exp` that is accepted; 600 by default. */
  maxLifetimeSeconds: number
  /** Follows any `redirectionUrl`, as a careless site would. False by default. */
  naiveRedirect: boolean
}

/** An account of the white-label site. */
export interface Member {
  /** Wise's own id. */
  readonly userId: string
  /** The id at the customer. */
  readonly vendorUserId?: string
  /** The e-mail address. */
  readonly email?: string
  /** E.164. */
  readonly phoneNumber?: string
  /** The whole name. */
  readonly name: string
  /** The roles that the account has. */
  readonly profiles: readonly Profile[]
  /** Whether the account is closed. */
  suspended?: boolean
}

/** A browser that is signed in, and how it came to be. */
export interface WiseSession {
  readonly member: Member
  readonly profile: Profile
  readonly claims: Readonly<Record<string, unknown>>
  readonly checks: readonly Check[]
}

/** One running Wise emulator's memory. */
export interface WiseState {
  readonly url: string
  readonly clock: EmulatorClock
  readonly directory: Member[]
  readonly sessions: ExpiringMap<WiseSession>
  readonly nonces: ExpiringMap<true>
  readonly switches: WiseSwitches
}

export const createWiseState = (url: string, clock: EmulatorClock): WiseState => ({
  url,
  clock,
  directory: Object.values(users).map((user) => ({
    userId: user.wiseUserId,
    vendorUserId: user.subject,
    email: user.email,
    phoneNumber: user.phoneNumber,
    name: fullName(user),
    profiles: [user.role],
  })),
  sessions: createExpiringMap(clock),
  nonces: createExpiringMap(clock),
  switches: {
    unknownUser: 'reject',
    enforceNonce: true,
    requireNonce: false,
    enforceProfile: true,
    enforceRole: true,
    maxLifetimeSeconds: 600,
    naiveRedirect: false,
  },
})
