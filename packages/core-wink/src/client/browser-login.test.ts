import { createHash } from 'node:crypto'
import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { cancelUrl, clientOf, redirectUri as returnUrl } from '../../test/wink-client.ts'
import { json, now, profile, standInForWink, subject, type WinkStandIn } from '../../test/wink-stand-in.ts'
import type { WinkIdentity } from '../client/identity.ts'
import type { WinkBrowserTransaction } from '../client/transaction.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

const transaction: WinkBrowserTransaction = { nonce: 'our-nonce', mintedAt: now - 30, sso: 'refused' }
type Claims = Record<string, unknown>

/** Ends the login with tokens of these claims; `id: null` sends no ID token. */
async function finish(access: Claims, id: Claims | null, login = transaction): Promise<WinkIdentity> {
  const accessToken = await wink.accessToken(access)
  const idToken = id === null ? {} : { idToken: await wink.idToken(id) }
  return clientOf(wink).finishBrowserLogin({ accessToken, ...idToken }, login)
}
const { nonce } = transaction
const hashOf = (token: string): string =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')

describe('startBrowserLogin', () => {
  it('mints one Wink session, and a nonce of its own for each', async () => {
    const client = clientOf(wink)
    const one = await client.startBrowserLogin({ returnUrl, cancelUrl })
    const other = await client.startBrowserLogin({ returnUrl, cancelUrl, allowSso: true })
    expect(wink.to('session')).toHaveLength(2)
    expect(one.transaction).toEqual({ nonce: one.nonce, mintedAt: now, sso: 'refused' })
    expect(other.transaction.sso).toBe('allowed')
    expect(one.nonce).toMatch(/^[\w-]{43}$/)
    expect(other.nonce).not.toBe(one.nonce)
  })

  it('needs exact lists', async () => {
    for (const missing of ['returnUrls', 'cancelUrls'] as const) {
      const client = clientOf(wink, { [missing]: undefined })
      await expect(client.startBrowserLogin({ returnUrl, cancelUrl })).rejects.toMatchObject({
        code: 'core/invalid_option',
        cause: { option: missing },
      })
    }
    expect(wink.requests).toEqual([])
  })
})

