import { describe, expect, it } from 'vitest'
import { checkBearerRequirementEarly, checkSessionRequirementEarly } from '../src/adapter.ts'
import type { BearerRequirement, BearerToken } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp, refusalOf } from './app.ts'
import { accessTokenOf, createBearerVendor, withBearer } from './bearer-vendor.ts'

const token = (claims: Partial<BearerToken> = {}) => accessTokenOf('acme', claims)

function createApi(): ReturnType<typeof createApp> {
  return createApp({
    providers: [createBearerVendor('acme').provider, createBearerVendor('acmetwo').provider, acme('beta')],
  })
}

/** What becomes of a request with this access token under this requirement. */
function outcome(requirement: BearerRequirement, presented: string = token()): Promise<string> {
  return refusalOf(createApi().auth.requireBearer(withBearer(presented), requirement))
}

describe('an access token that is required', () => {
  it('is handed over with the headers that its answer must carry', async () => {
    const { auth, events } = createApi()
    const claims = { clientId: 'app-1', tenant: 'tnt-1', scopes: ['read'] }
    expect(await auth.requireBearer(withBearer(token(claims)))).toMatchObject({
      kind: 'bearer',
      bearer: { provider: 'acme', issuer: 'https://acme.example', subject: 'ada', kind: 'user', ...claims },
      headers: [
        ['cache-control', 'private, no-store'],
        ['vary', 'Cookie'],
      ],
    })
    expect(events).toEqual([])
  })

  it('must have the scopes that the guard was made with, whatever the app does to its list since', async () => {
    const scopes = ['write']
    const requirement = { scopes }
    const checked = checkBearerRequirementEarly(requirement)
    scopes.length = 0
    expect(await outcome(checked)).toBe('auth/scope_required')
    expect(await outcome(checked, token({ scopes: ['write'] }))).toBe('not refused')
    expect(await outcome(requirement)).toBe('core/invalid_option')
  })

  it('meets no requirement that was checked for a session', async () => {
    expect(await outcome(checkSessionRequirementEarly({ maxAuthAgeSeconds: 300 }) as object)).toBe(
      'core/invalid_option',
    )
  })

  it('is refused to anyone without one, whatever session they have', async () => {
    const { auth, events, browser: open } = createApi()
    const browser = open()
    await browser.signIn()
    expect(await refusalOf(auth.requireBearer(browser.request()))).toBe('auth/bearer_required')
    expect(events.at(-1)).toMatchObject({ type: 'request.refused', code: 'auth/bearer_required' })
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Basic YWRhOng=',
    `Bearer ${token()} ${token()}`,
    `Bearer ${token()}, Bearer ${token()}`,
    `Bearer ${token()}\t`,
    `Bearer "${token()}"`,
    `Token ${token()}`,
    `Bearer ${'A'.repeat(20_000)}.e30.e30`,
  ])('is none in another form of header (%#)', async (authorization) => {
    const { auth } = createApi()
    const headers = { get: (name: string) => (name === 'authorization' ? authorization : null) }
    const refused = auth.requireBearer({ method: 'GET', url: '/api', headers })
    expect(await refusalOf(refused)).toBe('auth/bearer_invalid')
  })

  it.each(['bearer', 'BEARER', 'Bearer  '])('may come under the scheme %j', async (scheme) => {
    const { auth } = createApi()
    const request = new Request('https://app.example/api', { headers: { authorization: `${scheme} ${token()}` } })
    expect(await refusalOf(auth.requireBearer(request))).toBe('not refused')
  })

  it.each([
    ['opaque'],
    ['a.b'],
    ['a.b.c'],
    ['e30.e30.e30'],
    [accessTokenOf('gamma')],
    [accessTokenOf('beta')],
    [accessTokenOf('acme.example.evil')],
    [`${token()}.x`],
    [`${token().split('.').slice(0, 2).join('.')}.=`],
  ])('is refused where no installed provider would verify it (%#)', async (presented) => {
    const vendor = createBearerVendor('acme')
    const { auth } = createApp({ providers: [vendor.provider, acme('beta')] })
    expect(await refusalOf(auth.requireBearer(withBearer(presented)))).toBe('auth/bearer_invalid')
    expect(vendor.verified).toEqual([])
  })

  it('is refused with 401 where its provider refuses it, and with the provider’s own error where that is down', async () => {
    const { auth, events } = createApi()
    const forged = (how: string) => auth.requireBearer(withBearer(accessTokenOf('acme', { forged: how })))
    await expect(forged('yes')).rejects.toMatchObject({ code: 'auth/bearer_invalid', status: 401 })
    await expect(forged('vendor is down')).rejects.toMatchObject({ code: 'acme/down', status: 503 })
    expect(events).toMatchObject([
      { type: 'request.refused', code: 'auth/bearer_invalid' },
      { type: 'request.refused', code: 'acme/down' },
    ])
  })

  it('must be of the provider that is named, which alone verifies it', async () => {
    const [one, two] = [createBearerVendor('acme'), createBearerVendor('acmetwo')]
    const { auth } = createApp({ providers: [one.provider, two.provider] })
    const ask = (provider: 'acme' | 'acmetwo') => refusalOf(auth.requireBearer(withBearer(token()), { provider }))
    expect(await ask('acme')).toBe('not refused')
    expect(await ask('acmetwo')).toBe('auth/bearer_invalid')
    expect([one.verified.length, two.verified.length]).toEqual([1, 0])
  })

  it('must be of a named provider where several verify tokens of one issuer', async () => {
    const one = createBearerVendor('acme').provider
    const { auth } = createApp({ providers: [one, { ...one, name: 'acmetwo' }] })
    const ask = (requirement: object) => refusalOf(auth.requireBearer(withBearer(token()), requirement))
    expect(await ask({})).toBe('core/invalid_option')
    expect([await ask({ provider: 'acme' }), await ask({ provider: 'acmetwo' })]).toEqual([
      'not refused',
      'not refused',
    ])
  })

  it('of which nothing says who holds it passes `any` alone', async () => {
    const unknown = token({ kind: null })
    expect(await outcome({}, unknown)).toBe('auth/bearer_refused')
    expect(await outcome({ kind: 'machine' }, unknown)).toBe('auth/bearer_refused')
    expect(await outcome({ kind: 'any' }, unknown)).toBe('not refused')
  })

  it('must be held by a user, unless the requirement says otherwise', async () => {
    const [user, machine] = [token(), token({ kind: 'machine' })]
    expect(await outcome({}, user)).toBe('not refused')
    expect(await outcome({}, machine)).toBe('auth/bearer_refused')
    expect(await outcome({ kind: 'user' }, machine)).toBe('auth/bearer_refused')
    expect(await outcome({ kind: 'machine' }, machine)).toBe('not refused')
    expect(await outcome({ kind: 'machine' }, user)).toBe('auth/bearer_refused')
    expect(await outcome({ kind: 'any' }, machine)).toBe('not refused')
    expect(await outcome({ kind: 'any' }, user)).toBe('not refused')
  })

  it.each([
    [['read'], 'not refused'],
    [['read', 'write'], 'not refused'],
    [['admin'], 'auth/scope_required'],
    [['read', 'admin'], 'auth/scope_required'],
    [['rea'], 'auth/scope_required'],
    [['read write'], 'auth/scope_required'],
  ])('must have all of the scopes %j', async (scopes, expected) => {
    expect(await outcome({ scopes }, token({ scopes: ['read', 'write'] }))).toBe(expected)
  })

  it.each([
    [{ tenant: 'tnt-1' }, 'not refused'],
    [{ tenant: 'tnt-10' }, 'auth/tenant_required'],
    [{}, 'auth/tenant_required'],
  ])('must be of the tenant that is named: %j', async (claims, expected) => {
    expect(await outcome({ tenant: 'tnt-1' }, token(claims))).toBe(expected)
  })

  it('must meet all that is named', async () => {
    const all: BearerRequirement = {
      provider: 'acme',
      kind: 'machine',
      scopes: ['read'],
      tenant: 't',
      where: () => true,
    }
    const good = { kind: 'machine', scopes: ['read'], tenant: 't' } as const
    expect(await outcome(all, token(good))).toBe('not refused')
    expect(await outcome(all, token({ ...good, kind: 'user' }))).toBe('auth/bearer_refused')
    expect(await outcome(all, token({ ...good, scopes: [] }))).toBe('auth/scope_required')
    expect(await outcome(all, token({ ...good, tenant: 'u' }))).toBe('auth/tenant_required')
    expect(await outcome({ ...all, where: () => false }, token(good))).toBe('auth/forbidden')
    expect(await outcome(all, accessTokenOf('acmetwo', good))).toBe('auth/bearer_invalid')
  })
})

