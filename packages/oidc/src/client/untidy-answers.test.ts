import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clientId, clientSecret, now, type StubProvider, startStubProvider, subject } from '../../test/stub-provider.ts'
import {
  authorizationRequest,
  createOidcClient,
  exchangeCode,
  type OidcClient,
  type OidcTransaction,
  refreshTokens,
  requestUserinfo,
} from '../index.ts'

let provider: StubProvider
let client: OidcClient
let transaction: OidcTransaction

beforeAll(async () => {
  provider = await startStubProvider()
})
afterAll(() => provider.close())
beforeEach(async () => {
  provider.answers.clear()
  client = createOidcClient(provider.metadata, {
    clientId,
    clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
    clock: () => now,
  })
  const start = await authorizationRequest(client, { redirectUri: 'https://app.example/callback', scopes: ['openid'] })
  transaction = start.transaction
})

const login = () =>
  exchangeCode(
    client,
    new URL(`https://app.example/callback?code=example-code&state=${transaction.state}`),
    transaction,
  )
const refresh = () => refreshTokens(client, 'example-refresh-token', { subject, nonce: transaction.nonce })
const answer = async (changes: Readonly<Record<string, unknown>>): Promise<void> =>
  provider.answerTokens(await provider.key.sign(provider.claims(transaction.nonce)), changes)

describe('a token answer', () => {
  it.each([
    ['refresh_token', { refreshToken: undefined }],
    ['scope', { scope: undefined }],
    ['expires_in', { expiresAt: now + 300 }],
  ])('with a %s that is null is one without it, at login and refresh', async (member, tokens) => {
    await answer({ [member]: null })
    await expect(login()).resolves.toMatchObject({ kind: 'completed', tokens })
    await expect(refresh()).resolves.toMatchObject({ kind: 'completed', tokens })
  })

  it('with an ID token that is null has none: a refresh goes on, a login does not', async () => {
    await answer({ id_token: null })
    await expect(refresh()).resolves.toMatchObject({ kind: 'completed', claims: null })
    await expect(login()).rejects.toMatchObject({ code: 'oidc/id_token_missing' })
  })

  it('with an access token or a token type that is null has none, and is refused', async () => {
    for (const member of ['access_token', 'token_type']) {
      await answer({ [member]: null })
      await expect(login()).rejects.toMatchObject({ code: 'oidc/token_response_invalid' })
      await expect(refresh()).rejects.toMatchObject({ code: 'oidc/token_response_invalid' })
    }
  })

  it('is judged by what is kept of it alone', async () => {
    await answer({
      refresh_expires_in: 'soon',
      session_state: null,
      authorization_details: 'none',
      'not-before-policy': {},
    })
    await expect(login()).resolves.toMatchObject({ kind: 'completed' })
  })
})

describe('claims that are not kept', () => {
  it('may be of any type', async () => {
    const odd = { updated_at: '2026-01-01', email_verified: 'yes', amr: null, roles: {}, name: 7 }
    provider.answerTokens(await provider.key.sign({ ...provider.claims(transaction.nonce), ...odd }))
    await expect(login()).resolves.toMatchObject({ kind: 'completed', claims: odd })
    provider.answers.set('/userinfo', { body: { sub: subject, ...odd } })
    await expect(requestUserinfo(client, { accessToken: 'a', subject })).resolves.toMatchObject(odd)
  })
})

describe('an access token that names nobody', () => {
  it('contradicts nothing, at login and refresh', async () => {
    for (const claims of [{}, { sub: null }]) {
      await answer({ access_token: await provider.key.sign(claims) })
      await expect(login()).resolves.toMatchObject({ kind: 'completed', claims: { sub: subject } })
      await expect(refresh()).resolves.toMatchObject({ kind: 'completed' })
    }
  })

  it('leaves it to userinfo, which must name the user', async () => {
    for (const body of [{}, { sub: null }, { sub: 'bob' }, { sub: 7 }]) {
      provider.answers.set('/userinfo', { body })
      await expect(requestUserinfo(client, { accessToken: 'a', subject })).rejects.toMatchObject({
        code: 'oidc/subject_mismatch',
      })
    }
  })
})

describe('a provider that asks us to wait', () => {
  const busy = { code: 'oidc/provider_busy', status: 503 }

  it.each(['/token', '/userinfo'])('is told apart from one that fails, at %s', async (path) => {
    const ask = () => (path === '/token' ? login() : requestUserinfo(client, { accessToken: 'a', subject }))
    provider.answers.set(path, { status: 429, headers: { 'retry-after': '7' }, body: { error: 'slow_down' } })
    await expect(ask()).rejects.toMatchObject({ ...busy, cause: { status: 429, retryAfterSeconds: 7 } })
    provider.answers.set(path, { status: 429, body: '' })
    await expect(ask()).rejects.toMatchObject({ ...busy, cause: { status: 429 } })
    provider.answers.set(path, { status: 500, headers: { 'retry-after': '7' }, body: '' })
    await expect(ask()).rejects.toMatchObject({ status: 502 })
  })

  it('may say so by 503, where it names the time', async () => {
    provider.answers.set('/token', { status: 503, headers: { 'retry-after': '120' }, body: '' })
    await expect(login()).rejects.toMatchObject({ ...busy, cause: { status: 503, retryAfterSeconds: 120 } })
    provider.answers.set('/token', { status: 503, body: '' })
    await expect(login()).rejects.toMatchObject({ code: 'oidc/token_request_failed', status: 502 })
  })
})
