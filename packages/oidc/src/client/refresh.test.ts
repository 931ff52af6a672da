import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clientId, clientSecret, now, type StubProvider, startStubProvider, subject } from '../../test/stub-provider.ts'
import { createOidcClient, type OidcClient, type RefreshExpectation, refreshTokens } from '../index.ts'

let provider: StubProvider
let client: OidcClient
beforeAll(async () => {
  provider = await startStubProvider()
})
afterAll(() => provider.close())
beforeEach(() => {
  provider.requests.length = 0
  provider.answers.clear()
  client = createOidcClient(provider.metadata, {
    clientId,
    clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
    clock: () => now,
  })
})

const refresh = (expected: Partial<RefreshExpectation> = {}) =>
  refreshTokens(client, 'example-refresh-token', { subject, nonce: 'example-nonce', ...expected })

/** Answers with an ID token whose claims differ from the honest ones; a claim of undefined is left out. */
async function answer(changes: Record<string, unknown> = {}, response: Record<string, unknown> = {}): Promise<void> {
  const claims = JSON.parse(JSON.stringify({ ...provider.claims('example-nonce'), ...changes })) as object
  provider.answerTokens(await provider.key.sign(claims), response)
}

describe('a refresh', () => {
  it('sends the refresh token and gives the new tokens', async () => {
    await answer({}, { refresh_token: 'a-newer-refresh-token' })
    expect(await refresh()).toMatchObject({
      kind: 'completed',
      claims: { sub: subject },
      tokens: { accessToken: 'example-access-token', refreshToken: 'a-newer-refresh-token', expiresAt: now + 1800 },
    })
    const [request] = provider.requests
    expect(request?.headers.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'example-refresh-token',
    })
  })

  it('does without an ID token and without a new refresh token', async () => {
    await answer({}, { id_token: undefined })
    const result = await refresh()
    expect(result).toEqual({
      kind: 'completed',
      claims: null,
      tokens: { accessToken: 'example-access-token', expiresAt: now + 1800 },
    })
  })

  it('takes a nonce that is absent or the login’s, and any issuer of the set where none is expected', async () => {
    await answer({ nonce: undefined })
    expect(await refresh()).toMatchObject({ kind: 'completed' })
    await answer({ iss: provider.metadata.issuers[1] })
    expect(await refresh()).toMatchObject({ kind: 'completed' })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { iss: 'https://evil.example' }, 'oidc/issuer_mismatch'],
    ['another subject', { sub: 'eve' }, 'oidc/subject_mismatch'],
    ['no subject', { sub: undefined }, 'oidc/subject_missing'],
    ['another audience', { aud: `${clientId}1` }, 'oidc/audience_mismatch'],
    ['a further audience', { aud: [clientId, 'other'] }, 'oidc/authorized_party_mismatch'],
    ['another nonce', { nonce: 'example-nonce1' }, 'oidc/nonce_mismatch'],
    ['a past exp', { exp: now }, 'oidc/token_expired'],
    ['no exp', { exp: undefined }, 'oidc/token_expired'],
    ['a future iat', { iat: now + 3600 }, 'oidc/issued_at_invalid'],
    ['a wrong at_hash', { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'oidc/access_token_hash_mismatch'],
  ])('refuses an ID token with %s', async (_title, changes, code) => {
    await answer(changes)
    await expect(refresh()).rejects.toMatchObject({ code })
  })

  it('refuses a changed issuer where the login’s is expected, and a nonce where none is known', async () => {
    const [own, other = ''] = provider.metadata.issuers
    await answer({ iss: other })
    await expect(refresh({ issuer: own })).rejects.toMatchObject({ code: 'oidc/issuer_mismatch' })
    await answer()
    const unknown = refreshTokens(client, 'example-refresh-token', { subject })
    await expect(unknown).rejects.toMatchObject({ code: 'oidc/nonce_mismatch' })
  })

  it('refuses an ID token of another type or another signature', async () => {
    const claims = provider.claims('example-nonce')
    provider.answerTokens(await provider.key.sign(claims, { typ: 'at+jwt' }))
    await expect(refresh()).rejects.toMatchObject({ code: 'oidc/type_not_allowed' })
    const [head, body] = (await provider.key.sign(claims)).split('.')
    provider.answerTokens(`${head}.${body}.AAAA`)
    await expect(refresh()).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
  })

  it('refuses the access token of another user, with and without an ID token', async () => {
    const access_token = await provider.key.sign({ sub: 'eve' })
    for (const changes of [{ access_token }, { access_token, id_token: undefined }]) {
      await answer({}, changes)
      await expect(refresh()).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    }
  })

  it.each([
    ['400', { status: 400, body: { error: 'invalid_grant' } }, 'invalid_grant'],
    [
      'a WWW-Authenticate header',
      { status: 401, headers: { 'www-authenticate': 'Bearer error="x"' }, body: { error: 'invalid_grant' } },
      'invalid_grant',
    ],
    ['an error that is no name', { status: 400, body: { error: '<script>' } }, 'unknown'],
  ])('is refused with %s', async (_title, response, error) => {
    provider.answers.set('/token', response)
    expect(await refresh()).toEqual({ kind: 'refused', error })
    expect(provider.requests).toHaveLength(1)
  })

  it.each([
    ['a number', '30', 30],
    ['a date', new Date((now + 47) * 1000).toUTCString(), 40],
    ['more than a day', '1000000000', 86_400],
    ['nothing usable', 'soon', undefined],
    ['a year alone', 'soon 2099', undefined],
    ['a date that has passed', new Date(0).toUTCString(), undefined],
  ])('says how long the provider asks to wait, by %s', async (_title, header, retryAfterSeconds) => {
    provider.answers.set('/token', {
      status: 429,
      // A date counts from the provider's own time, which need not be ours.
      headers: { 'retry-after': header, date: new Date((now + 7) * 1000).toUTCString() },
      body: { error: 'invalid_grant' },
    })
    const error = await refresh().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'oidc/provider_busy', status: 503 })
    expect((error as { cause: unknown }).cause).toEqual({
      status: 429,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    })
  })

  it('is told apart from a provider that fails', async () => {
    for (const status of [500, 503]) {
      provider.answers.set('/token', { status, body: { error: 'invalid_grant' } })
      await expect(refresh()).rejects.toMatchObject({ code: 'oidc/token_request_failed', cause: { status } })
    }
  })
})