describe('the host of a request with an access token', () => {
  const baseUrl = 'https://{tenant}.app.example'

  it('must be one of ours: 421', async () => {
    const { auth } = createApp({ baseUrl, providers: [createBearerVendor('acme').provider] })
    for (const host of ['evil.example', 'app.example', 'a.b.app.example', '']) {
      const refused = auth.requireBearer(withBearer(token(), { host }))
      await expect(refused).rejects.toMatchObject({ code: 'core/unknown_host', status: 421 })
    }
    expect(await refusalOf(auth.requireBearer(withBearer(token(), { host: 'tnt-1.app.example' })))).toBe('not refused')
  })

  it('is what the token must be valid for, as its provider says: asked with the token, host and tenant', async () => {
    const asked: unknown[] = []
    const vendor = createBearerVendor('acme', (presented, host) => {
      asked.push(host)
      return presented.kind === 'bearer' && presented.bearer.tenant === host.tenant
    })
    const { auth } = createApp({ baseUrl, providers: [vendor.provider] })
    const at = (host: string, requirement?: BearerRequirement) =>
      refusalOf(auth.requireBearer(withBearer(token({ tenant: 'evil' }), { host }), requirement))
    expect(await at('evil.app.example')).toBe('not refused')
    expect(await at('acme.app.example')).toBe('auth/tenant_required')
    expect(await at('acme.app.example', { tenant: 'evil', where: () => true })).toBe('auth/tenant_required')
    expect(asked[1]).toEqual({ origin: 'https://acme.app.example', tenant: 'acme' })
    const either = auth.requireSessionOrBearer(withBearer(token({ tenant: 'evil' }), { host: 'acme.app.example' }), {
      session: {},
      bearer: {},
    })
    expect(await refusalOf(either)).toBe('auth/tenant_required')
  })

  const answers: Readonly<Record<string, unknown>> = {
    false: false,
    undefined: undefined,
    null: null,
    '0': 0,
    '1': 1,
    yes: 'yes',
    'an object': {},
    'a promise of false': Promise.resolve(false),
    'a promise of 1': Promise.resolve(1),
  }
  it.each(Object.keys(answers))('is none that the token is valid for where the provider answers %s', async (answer) => {
    const { provider } = createBearerVendor('acme', () => answers[answer] as boolean)
    const { auth, browser: open } = createApp({ providers: [provider] })
    expect(await refusalOf(auth.requireBearer(withBearer(token())))).toBe('auth/tenant_required')
    const browser = open()
    await browser.signIn()
    expect(await refusalOf(auth.requireSession(browser.request()))).toBe('auth/session_required')
  })

  it.each([true, Promise.resolve(true)])('is one where the provider answers %j', async (answer) => {
    const { provider } = createBearerVendor('acme', () => answer)
    const { auth, browser: open } = createApp({ providers: [provider] })
    expect(await refusalOf(auth.requireBearer(withBearer(token())))).toBe('not refused')
    const browser = open()
    await browser.signIn()
    expect(await refusalOf(auth.requireSession(browser.request()))).toBe('not refused')
  })

  it('lets no one pass where the provider throws', async () => {
    const { provider } = createBearerVendor('acme', () => {
      throw new Error('a look-up failed')
    })
    const { auth } = createApp({ providers: [provider] })
    await expect(auth.requireBearer(withBearer(token()))).rejects.toThrow('a look-up failed')
  })
})

