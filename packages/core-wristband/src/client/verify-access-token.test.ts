import { createAuth } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { createJourneys } from '../../test/journeys.ts'
import { clientId, now } from '../../test/vendor.ts'
import type { WristbandClientOptions } from '../application/options.ts'
import { wristbandProvider } from '../wristband-provider.ts'

const journeys = createJourneys()
const { client } = journeys
type Changes = Record<string, unknown>
const sign = (changes?: Changes, header?: Changes) => journeys.vendor.accessToken(changes, header)

describe('verifyAccessToken', () => {
  it('returns the claims of a good token', async () => {
    expect(await client().verifyAccessToken(await sign())).toMatchObject({ sub: 'user-1', client_id: clientId })
  })

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('takes the type %s', async (typ) => {
    await client().verifyAccessToken(await sign({}, { typ }))
  })

  it.each(['id+JWT', 'JWT', 'rt+JWT', 'logout+jwt', undefined])('refuses the type %s', async (typ) => {
    const verified = client().verifyAccessToken(await sign({}, { typ }))
    await expect(verified).rejects.toMatchObject({ code: 'oidc/type_not_allowed' })
  })

  it.each<[string, Changes, string]>([
    ['another issuer', { iss: 'https://evil.example' }, 'oidc/issuer_mismatch'],
    ['no issuer', { iss: undefined }, 'oidc/issuer_mismatch'],
    ['no exp', { exp: undefined }, 'oidc/token_expired'],
    ['a past exp', { exp: now }, 'oidc/token_expired'],
    ['a text as exp', { exp: String(now + 60) }, 'oidc/token_expired'],
    ['a future iat', { iat: now + 60 }, 'oidc/issued_at_invalid'],
    ['a future nbf', { nbf: now + 60 }, 'oidc/not_yet_valid'],
    ['another client', { client_id: `${clientId}1` }, 'wristband/client_mismatch'],
    ['no client', { client_id: undefined }, 'wristband/client_mismatch'],
    ['a list of clients', { client_id: [clientId] }, 'wristband/client_mismatch'],
    ['no subject', { sub: undefined }, 'oidc/subject_missing'],
    ['no kind', { sub_kind: undefined }, 'wristband/access_token_invalid'],
    ['another kind', { sub_kind: 'User' }, 'wristband/access_token_invalid'],
    ['a list of scopes', { scope: ['openid'] }, 'wristband/access_token_invalid'],
    ['a tenant that is none', { tnt_id: ['id-of-acme'] }, 'wristband/access_token_invalid'],
    ['an empty tenant', { tnt_id: '' }, 'wristband/access_token_invalid'],
  ])('refuses %s', async (_title, changes, code) => {
    await expect(client().verifyAccessToken(await sign(changes))).rejects.toMatchObject({ code, status: 401 })
  })

  it('shares no verdict between clients of one issuer that accept different callers', async () => {
    const token = await sign()
    const own = client()
    const other = client({ allowedClientIds: ['another-client'] })
    for (const _time of [1, 2]) {
      await expect(own.verifyAccessToken(token)).resolves.toBeDefined()
      await expect(other.verifyAccessToken(token)).rejects.toMatchObject({ code: 'wristband/client_mismatch' })
    }
  })

  it('refuses a token of another key, of no algorithm, and one in the signed text alone', async () => {
    journeys.vendor.behaviour.signWithOtherKey = 'accessToken'
    await expect(client().verifyAccessToken(await sign())).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
    const none = `${btoa('{"alg":"none","typ":"at+jwt"}').replaceAll('=', '')}.e30.`
    await expect(client().verifyAccessToken(none)).rejects.toMatchObject({ code: 'oidc/algorithm_not_allowed' })
    await expect(client().verifyAccessToken('a.b')).rejects.toMatchObject({ code: 'oidc/token_malformed' })
  })

  it('takes what the app lists: algorithms, issuers, clients', async () => {
    const { origin } = journeys.vendor
    const custom = 'https://auth.invo.example'
    const both = client({ issuers: [origin, custom], allowedClientIds: [clientId, 'machine-client'] })
    await both.verifyAccessToken(await sign({ iss: custom, client_id: 'machine-client' }))
    const others = client({ allowedClientIds: ['machine-client'] })
    await expect(others.verifyAccessToken(await sign())).rejects.toMatchObject({ code: 'wristband/client_mismatch' })
    const strict = client({ algorithms: ['ES256'] })
    await expect(strict.verifyAccessToken(await sign())).rejects.toMatchObject({ code: 'oidc/algorithm_not_allowed' })
    expect(() => client({ algorithms: ['HS256'] as never })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })

  it('looks for no key of a token that claims another issuer', async () => {
    // A clock of its own makes the client's key cache its own.
    const cold = client({ clock: () => now })
    const tokens = await Promise.all(Array.from({ length: 20 }, () => sign({ iss: 'https://evil.example' })))
    await Promise.allSettled(tokens.map((token) => cold.verifyAccessToken(token)))
    expect(journeys.vendor.journal).toEqual([])
  })
})

describe('requireBearer', () => {
  const authOf = (options: Partial<WristbandClientOptions> = {}) =>
    createAuth({
      baseUrl: 'https://invo.example',
      secret: 'an-example-secret-of-32-bytes-or-more',
      providers: [wristbandProvider({ client: client(options), tenancy: { kind: 'query' } })],
      clock: () => journeys.time,
    })
  const incoming = (token: string) =>
    new Request('https://invo.example/api', { headers: { authorization: `Bearer ${token}` } })

  it('gives a user’s claims in plain names', async () => {
    const token = await sign()
    expect(await authOf().requireBearer(incoming(token))).toMatchObject({
      kind: 'bearer',
      bearer: {
        provider: 'wristband',
        issuer: journeys.vendor.origin,
        subject: 'user-1',
        kind: 'user',
        clientId,
        tenant: 'id-of-acme',
        scopes: ['openid', 'email'],
        expiresAt: now + 1800,
      },
    })
  })

  const machine = { sub: clientId, sub_kind: 'client', tnt_id: undefined, scope: undefined }
  it('lets no machine pass where a user is required, and no user where a machine is', async () => {
    const token = await sign(machine)
    await expect(authOf().requireBearer(incoming(token))).rejects.toMatchObject({ code: 'auth/bearer_refused' })
    for (const kind of ['machine', 'any'] as const) {
      const { bearer } = await authOf().requireBearer(incoming(token), { kind })
      expect(bearer).toMatchObject({ kind: 'machine', scopes: [] })
      expect(bearer).not.toHaveProperty('tenant')
    }
    const user = authOf().requireBearer(incoming(await sign()), { kind: 'machine' })
    await expect(user).rejects.toMatchObject({ code: 'auth/bearer_refused' })
  })

  it('requires scopes and tenant, and fails closed where the token says nothing of them', async () => {
    const require = async (changes: Changes, requirement: object) =>
      authOf().requireBearer(incoming(await sign(changes)), requirement)
    await require({}, { scopes: ['email'], tenant: 'id-of-acme' })
    await expect(require({}, { scopes: ['email', 'roles'] })).rejects.toMatchObject({ code: 'auth/scope_required' })
    await expect(require({ scope: undefined }, { scopes: ['email'] })).rejects.toMatchObject({
      code: 'auth/scope_required',
    })
    await expect(require({}, { tenant: 'id-of-globex' })).rejects.toMatchObject({ code: 'auth/tenant_required' })
    await expect(require({ tnt_id: undefined }, { tenant: 'id-of-acme' })).rejects.toMatchObject({
      code: 'auth/tenant_required',
    })
  })

  it('answers 401 with one code for every token that is not good', async () => {
    for (const changes of [{ exp: now }, { client_id: 'x' }, { sub_kind: 'x' }, { iss: 'https://evil.example' }]) {
      await expect(authOf().requireBearer(incoming(await sign(changes)))).rejects.toMatchObject({
        code: 'auth/bearer_invalid',
        status: 401,
      })
    }
  })
})
