import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { now, type Token, withClaims, without } from '../../test/vendor.ts'

const journeys = createJourneys()
const { completed, refusal, expectNoCall, expectNoUserinfo } = journeys

describe('finishLogin refuses', () => {
  it.each([
    ['a callback without state', (url: URL) => url.searchParams.delete('state'), 'oidc/state_mismatch'],
    ['an empty state', (url: URL) => url.searchParams.set('state', ''), 'oidc/state_mismatch'],
    ['a doubled state', (url: URL) => url.searchParams.append('state', 'another'), 'oidc/callback_invalid'],
    ['a doubled code', (url: URL) => url.searchParams.append('code', 'x'), 'oidc/callback_invalid'],
    ['a doubled tenant_name', (url: URL) => url.searchParams.append('tenant_name', 'acme'), 'oidc/callback_invalid'],
    ['an error beside a code', (url: URL) => url.searchParams.set('error', 'login_required'), 'oidc/callback_invalid'],
    [
      'an answer of another issuer',
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
      'oidc/response_issuer_mismatch',
    ],
  ])('%s, and redeems nothing', async (_, callback, code) => {
    expect(await refusal({ callback })).toMatchObject({ code })
    expectNoCall()
  })

  const set = (claim: string, value: (claims: Token['claims']) => unknown) =>
    withClaims((claims) => ({ ...claims, [claim]: value(claims) }))
  const mutations: readonly [string, (token: Token) => Token, string][] = [
    ['wrong iss', set('iss', ({ iss }) => `${iss}1`), 'oidc/issuer_mismatch'],
    ['wrong aud', set('aud', ({ aud }) => `${aud}1`), 'oidc/audience_mismatch'],
    ['wrong nonce', set('nonce', ({ nonce }) => `${nonce}1`), 'oidc/nonce_mismatch'],
    ['past exp', set('exp', () => now - 360), 'oidc/token_expired'],
    ['future iat', set('iat', () => now + 3600), 'oidc/issued_at_invalid'],
    ['wrong at_hash', set('at_hash', () => 'AAAAAAAAAAAAAAAAAAAAAA'), 'oidc/access_token_hash_mismatch'],
    ['missing sub', withClaims(without('sub')), 'oidc/subject_missing'],
    ['wrong typ', (token) => ({ ...token, header: { ...token.header, typ: 'at+JWT' } }), 'oidc/type_not_allowed'],
  ]
  it.each(mutations)('an ID token with a %s', async (_, mutation, code) => {
    journeys.vendor.behaviour.idToken = mutation
    expect(await refusal()).toMatchObject({ code })
    expectNoUserinfo()
  })

  it('a response without an ID token', async () => {
    journeys.vendor.behaviour.tokenResponse = without('id_token')
    expect(await refusal()).toMatchObject({ code: 'oidc/id_token_missing' })
    expectNoUserinfo()
  })

  it.each(['none', 'HS256'])('an ID token with alg %s', async (alg) => {
    const header = Buffer.from(JSON.stringify({ alg, typ: 'id+JWT', kid: 'key-1' })).toString('base64url')
    journeys.vendor.behaviour.tokenResponse = (body) => {
      const [, payload, signature] = String(body.id_token).split('.')
      return { ...body, id_token: `${header}.${payload}.${signature}` }
    }
    expect(await refusal()).toMatchObject({ code: 'oidc/algorithm_not_allowed' })
    expectNoUserinfo()
  })

  it.each(['idToken', 'accessToken'] as const)('an %s that someone else signed', async (token) => {
    journeys.vendor.behaviour.signWithOtherKey = token
    expect(await refusal()).toMatchObject({ code: 'oidc/signature_invalid' })
    expectNoUserinfo()
  })

  it('an access token of another issuer', async () => {
    journeys.vendor.behaviour.accessToken = set('iss', ({ iss }) => `${iss}1`)
    expect(await refusal()).toMatchObject({ code: 'oidc/issuer_mismatch' })
    expectNoUserinfo()
  })

  it('an ID token in place of the access token', async () => {
    journeys.vendor.behaviour.accessToken = (token) => ({ ...token, header: { ...token.header, typ: 'id+JWT' } })
    expect(await refusal()).toMatchObject({ code: 'oidc/type_not_allowed' })
    expectNoUserinfo()
  })

  it('an access token of another user', async () => {
    journeys.vendor.behaviour.accessToken = set('sub', () => 'user-2')
    expect(await refusal()).toMatchObject({ code: 'oidc/subject_mismatch' })
    expectNoUserinfo()
  })

  it('userinfo of another user', async () => {
    journeys.vendor.behaviour.userinfo = (claims) => ({ ...claims, sub: 'user-1invalid' })
    expect(await refusal()).toMatchObject({ code: 'oidc/subject_mismatch' })
  })

  it('userinfo that cannot be read', async () => {
    journeys.vendor.behaviour.userinfo = (claims) => ({ ...claims, roles: 'admin' })
    expect(await refusal()).toMatchObject({ code: 'wristband/userinfo_invalid', cause: { claim: 'roles' } })
  })

  it('a sign-in that took more than ten minutes', async () => {
    const late = (seconds: number) => () => {
      journeys.time = now + seconds
    }
    await completed({ callback: late(600) })
    journeys.vendor.reset()
    journeys.time = now
    expect(await refusal({ callback: late(601) })).toMatchObject({ code: 'wristband/login_expired' })
    expectNoCall()
  })

  it('an auth_time older than was asked for', async () => {
    journeys.vendor.behaviour.idToken = set('auth_time', () => now - 3600)
    expect(await refusal({ start: { maxAuthAgeSeconds: 60 } })).toMatchObject({
      code: 'wristband/authentication_too_old',
    })
    expectNoUserinfo()
    await completed({ start: { maxAuthAgeSeconds: 3600 } })
  })
})
