import type { StoredTokens } from '@latchkey/oidc'
import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { type Answer, type Behaviour, now, withClaims } from '../../test/vendor.ts'
import type { WristbandIdentity } from '../model/identity.ts'

const journeys = createJourneys()
const { client, completed } = journeys

async function signedIn() {
  const { tokens, identity }: { tokens: StoredTokens; identity: WristbandIdentity } = await completed()
  journeys.vendor.journal.length = 0
  return { tokens, identity }
}

const atToken =
  (answer: Answer): NonNullable<Behaviour['fault']> =>
  (path) =>
    path === 'token' ? answer : undefined

describe('refresh', () => {
  it.each([
    ['rotate', 'with nonce'],
    ['rotate', 'without nonce'],
    ['keep', 'none'],
    ['omit', 'with nonce'],
  ] as const)('gives new tokens where the vendor says %s, %s', async (rotation, refreshedIdToken) => {
    Object.assign(journeys.vendor.behaviour, { rotation, refreshedIdToken })
    const { tokens, identity } = await signedIn()
    const refreshed = await client().refresh(tokens, identity)
    expect(refreshed).toMatchObject({ expiresAt: now + 1800, refreshAt: now + 1740, nonce: tokens.nonce })
    expect(refreshed.accessToken).not.toBe(tokens.accessToken)
    expect(refreshed.refreshToken === tokens.refreshToken).toBe(rotation !== 'rotate')
    await client().refresh(refreshed)
    expect(journeys.vendor.calls()).toEqual(['token', 'token'])
  })

  it('says that the user must sign in again, behind a WWW-Authenticate header too', async () => {
    const { tokens } = await signedIn()
    const refused = { code: 'wristband/refresh_token_invalid', status: 401 }
    await expect(client().refresh({ ...tokens, refreshToken: 'unknown' })).rejects.toMatchObject(refused)
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
    journeys.vendor.behaviour.fault = atToken({ status: 400, body: { error: 'invalid_grant' }, headers })
    await expect(client().refresh(tokens)).rejects.toMatchObject(refused)
    const { refreshToken: _none, ...rest } = tokens
    await expect(client().refresh(rest)).rejects.toMatchObject(refused)
  })

  it('tells a vendor that fails apart from a token that is refused', async () => {
    const { tokens } = await signedIn()
    journeys.vendor.behaviour.fault = atToken({ status: 503, body: {} })
    await expect(client().refresh(tokens)).rejects.toMatchObject({ code: 'oidc/token_request_failed' })
    journeys.vendor.behaviour.fault = atToken({ status: 400, body: { error: 'invalid_scope' } })
    await expect(client().refresh(tokens)).rejects.toMatchObject({ code: 'wristband/refresh_refused' })
  })

  it.each([
    ['idToken', { tnt_id: 'id-of-globex' }, 'wristband/tenant_mismatch'],
    ['accessToken', { tnt_id: 'id-of-globex' }, 'wristband/tenant_mismatch'],
    ['idToken', { sub: 'user-2' }, 'oidc/subject_mismatch'],
    ['accessToken', { sub: 'user-2' }, 'oidc/subject_mismatch'],
    ['idToken', { nonce: 'another' }, 'oidc/nonce_mismatch'],
    ['idToken', { iss: 'https://evil.example' }, 'oidc/issuer_mismatch'],
    ['accessToken', { iss: 'https://evil.example' }, 'oidc/issuer_mismatch'],
  ] as const)('refuses an %s with %j', async (token, changes, code) => {
    const { tokens, identity } = await signedIn()
    journeys.vendor.behaviour[token] = withClaims((claims) => ({ ...claims, ...changes }))
    await expect(client().refresh(tokens, identity)).rejects.toMatchObject({ code })
    await expect(client().refresh(tokens)).rejects.toMatchObject({})
    journeys.expectNoUserinfo()
  })

  it('spends nothing for a tenant that the app’s record no longer has, or has under another id', async () => {
    const { tokens, identity } = await signedIn()
    const gone = client({ resolveTenantId: () => null })
    await expect(gone.refresh(tokens, identity)).rejects.toMatchObject({ code: 'wristband/tenant_unknown' })
    const moved = client({ resolveTenantId: () => 'id-of-globex' })
    await expect(moved.refresh(tokens, identity)).rejects.toMatchObject({ code: 'wristband/tenant_mismatch' })
    journeys.expectNoCall()
  })

  it('asks userinfo for the tenant where no token names it', async () => {
    Object.assign(journeys.vendor.behaviour, { accessToken: 'opaque', refreshedIdToken: 'none' })
    const { tokens, identity } = await signedIn()
    await expect(client().refresh(tokens)).rejects.toMatchObject({ code: 'core/invalid_option' })
    await client().refresh(tokens, identity)
    expect(journeys.vendor.calls()).toEqual(['token', 'userinfo'])
    journeys.vendor.behaviour.userinfo = (claims) => ({ ...claims, tnt_id: undefined })
    const newest = { ...tokens, refreshToken: 'example-refresh-token-x' }
    await expect(client().refresh(newest, identity)).rejects.toMatchObject({ code: 'wristband/refresh_token_invalid' })
  })
})

describe('revoke', () => {
  it('takes the refresh token back', async () => {
    const { tokens } = await signedIn()
    await client().revoke(tokens)
    const form = new URLSearchParams(journeys.vendor.journal[0]?.body)
    expect(Object.fromEntries(form)).toEqual({ token: tokens.refreshToken, token_type_hint: 'refresh_token' })
    await expect(client().refresh(tokens)).rejects.toMatchObject({ code: 'wristband/refresh_token_invalid' })
  })

  it('calls nobody without a refresh token, and says that a vendor fails', async () => {
    await client().revoke({ accessToken: 'x' })
    journeys.expectNoCall()
    journeys.vendor.behaviour.fault = () => ({ status: 503, body: {} })
    await expect(client().revoke({ refreshToken: 'x' })).rejects.toMatchObject({ code: 'oidc/revocation_failed' })
  })
})
