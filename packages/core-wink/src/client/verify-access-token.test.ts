import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { clientOf } from '../../test/wink-client.ts'
import {
  clientId,
  clientSecret,
  json,
  now,
  standInForWink,
  subject,
  tag,
  type WinkStandIn,
} from '../../test/wink-stand-in.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

describe('verifyAccessToken', () => {
  it('gives the user with the profile of verify-client, in our names', async () => {
    const token = await wink.accessToken()
    await expect(clientOf(wink).verifyAccessToken(token)).resolves.toEqual({
      provider: 'wink',
      issuer: wink.issuer,
      subject,
      signedInAt: now,
      profile: {
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        tag,
        phone: '(875) 945-3854',
        birthYear: 1983,
        verifiedUntil: now + 300,
      },
    })
    const [request] = wink.to('verify-client')
    expect(request?.path).toBe('/api/ConfidentialClient/verify-client')
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ClientId: clientId,
      AccessToken: token,
      ClientSecret: clientSecret,
    })
    expect(request?.headers['user-agent']).toBe('latchkey')
    expect(request?.headers.authorization).toBeUndefined()
  })

  it('gives only what Wink tells, and never what is tokenised in the claims', async () => {
    wink.answers['verify-client'] = (response) =>
      json(response, { winkToken: subject, firstName: null, email: '', dateOfBirth: null })
    const token = await wink.accessToken({ email: 'tok_sandbox_1', given_name: 'tok_sandbox_2' })
    const identity = await clientOf(wink).verifyAccessToken(token)
    expect(identity.profile).toEqual({ tag, verifiedUntil: now + 300 })
  })

  it('calls nothing but the keys when told so', async () => {
    const identity = await clientOf(wink).verifyAccessToken(await wink.accessToken(), { remote: false })
    expect(identity).toMatchObject({ subject, profile: { tag } })
    expect(wink.to('verify-client')).toEqual([])
  })

  it('names the account issuer, whichever issuer of the list signed', async () => {
    const environment = {
      apiUrl: wink.url,
      authUrl: wink.url,
      issuers: ['https://account.example/realms/wink', wink.issuer],
    }
    const identity = await clientOf(wink, { environment }).verifyAccessToken(await wink.accessToken())
    expect(identity.issuer).toBe('https://account.example/realms/wink')
  })

  it('believes a signed auth_time, but not one of the future or 0', async () => {
    const client = clientOf(wink)
    const withTime = async (auth_time: unknown) => client.verifyAccessToken(await wink.accessToken({ auth_time }))
    expect(await withTime(now - 60)).toMatchObject({ authenticatedAt: now - 60, authTimeSource: 'auth_time' })
    for (const time of [0, now + 3600, -1, String(now), 0.5, null])
      expect(await withTime(time)).not.toHaveProperty('authTimeSource')
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['of another client', 'wink/client_mismatch', { azp: 'other' }],
    ['of no client', 'wink/client_mismatch', { azp: undefined }],
    ['with our id only in aud', 'wink/client_mismatch', { azp: 'other', aud: clientId }],
    ['that is an ID token', 'wink/token_type_refused', { typ: 'ID', aud: [clientId, 'account'] }],
    ['that is a refresh token', 'wink/token_type_refused', { typ: 'Refresh' }],
    ['without typ', 'wink/token_type_refused', { typ: undefined }],
    ['of another issuer', 'oidc/issuer_mismatch', { iss: 'https://evil.example/realms/wink' }],
    ['that has expired', 'oidc/token_expired', { exp: now }],
    ['without exp', 'oidc/token_expired', { exp: undefined }],
    ['of the future', 'oidc/issued_at_invalid', { iat: now + 60, exp: now + 360 }],
    ['without iat', 'oidc/issued_at_invalid', { iat: undefined }],
  ])('refuses a token %s, and does not show it to Wink', async (_, code, claims) => {
    const token = await wink.accessToken(claims)
    await expect(clientOf(wink).verifyAccessToken(token)).rejects.toMatchObject({ code, status: 401 })
    expect(wink.to('verify-client')).toEqual([])
  })

  it.each([undefined, '', 1])('refuses the subject %j', async (sub) => {
    const token = await wink.accessToken({ sub })
    await expect(clientOf(wink).verifyAccessToken(token)).rejects.toMatchObject({ code: 'wink/subject_missing' })
    expect(wink.to('verify-client')).toEqual([])
  })

  it('refuses a token of another key under our kid', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const token = await wink.accessToken({}, { key: privateKey })
    await expect(clientOf(wink).verifyAccessToken(token)).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
  })

  it.each(['', 'token', 'a.b', 'a.b.c', 'a.b.c.d.e', undefined])('refuses %j as a token', async (token) => {
    await expect(clientOf(wink).verifyAccessToken(token as string)).rejects.toMatchObject({ status: 401 })
    expect(wink.requests).toEqual([])
  })

  it('refuses a token that is older than asked for', async () => {
    const token = await wink.accessToken({ iat: now - 1 })
    const client = clientOf(wink)
    await expect(client.verifyAccessToken(token, { notBefore: now })).rejects.toMatchObject({
      code: 'wink/token_predates_login',
    })
    await expect(client.verifyAccessToken(token, { notBefore: now - 1 })).resolves.toMatchObject({ subject })
  })

  it('refuses another nonce, and none, when one is expected', async () => {
    const client = clientOf(wink)
    const withNonce = async (nonce: unknown) =>
      client.verifyAccessToken(await wink.accessToken({ nonce }), { nonce: 'expected' })
    await expect(withNonce(undefined)).rejects.toMatchObject({ code: 'wink/nonce_missing' })
    await expect(withNonce('other')).rejects.toMatchObject({ code: 'wink/nonce_mismatch' })
    await expect(withNonce('expected')).resolves.toMatchObject({ subject })
  })
})
