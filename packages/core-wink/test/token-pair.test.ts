import type { JsonObject } from '@latchkey/core/provider'
import { describe, expect, it } from 'vitest'
import type { AccessTokenClaims } from '../src/tokens/access-token.ts'
import { requirePair } from '../src/tokens/id-token.ts'

const accessToken: AccessTokenClaims = {
  subject: 'ada',
  sessionId: 's-1',
  tag: null,
  expiresAt: 1_800_000_000,
  all: {},
}

function codeOf(idToken: JsonObject, of: Partial<AccessTokenClaims> = {}): unknown {
  try {
    requirePair(idToken, { ...accessToken, ...of })
    return 'a pair'
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  }
}

describe('an ID token and an access token', () => {
  it('are of one user and one sign-in', () => {
    expect(codeOf({ typ: 'ID', sub: 'ada', sid: 's-1' })).toBe('a pair')
  })

  it.each(['eve', '', undefined, null, 'ADA'])('of two users are no pair: %j', (sub) => {
    expect(codeOf({ typ: 'ID', sid: 's-1', ...(sub === undefined ? {} : { sub }) })).toBe('wink/token_pair_mismatch')
  })

  it('of two sign-ins are no pair', () => {
    expect(codeOf({ typ: 'ID', sub: 'ada', sid: 's-2' })).toBe('wink/token_pair_mismatch')
  })

  it.each(['Bearer', 'Refresh', 'Logout', 1])('are no pair where the first is a %j', (typ) => {
    expect(codeOf({ typ, sub: 'ada', sid: 's-1' })).toBe('wink/token_type_refused')
  })
})
