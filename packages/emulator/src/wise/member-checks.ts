import { randomBytes } from 'node:crypto'
import type { Checklist } from './checklist.ts'
import type { Member, Profile, WiseState } from './state.ts'
import type { Claims } from './token-checks.ts'

type IdentityKey = 'userId' | 'vendorUserId' | 'email' | 'phoneNumber'

/** Who the token is about, once checks 5 to 7 have passed. */
interface Description {
  readonly key: IdentityKey
  readonly identity: string
  readonly profile: Profile
  readonly name: string | null
}

/** Checks 5 to 8: one identity, a profile, an unused nonce, an account. @see protocols: Wise, section 7 */
export function checkMember(
  state: WiseState,
  checklist: Checklist,
  claims: Claims,
): { readonly member: Member; readonly profile: Profile } {
  const description = checkDescription(checklist, claims)
  checkNonce(state, checklist, claims)
  const { profile } = description
  const member = findMember(state, description) ?? createMember(state, description)
  checklist.demand('The user has an account', member !== null, {
    code: 'unknown_user',
    detail: 'Nobody in the directory has this identity.',
  })
  checklist.demand('The account is not suspended', !member.suspended, {
    code: 'suspended',
    detail: 'The account is suspended.',
  })
  const allowed = !state.switches.enforceProfile || member.profiles.includes(profile)
  checklist.demand("The profile is one of the account's", allowed, {
    code: 'profile_not_allowed',
    detail: 'The account does not have this profile.',
  })
  return { member, profile }
}

export const isProfile = (value: unknown): value is Profile => value === 'student' || value === 'teacher'

function checkDescription(checklist: Checklist, claims: Claims): Description {
  const [key = 'userId', ...others] = identityKeys.filter((candidate) => Object.hasOwn(claims, candidate))
  const identity = claims[key]
  checklist.demand('It names one user by one key', others.length === 0 && isText(identity), {
    code: 'identity_count',
    detail: 'Exactly one of userId, vendorUserId, email and phoneNumber is needed, and it is not empty.',
  })
  const { profile, name } = claims
  checklist.demand('It has a profile, student or teacher', isProfile(profile), {
    code: 'bad_profile',
    detail: 'profile is neither student nor teacher.',
    ...(isProfile(name) && { hint: 'name and profile are swapped.' }),
  })
  const named = isText(name)
  checklist.remark({ title: 'It has a name', passed: named, ...(!named && { note: 'name is missing or empty.' }) })
  return { key, identity, profile, name: named ? name : null }
}

function checkNonce({ clock, nonces, switches }: WiseState, checklist: Checklist, { nonce, exp }: Claims): void {
  if (nonce === undefined) {
    checklist.demand('It may come without a nonce', !switches.requireNonce, {
      code: 'nonce_missing',
      detail: 'There is no nonce.',
    })
    return
  }
  checklist.demand('Its nonce is a text of up to 36 characters', isText(nonce) && nonce.length <= 36, {
    code: 'bad_nonce',
    detail: 'The nonce is empty, too long or no text.',
  })
  checklist.demand('Its nonce was never used before', !switches.enforceNonce || !nonces.get(nonce), {
    code: 'nonce_replayed',
    detail: 'A token with this nonce was used before.',
  })
  nonces.set(nonce, true, Number(exp) - clock.now())
}

const identityKeys: readonly IdentityKey[] = ['userId', 'vendorUserId', 'email', 'phoneNumber']

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const findMember = (state: WiseState, { key, identity }: Description): Member | null =>
  state.directory.find((member) => member[key] === identity) ?? null

function createMember(state: WiseState, { key, identity, profile, name }: Description): Member | null {
  if (state.switches.unknownUser === 'reject') return null
  const userId = randomBytes(12).toString('hex')
  const member: Member = { userId, name: name ?? 'Somebody new', profiles: [profile], [key]: identity }
  state.directory.push(member)
  return member
}