describe('finishBrowserLogin', () => {
  it('takes our nonce in the access token, with or without an ID token', async () => {
    for (const id of [null, { nonce }, {}]) {
      await expect(finish({ nonce }, id)).resolves.toMatchObject({
        subject,
        authenticatedAt: now - 30,
        authTimeSource: 'requested',
        profile: { name: 'Ada Lovelace', verifiedUntil: now + 300 },
      })
    }
  })

  it('takes our nonce in the ID token, tied to the access token by the session or by its hash', async () => {
    await expect(finish({}, { nonce })).resolves.toMatchObject({ subject })
    const text = await wink.accessToken({ sid: undefined })
    const idToken = await wink.idToken({ nonce, sid: undefined, at_hash: hashOf(text) })
    const client = clientOf(wink)
    await expect(client.finishBrowserLogin({ accessToken: text, idToken }, transaction)).resolves.toMatchObject({
      subject,
    })
  })

  it('says when the user proved who they are by a signed auth_time, and by nothing where SSO was allowed', async () => {
    expect(await finish({ nonce }, { auth_time: now - 900 })).toMatchObject({
      authenticatedAt: now - 900,
      authTimeSource: 'auth_time',
    })
    expect(await finish({ nonce }, {}, { ...transaction, sso: 'allowed' })).not.toHaveProperty('authTimeSource')
  })

  it.each<[string, string, Claims, Claims | null]>([
    ['no nonce', 'wink/nonce_missing', {}, null],
    ['no nonce in either', 'wink/nonce_missing', {}, {}],
    ['another nonce', 'wink/nonce_mismatch', { nonce: 'other' }, null],
    ['another nonce in the ID token', 'wink/nonce_mismatch', {}, { nonce: 'other' }],
    ['our nonce in one and another in the other', 'wink/nonce_mismatch', { nonce }, { nonce: 'other' }],
    ['our nonce in one and null in the other', 'wink/nonce_mismatch', { nonce }, { nonce: null }],
    ['an access token of another client', 'wink/client_mismatch', { nonce, azp: 'other' }, null],
    ['an ID token of another client', 'wink/client_mismatch', {}, { nonce, azp: 'other' }],
    ['an ID token for someone else', 'oidc/audience_mismatch', {}, { nonce, aud: 'other', azp: 'other' }],
    ['an ID token as access token', 'wink/token_type_refused', { nonce, typ: 'ID' }, null],
    ['a refresh token as access token', 'wink/token_type_refused', { nonce, typ: 'Refresh' }, null],
    ['an access token as ID token', 'wink/token_type_refused', {}, { nonce, typ: 'Bearer' }],
    ['tokens of two users', 'wink/token_pair_mismatch', { sub: 'another' }, { nonce }],
    ['tokens of two sessions', 'wink/token_pair_mismatch', {}, { nonce, sid: 'sid-2' }],
    ['tokens that nothing ties together', 'wink/token_pair_mismatch', { sid: undefined }, { nonce, sid: undefined }],
    ['the hash of another access token', 'wink/token_pair_mismatch', {}, { nonce, at_hash: hashOf('other') }],
    ['a hash that is no text', 'wink/token_pair_mismatch', {}, { nonce, at_hash: 1 }],
    ['an access token of another issuer', 'oidc/issuer_mismatch', { nonce, iss: 'https://evil.example' }, null],
    ['an ID token of another issuer', 'oidc/issuer_mismatch', {}, { nonce, iss: 'https://evil.example' }],
    ['an expired access token', 'oidc/token_expired', { nonce, exp: now }, null],
    ['an expired ID token', 'oidc/token_expired', {}, { nonce, exp: now }],
    ['a token from before this login', 'wink/token_predates_login', { nonce, iat: now - 41 }, null],
  ])('refuses %s, and does not show it to Wink', async (_, code, access, id) => {
    await expect(finish(access, id)).rejects.toMatchObject({ code, status: 401 })
    expect(wink.to('verify-client')).toEqual([])
  })

  it('refuses tokens of another key', async () => {
    const { privateKey: key } = await generateKeyPair('RS256')
    const client = clientOf(wink)
    const signedElsewhere = await wink.accessToken({ nonce }, { key })
    const code = { code: 'oidc/signature_invalid' }
    await expect(client.finishBrowserLogin({ accessToken: signedElsewhere }, transaction)).rejects.toMatchObject(code)
    const tokens = { accessToken: await wink.accessToken(), idToken: await wink.idToken({ nonce }, { key }) }
    await expect(client.finishBrowserLogin(tokens, transaction)).rejects.toMatchObject(code)
    expect(wink.to('verify-client')).toEqual([])
  })

  it.each([
    ['has no login under way', null],
    ['brings back nothing of it', {}],
    ['brings back no time', { nonce, sso: 'refused' }],
    ['brings back no whole second', { ...transaction, mintedAt: '0' }],
    ['brings back no nonce', { ...transaction, nonce: null }],
    ['brings back another word', { ...transaction, sso: 'maybe' }],
  ])('refuses everything where this browser %s', async (_, stored) => {
    const accessToken = await wink.accessToken({ nonce })
    await expect(clientOf(wink).finishBrowserLogin({ accessToken }, stored)).rejects.toMatchObject({
      code: 'wink/nonce_mismatch',
    })
    expect(wink.requests).toEqual([])
  })

  it('lets the clocks differ by the tolerance, and no more', async () => {
    const login = async (clockToleranceSeconds: number | undefined, claims: Claims): Promise<unknown> =>
      clientOf(wink, { clockToleranceSeconds })
        .finishBrowserLogin({ accessToken: await wink.accessToken({ nonce, ...claims }) }, transaction)
        .then(
          () => 'passed',
          (error: { readonly code: string }) => error.code,
        )
    const { mintedAt } = transaction
    for (const [tolerance, most] of [
      [undefined, 10],
      [0, 0],
      [60, 60],
    ] as const) {
      expect(await login(tolerance, { iat: mintedAt - most })).toBe('passed')
      expect(await login(tolerance, { iat: mintedAt - most - 1 })).toBe('wink/token_predates_login')
      expect(await login(tolerance, { iat: now + most })).toBe('passed')
      expect(await login(tolerance, { iat: now + most + 1 })).toBe('oidc/issued_at_invalid')
    }
  })

  it('refuses the profile of another user', async () => {
    wink.answers['verify-client'] = (response) => json(response, { ...profile, winkToken: 'another' })
    await expect(finish({ nonce }, null)).rejects.toMatchObject({ code: 'wink/profile_mismatch' })
  })
})

describe('verified until', () => {
  it.each([
    ['2030-03-17T17:50:00Z', now + 200],
    ['2030-03-17T18:50:00.5+01:00', now + 200],
    ['2031-01-01T00:00:00Z', now + 300],
    ['soon', now + 300],
    ['2030-03-17', now + 300],
    ['0001-01-01T00:00:00Z', now + 300],
    [null, now + 300],
  ])('is the earlier of expiryTime %j and the end of the token', async (expiryTime, verifiedUntil) => {
    wink.answers['verify-client'] = (response) => json(response, { ...profile, expiryTime })
    expect((await finish({ nonce }, null)).profile).toMatchObject({ verifiedUntil })
  })
})

describe('an audience', () => {
  it('is required where the option says so', async () => {
    const client = clientOf(wink, { audience: 'payroll' })
    const verify = async (aud: unknown) => client.verifyAccessToken(await wink.accessToken({ aud }))
    await expect(verify('account')).rejects.toMatchObject({ code: 'oidc/audience_mismatch' })
    await expect(verify(['account', 'payroll'])).resolves.toMatchObject({ subject })
  })
})
