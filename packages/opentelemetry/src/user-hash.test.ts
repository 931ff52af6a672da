import type { UserKey } from '@latchkey/core'
import { expect, it } from 'vitest'
import { createUserHash } from './user-hash.ts'

const user: UserKey = { provider: 'acme', issuer: 'https://acme.example', tenant: 'tnt', subject: 'ada' }

it('is the same for the same user and key, and for no other', async () => {
  const [hash, other] = [createUserHash('one'.repeat(12)), createUserHash('two'.repeat(12))]
  const { tenant: _tenant, ...withoutTenant } = user
  const all = [
    await hash?.(user),
    await other?.(user),
    await hash?.({ ...user, provider: 'beta' }),
    await hash?.({ ...user, issuer: 'https://beta.example' }),
    await hash?.({ ...user, tenant: 'other' }),
    await hash?.({ ...user, subject: 'bob' }),
    await hash?.(withoutTenant),
  ]
  expect(new Set(all).size).toBe(all.length)
  expect(await hash?.({ ...user })).toBe(all[0])
})

it('is none without a key', () => {
  expect(createUserHash(undefined)).toBeNull()
})
