import { AuthError } from '@latchkey/core/provider'
import { describe, expect, it } from 'vitest'
import { oidcError, refreshFailure, storedTokens } from '../index.ts'

const now = 1_800_000_000

describe('storedTokens', () => {
  it('keeps the tokens and the nonce, and never an ID token', () => {
    const response = { accessToken: 'a', refreshToken: 'r', idToken: 'i', scope: 'openid', expiresAt: now + 1800 }
    expect(storedTokens(response, { now, nonce: 'n' })).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      expiresAt: now + 1800,
      refreshAt: now + 1740,
      nonce: 'n',
    })
  })

  it.each([
    [1800, 1740],
    [70, 10],
    [60, 10],
    [0, 10],
  ])('is due 60 seconds before the end of %i seconds, and in 10 at the earliest', (lifetime, due) => {
    expect(storedTokens({ accessToken: 'a', expiresAt: now + lifetime }, { now }).refreshAt).toBe(now + due)
  })
})

describe('refreshFailure', () => {
  it('ends a sign-in whose tokens are refused, and names the check', () => {
    expect(refreshFailure(oidcError('oidc/subject_mismatch'))).toEqual({ kind: 'ended', reason: 'subject_mismatch' })
  })

  it('ends a sign-in for a further code, with its reason', () => {
    const error = oidcError('oidc/grant_refused')
    expect(refreshFailure(error, { 'oidc/grant_refused': 'invalid_grant' })).toEqual({
      kind: 'ended',
      reason: 'invalid_grant',
    })
  })

  it('keeps a sign-in while the provider fails, and says how long it asks to wait', () => {
    const error = oidcError('oidc/token_request_failed', { cause: { status: 429, retryAfterSeconds: 30 } })
    expect(refreshFailure(error)).toEqual({ kind: 'failed', code: error.code, retryAfterSeconds: 30 })
    expect(refreshFailure(oidcError('oidc/jwks_unavailable'))).toEqual({
      kind: 'failed',
      code: 'oidc/jwks_unavailable',
    })
  })

  it('has no ending by the name of a member of every object', () => {
    const error = oidcError('oidc/token_request_failed')
    expect(refreshFailure(error, Object.create({ [error.code]: 'inherited' }))).toMatchObject({ kind: 'failed' })
    expect(error).toBeInstanceOf(AuthError)
  })

  it('passes on what is no error of ours', () => {
    const bug = new TypeError('a bug')
    expect(() => refreshFailure(bug)).toThrow(bug)
  })
})
