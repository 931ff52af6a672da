import { describe, expect, it } from 'vitest'
import type { SessionRecord } from './record.ts'
import { type SignIn, sessionAfter } from './sign-in.ts'

const now = 1_800_000_000

const identityOf = (subject: string, provider: string) => ({
  provider,
  issuer: `https://${provider}.example`,
  subject,
  signedInAt: now,
  profile: {},
})

const current: SessionRecord = {
  id: 'session-of-ada',
  familyId: 'session-of-ada',
  createdAt: now - 60,
  idleExpiresAt: now + 600,
  absoluteExpiresAt: now + 6000,
  generation: 1,
  origin: 'https://app.example',
  userProvider: 'acme',
  identities: { acme: identityOf('ada', 'acme') },
  tokens: {},
  sids: {},
  epochs: {},
  refreshedAt: null,
  data: { of: 'ada' },
}

const signIn = (confirmed: boolean): SignIn => ({
  identity: identityOf('eve', 'beta'),
  tokens: undefined,
  sid: undefined,
  epochs: [],
  current,
  confirmed,
  origin: 'https://app.example',
  now,
  absoluteSeconds: 6000,
})

describe('the session after a sign-in of somebody else', () => {
  it('is never the one that lives, where the sign-in is not confirmed', () => {
    expect(() => sessionAfter(signIn(false), { action: 'link' })).toThrow('refused')
    expect(sessionAfter(signIn(false), { action: 'new' }).data).toEqual({})
  })

  it('is the one that lives, where it is confirmed and the app links', () => {
    expect(Object.keys(sessionAfter(signIn(true), { action: 'link' }).identities)).toEqual(['acme', 'beta'])
  })
})
