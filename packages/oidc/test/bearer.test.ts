import { beforeEach, describe, expect, it } from 'vitest'
import { type BearerOptions, type OidcProviderOptions, oidcProvider } from '../src/index.ts'
import { type App, createApp } from './app.ts'
import { clientId, createFakeProvider, type FakeProvider, issuer } from './fake-provider.ts'
import { createSigningKey } from './signing-key.ts'

const audience = 'https://api.app.example'
let fake: FakeProvider
beforeEach(async () => {
  fake = await createFakeProvider()
})

function providerOf(bearer: Partial<BearerOptions>, options: Partial<OidcProviderOptions<'google'>> = {}) {
  return oidcProvider({
    name: 'google',
    issuer,
    clientId,
    fetch: fake.fetch,
    bearer: { audience, ...bearer },
    ...options,
  })
}

function appOf(bearer: Partial<BearerOptions> = {}): App {
  return createApp([providerOf(bearer)])
}

const user = { kind: (claims: object) => ('group' in claims ? 'user' : null) } as const

/** The token that a request presents, and what comes of it. */
async function present(app: App, token: string, requirement: object = {}): Promise<unknown> {
  const request = new Request('https://app.example/api', { headers: { authorization: `Bearer ${token}` } })
  try {
    return (await app.auth.requireBearer(request, requirement)).bearer
  } catch (error) {
    return (error as { code: string }).code
  }
}

function sign(
  changes: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = { typ: 'at+jwt' },
) {
  return fake.key.sign(
    fake.claimsOf({ aud: audience, client_id: 'caller', scope: 'read write', group: 'staff', ...changes }),
    header,
  )
}

