import { describe, expect, it } from 'vitest'
import { memberAt } from '../model/identity.ts'
import type { MountedProvider } from '../provider/contract.ts'
import { openVault } from '../vault/vault.ts'
import { type SessionRecord, withoutProvider } from './record.ts'
import { refreshSession } from './refresh.ts'

const now = 1_800_000_000
const due = { accessToken: 'a1', refreshToken: 'r1', expiresAt: now - 1, refreshAt: now - 60 }
const fresh = { accessToken: 'a2', refreshToken: 'r2', expiresAt: now + 600, refreshAt: now + 300 }

function recordOf(id: string): SessionRecord {
  const identityOf = (provider: string) => ({
    provider,
    issuer: `https://${provider}.example`,
    subject: 'ada',
    signedInAt: now - 600,
    profile: {},
  })
  return {
    id,
    familyId: id,
    createdAt: now - 600,
    idleExpiresAt: now + 600,
    absoluteExpiresAt: now + 6000,
    generation: 1,
    origin: 'https://app.example',
    userProvider: 'acme',
    identities: { acme: identityOf('acme'), beta: identityOf('beta') },
    tokens: { beta: { ...due, refreshToken: `r1-${id}` } },
    sids: {},
    epochs: {},
    refreshedAt: null,
    data: {},
  }
}

/** What a refresh of the second provider's tokens changes in the session that is there when it is done. */
async function changed(record: SessionRecord, present: SessionRecord): Promise<SessionRecord> {
  const refreshing: Partial<MountedProvider> = { refresh: async () => ({ kind: 'refreshed', tokens: fresh }) }
  const clock = (): number => now
  const change = await refreshSession(
    {
      vault: openVault({ secrets: [`a-secret-of-this-test-with-32-bytes-${record.id}`], store: undefined, clock }),
      providers: new Map([['beta', refreshing as MountedProvider]]),
      clock,
      emit: () => {},
    },
    record,
  )
  return typeof change === 'function' ? change(present) : present
}

describe('refreshed tokens', () => {
  it('are those of the session that they were refreshed for', async () => {
    const record = recordOf('one')
    expect(memberAt((await changed(record, record)).tokens, 'beta')).toEqual(fresh)
  })

  it('do not come back into a session whose identity has ended meanwhile', async () => {
    const record = recordOf('two')
    const present = withoutProvider(record, 'beta')
    expect(await changed(record, present)).toBe(present)
  })

  it('do not replace those of a sign-in that was made meanwhile', async () => {
    const record = recordOf('three')
    const present = { ...record, tokens: { beta: { ...fresh, refreshToken: 'of a newer sign-in' } } }
    expect(await changed(record, present)).toBe(present)
  })
})
