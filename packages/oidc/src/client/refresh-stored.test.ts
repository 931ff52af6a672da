import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey } from '../../test/signing-key.ts'
import { clientId, clientSecret, now, type StubProvider, startStubProvider, subject } from '../../test/stub-provider.ts'
import {
  createOidcClient,
  type OidcClient,
  oidcError,
  refreshFailure,
  refreshStoredTokens,
  revokeToken,
} from '../index.ts'

let provider: StubProvider
let client: OidcClient
let time = now

beforeAll(async () => {
  provider = await startStubProvider()
})
afterAll(() => provider.close())
beforeEach(() => {
  time = now
  provider.requests.length = 0
  provider.answers.clear()
  const metadata = { ...provider.metadata, revocationEndpoint: `${provider.metadata.issuers[0]}/revoke` }
  client = createOidcClient(metadata, {
    clientId,
    clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
    clock: () => time,
  })
})

const old = { refreshToken: 'the-old-one', nonce: 'example-nonce' }

const refresh = (complete: Parameters<typeof refreshStoredTokens>[2] = ({ tokens }) => tokens) =>
  refreshStoredTokens(client, { ...old, subject }, complete)

/** Answers a refresh with another refresh token, or whatever the changes say. */
async function answer(changes: Readonly<Record<string, unknown>> = { refresh_token: 'the-new-one' }): Promise<void> {
  const claims = { ...provider.claims(old.nonce), iat: time, exp: time + 300 }
  provider.answerTokens(await provider.key.sign(claims), { expires_in: 300, ...changes })
}

const sent = (path: string, member: string) =>
  provider.requests.filter((one) => one.path === path).map(({ body }) => new URLSearchParams(body).get(member))

const outage = () => Promise.reject(oidcError('oidc/userinfo_failed'))

describe('tokens that a session keeps', () => {
  it.each([
    ['a new one', { refresh_token: 'the-new-one' }, 'the-new-one'],
    ['none', {}, 'the-old-one'],
    ['null', { refresh_token: null }, 'the-old-one'],
  ])('have their refresh token replaced, or keep it: %s', async (_title, changes, refreshToken) => {
    await answer(changes)
    await expect(refresh()).resolves.toEqual({
      kind: 'completed',
      result: {
        accessToken: 'example-access-token',
        refreshToken,
        expiresAt: now + 300,
        refreshAt: now + 240,
        nonce: old.nonce,
      },
    })
  })

  it('are not sent before the keys are at hand to verify the answer with', async () => {
    await answer()
    provider.answers.set('/jwks', { status: 503, body: {} })
    await expect(refresh()).rejects.toMatchObject({ code: 'oidc/jwks_unavailable' })
    expect(sent('/token', 'refresh_token')).toEqual([])
  })
})

describe('a refresh that cannot be completed for now', () => {
  it('goes on with the answer that it has, checked anew, and sends no refresh token twice', async () => {
    await answer()
    await expect(refresh(outage)).rejects.toMatchObject({ code: 'oidc/userinfo_failed' })
    await expect(refresh(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug')
    await expect(refresh()).resolves.toMatchObject({ result: { refreshToken: 'the-new-one' } })
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one'])
    // Completed: what is sent again is sent.
    await refresh()
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one', 'the-old-one'])
  })

  it('goes on by the newest refresh token once the answer has expired', async () => {
    await answer()
    await expect(refresh(outage)).rejects.toThrow()
    time += 300
    await answer({})
    await expect(refresh(outage)).rejects.toThrow()
    time += 300
    await answer({})
    await expect(refresh()).resolves.toMatchObject({ result: { refreshToken: 'the-new-one', expiresAt: time + 300 } })
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one', 'the-new-one', 'the-new-one'])
  })

  it('goes on by it, too, once the ID token of the answer has expired', async () => {
    await answer({ refresh_token: 'the-new-one', expires_in: 1800 })
    await expect(refresh(outage)).rejects.toThrow()
    time += 300
    await answer({ refresh_token: 'the-newest-one' })
    await expect(refresh()).resolves.toMatchObject({ result: { refreshToken: 'the-newest-one' } })
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one', 'the-new-one'])
  })

  it('waits for a key that is not published yet', async () => {
    const next = await createSigningKey('the-next-key')
    provider.answerTokens(await next.sign(provider.claims(old.nonce)), { refresh_token: 'the-new-one' })
    const error = await refresh().catch((thrown: unknown) => thrown)
    expect(refreshFailure(error)).toEqual({ kind: 'failed', code: 'oidc/key_not_found' })
    provider.answers.set('/jwks', { body: { keys: [next.publicJwk] } })
    time += 10
    await expect(refresh()).resolves.toMatchObject({ result: { refreshToken: 'the-new-one' } })
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one'])
  })

  it.each(['iat', 'nbf'])('waits for our clock, where it is a little behind (%s)', async (claim) => {
    const claims = { ...provider.claims(old.nonce), [claim]: now + 11 }
    provider.answerTokens(await provider.key.sign(claims), { refresh_token: 'the-new-one' })
    const error = await refresh().catch((thrown: unknown) => thrown)
    expect(refreshFailure(error)).toMatchObject({ kind: 'failed' })
    time += 5
    await expect(refresh()).resolves.toMatchObject({ result: { refreshToken: 'the-new-one' } })
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one'])
  })

  it.each([
    ['hours ahead', { iat: now + 3600 }],
    ['no time', { iat: 'soon' }],
    ['missing', { iat: undefined }],
  ])('does not wait for a clock that is %s', async (_title, changes) => {
    provider.answerTokens(await provider.key.sign({ ...provider.claims(old.nonce), ...changes }))
    const error = await refresh().catch((thrown: unknown) => thrown)
    expect(refreshFailure(error)).toEqual({ kind: 'ended', reason: 'issued_at_invalid' })
  })

  it('is tried again where the provider replaces no refresh token', async () => {
    await answer({})
    await expect(refresh(outage)).rejects.toThrow()
    await refresh()
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one', 'the-old-one'])
  })

  it('is over with a verdict: of the checks, or of the provider', async () => {
    await answer()
    await expect(refresh(outage)).rejects.toThrow()
    await expect(refresh(() => Promise.reject(oidcError('oidc/subject_mismatch')))).rejects.toThrow()
    await refresh()
    expect(sent('/token', 'refresh_token')).toEqual(['the-old-one', 'the-old-one'])
    await expect(refresh(outage)).rejects.toThrow()
    time += 300
    provider.answers.set('/token', { status: 400, body: { error: 'invalid_grant' } })
    await expect(refresh()).resolves.toEqual({ kind: 'refused', error: 'invalid_grant' })
    await refresh()
    expect(sent('/token', 'refresh_token').slice(2)).toEqual(['the-old-one', 'the-new-one', 'the-old-one'])
  })

  it('is revoked by the refresh token that is alive', async () => {
    await answer()
    await expect(refresh(outage)).rejects.toThrow()
    provider.answers.set('/revoke', { status: 200, body: {} })
    await revokeToken(client, old.refreshToken, { hint: 'refresh_token' })
    expect(sent('/revoke', 'token')).toEqual(['the-new-one'])
  })
})