describe('an access token', () => {
  it('that is good says whose it is', async () => {
    const bearer = await present(appOf(user), await sign(), { scopes: ['read'] })
    expect(bearer).toMatchObject({
      provider: 'google',
      issuer,
      subject: 'ada',
      kind: 'user',
      clientId: 'caller',
      scopes: ['read', 'write'],
      expiresAt: expect.any(Number),
    })
  })

  it('is accepted by none without the option', async () => {
    const app = createApp([oidcProvider({ name: 'google', issuer, clientId, fetch: fake.fetch })])
    expect(await present(app, await sign())).toBe('auth/bearer_invalid')
    expect(fake.requests).toEqual([])
  })

  const everyType = { ...user, types: ['at+jwt', 'JWT', null] } as const satisfies Partial<BearerOptions>
  const nothing = undefined

  it.each([
    ['an ID token', { aud: clientId, nonce: 'n' }, {}],
    ['an ID token for the API', { nonce: 'n' }, {}],
    ['an ID token with a hash', { at_hash: 'h' }, {}],
    ['an ID token of a hybrid flow', { c_hash: 'h' }, {}],
    ['an ID token by its type', {}, { typ: 'id+jwt' }],
    ['a refreshed ID token, which Keycloak names', { typ: 'ID' }, { typ: 'JWT' }],
    ['a refresh token, which Keycloak names', { typ: 'Refresh' }, { typ: 'JWT' }],
    ['an offline token, which Keycloak names', { typ: 'Offline' }, { typ: 'JWT' }],
    ['a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }, {}],
    ['a logout token by its type', {}, { typ: 'logout+jwt' }],
    ['events of nothing', { events: null }, {}],
    ['a userinfo answer', { exp: nothing, iat: nothing }, {}],
    ['a token without `sub`', { sub: nothing }, { typ: 'at+jwt' }],
    ['a token whose `sub` is null', { sub: null }, { typ: 'at+jwt' }],
    ['a token whose `sub` is empty', { sub: '' }, { typ: 'at+jwt' }],
    ['a token without `exp`', { exp: nothing }, { typ: 'at+jwt' }],
    ['a token without `iat`', { iat: nothing }, { typ: 'at+jwt' }],
    ['a token without `aud`', { aud: nothing }, { typ: 'at+jwt' }],
    ['a token for several others', { aud: ['one', 'two'] }, { typ: 'at+jwt' }],
    ['a token of another issuer', { iss: 'https://other.example' }, { typ: 'at+jwt' }],
    ['a token that has expired', { exp: 1_000_000_000 }, { typ: 'at+jwt' }],
  ])('is not %s, whatever types are accepted', async (_what, changes, header) => {
    expect(await present(appOf(everyType), await sign(changes, header), { kind: 'any' })).toBe('auth/bearer_invalid')
  })

  it('may be for several, us among them', async () => {
    expect(await present(appOf(user), await sign({ aud: ['other', audience] }))).toMatchObject({ subject: 'ada' })
  })

  it.each([
    [undefined, ['at+jwt', 'AT+JWT', 'application/at+jwt']],
    [['JWT'], ['JWT', 'jwt']],
    [[null], [undefined]],
    [
      ['at+jwt', null],
      ['at+jwt', 'application/at+jwt', undefined],
    ],
  ] as const)('of the types %j has one of the headers %j', async (types, accepted) => {
    const app = appOf({ ...user, types })
    const headers = ['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', 'jwt', undefined, 'dpop+jwt', null, 'other']
    for (const typ of headers) {
      const isGood = (accepted as readonly unknown[]).some(
        (each) => String(each).toLowerCase() === String(typ).toLowerCase(),
      )
      const outcome = await present(app, await sign({}, typ === undefined ? {} : { typ }))
      expect([typ, typeof outcome === 'object']).toEqual([typ, isGood])
    }
  })

  it('of a key that is not the provider’s is refused', async () => {
    const other = await createSigningKey()
    const token = await other.sign(fake.claimsOf({ aud: audience }), { typ: 'at+jwt' })
    expect(await present(appOf(user), token)).toBe('auth/bearer_invalid')
  })

  it('of a provider that cannot be asked is not the caller’s fault', async () => {
    fake.answers.set('/.well-known/openid-configuration', () => Response.json({}, { status: 500 }))
    expect(await present(appOf(user), await sign())).toBe('oidc/metadata_unavailable')
  })
})

describe('the kind of an access token', () => {
  it.each([
    ['a client that is its own subject', { sub: 'caller' }],
    ['a client by `azp`', { sub: 'caller', client_id: undefined, azp: 'caller' }],
  ])('is a machine’s for %s', async (_what, changes) => {
    const token = await sign(changes)
    expect(await present(appOf(), token)).toBe('auth/bearer_refused')
    expect(await present(appOf(), token, { kind: 'machine' })).toMatchObject({ kind: 'machine', clientId: 'caller' })
  })

  it.each([
    ['a service account of Keycloak', { sub: 'b7b0c2de', azp: 'caller', client_id: 'caller' }],
    ['a token without a client', { client_id: undefined }],
  ])('is unknown for %s, and passes `any` alone', async (_what, changes) => {
    const token = await sign(changes)
    expect(await present(appOf(), token)).toBe('auth/bearer_refused')
    expect(await present(appOf(), token, { kind: 'machine' })).toBe('auth/bearer_refused')
    expect(await present(appOf(), token, { kind: 'any' })).toMatchObject({ kind: null })
  })

  it.each([null, undefined, 'admin', true, Promise.resolve('user')])(
    'that the app names %j is unknown',
    async (kind) => {
      const app = appOf({ kind: (() => kind) as () => 'user' })
      expect(await present(app, await sign())).toBe('auth/bearer_refused')
      expect(await present(app, await sign(), { kind: 'any' })).toMatchObject({ kind: null })
    },
  )

  it('that the app promises and does not tell is unknown, and ends nothing', async () => {
    const app = appOf({ kind: (async () => Promise.reject(new Error('not told'))) as never })
    expect(await present(app, await sign())).toBe('auth/bearer_refused')
  })
})

describe('the audience', () => {
  it.each([['JWT'], [null], ['at+jwt', 'JWT']] as const)('is not the client id with the types %j', (...types) => {
    expect(() => providerOf({ audience: clientId, types })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })

  it('may be the client id where access tokens are marked', async () => {
    const app = appOf({ ...user, audience: clientId })
    expect(await present(app, await sign({ aud: clientId }))).toMatchObject({ subject: 'ada' })
    expect(await present(app, await sign({ aud: clientId, nonce: 'n' }, {}))).toBe('auth/bearer_invalid')
  })

  it.each([undefined, '', null, ['a']])('%j is none', (wrong) => {
    expect(() => providerOf({ audience: wrong as string })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })
})

describe('two providers of one issuer', () => {
  const both = () => [
    providerOf(user),
    oidcProvider({
      name: 'keycloak',
      issuer,
      clientId: 'mobile',
      fetch: fake.fetch,
      bearer: { audience: 'mobile', ...user },
    }),
  ]
  it('are told apart by the requirement, in whatever order they stand', async () => {
    for (const providers of [both(), both().reverse()]) {
      const app = createApp(providers)
      expect(await present(app, await sign(), { provider: 'google' })).toMatchObject({ provider: 'google' })
      expect(await present(app, await sign(), { provider: 'keycloak' })).toBe('auth/bearer_invalid')
      expect(await present(app, await sign())).toBe('core/invalid_option')
    }
  })
})