describe('a session or an access token', () => {
  const requirement = { session: { provider: 'acme' }, bearer: { scopes: ['read'] } } as const

  it('is enough, and tells by its kind which of the two it was', async () => {
    const { auth, browser: open } = createApi()
    const browser = open()
    await browser.signIn()
    const bySession = await auth.requireSessionOrBearer(browser.request(), requirement)
    expect([bySession.kind, bySession.kind === 'session' && bySession.session.user.subject]).toEqual(['session', 'ada'])
    const request = withBearer(token({ subject: 'bob', scopes: ['read'] }), { cookie: browser.header() })
    const byToken = await auth.requireSessionOrBearer(request, requirement)
    expect([byToken.kind, byToken.kind === 'bearer' && byToken.bearer.subject]).toEqual(['bearer', 'bob'])
  })

  it('is refused with a token that is not good, though there is a session', async () => {
    const { auth, browser: open } = createApi()
    const browser = open()
    await browser.signIn()
    for (const [presented, code] of [
      [token(), 'auth/scope_required'],
      ['x', 'auth/bearer_invalid'],
      ['', 'auth/bearer_invalid'],
    ] as const) {
      const request = withBearer(presented, { cookie: browser.header() })
      expect(await refusalOf(auth.requireSessionOrBearer(request, requirement))).toBe(code)
    }
    expect(await refusalOf(auth.requireSessionOrBearer(new Request('https://app.example/'), requirement))).toBe(
      'auth/session_required',
    )
  })
})
