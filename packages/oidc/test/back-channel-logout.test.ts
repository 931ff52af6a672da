import { createMemoryStore, type Store } from '@latchkey/core'
import type { TestBrowser } from '@latchkey/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { type OidcProviderOptions, oidcProvider } from '../src/index.ts'
import { type App, appOrigin, codeOf, createApp } from './app.ts'
import { clientId, createFakeProvider, type FakeProvider, issuer } from './fake-provider.ts'
import { createSigningKey, encode } from './signing-key.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const path = '/auth/google/backchannel-logout'
let fake: FakeProvider
let other: FakeProvider
let app: App
let commands: string[]
beforeEach(async () => {
  fake = await createFakeProvider()
  other = await createFakeProvider()
  Object.assign(other.document, { issuer: 'https://other.example' })
  commands = []
  const common = { clientId, backChannelLogout: true }
  app = createApp(
    [
      oidcProvider({ ...common, name: 'google', issuer, fetch: fake.fetch }),
      oidcProvider({ ...common, name: 'keycloak', issuer: 'https://other.example', fetch: other.fetch }),
    ],
    { store: counting(createMemoryStore()), onSignIn: ({ current }) => ({ action: current ? 'link' : 'new' }) },
  )
})

function counting(store: Store): Store {
  const names = ['get', 'set', 'add', 'replace', 'remove'] as const
  const counted = names.map((name) => [
    name,
    (...values: readonly never[]) => {
      commands.push(name)
      return (store[name] as (...values: readonly never[]) => unknown)(...values)
    },
  ])
  return Object.fromEntries(counted) as Store
}

type Members = Readonly<Record<string, unknown>>

function logoutClaims(changes: Members = {}): Members {
  const now = fake.now()
  return fake.claimsOf({
    sub: 'ada',
    sid: 's1',
    exp: now + 120,
    jti: crypto.randomUUID(),
    events: { [event]: {} },
    ...changes,
  })
}

function logoutToken(changes: Members = {}, header: Members = { typ: 'logout+jwt' }): Promise<string> {
  return fake.key.sign(logoutClaims(changes), header)
}

async function post(token: string, init: { readonly headers?: Record<string, string>; readonly body?: string } = {}) {
  const body = init.body ?? new URLSearchParams({ logout_token: token }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...init.headers }
  const response = await app.auth.handle(new Request(appOrigin + path, { method: 'POST', headers, body }))
  return { status: response.status, text: await response.text(), headers: response.headers }
}

async function signIn(sid?: string, sub = 'ada'): Promise<TestBrowser> {
  fake.claims = { sub, sid }
  fake.answers.set('/userinfo', () => Response.json({ sub }))
  const browser = app.browser()
  const answer = await fake.signIn(browser)
  if (answer.status !== 303) throw new Error(codeOf(answer))
  return browser
}

/** A user of the other provider, where user and session have the same names. */
async function signInAtOther(browser: TestBrowser): Promise<void> {
  const { location } = await browser.open('/auth/keycloak/login', { from: '/' })
  const query = location?.searchParams ?? new URLSearchParams()
  const claims = { iss: 'https://other.example', sid: 's1', nonce: query.get('nonce') }
  const id_token = await other.key.sign(other.claimsOf(claims))
  other.answers.set('/token', () => Response.json({ access_token: 'a', token_type: 'Bearer', id_token }))
  await browser.open(`/auth/keycloak/callback?code=c&state=${query.get('state')}`)
}

const isSignedIn = async (browser: TestBrowser) => (await app.auth.getSession(browser.request())).session !== null

describe('a logout token', () => {
  it('ends the session of its `sid`, and no other', async () => {
    const [one, two] = [await signIn('s1'), await signIn('s2')]
    const answer = await post(await logoutToken())
    expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([
      200,
      '',
      expect.stringContaining('no-store'),
    ])
    expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, true])
  })

  it('without a `sid` ends all sessions of the user, and of no other', async () => {
    const browsers = [await signIn('s1'), await signIn(), await signIn('s3', 'bob')]
    expect((await post(await logoutToken({ sid: undefined }))).status).toBe(200)
    expect(await Promise.all(browsers.map(isSignedIn))).toEqual([false, false, true])
  })

  it('without a `sub` ends the session of its `sid`', async () => {
    const browser = await signIn('s1')
    expect((await post(await logoutToken({ sub: undefined }))).status).toBe(200)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('of a callback that is still under way ends it, too', async () => {
    await post(await logoutToken())
    expect(await isSignedIn(await signIn('s1'))).toBe(false)
  })

  it('is answered alike whether there was a session', async () => {
    await signIn('s1')
    const [known, unknown] = [await post(await logoutToken()), await post(await logoutToken({ sid: 'nobody' }))]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
  })

  it('ends nothing of another provider that has the same `sid` and `sub`', async () => {
    const browser = app.browser()
    await signInAtOther(browser)
    expect((await post(await logoutToken())).status).toBe(200)
    expect((await post(await logoutToken({ sid: undefined }))).status).toBe(200)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('ends a linked identity alone, and the session with the one that it began with', async () => {
    const browser = app.browser()
    await signInAtOther(browser)
    fake.claims = { sid: 's1' }
    await fake.signIn(browser)
    const names = async () => Object.keys((await app.auth.getSession(browser.request())).session?.identities ?? {})
    expect(await names()).toEqual(['keycloak', 'google'])
    await post(await logoutToken())
    expect(await names()).toEqual(['keycloak'])
    const own = await signIn('s2')
    await signInAtOther(own)
    await post(await logoutToken({ sid: 's2' }))
    expect(await isSignedIn(own)).toBe(false)
  })

  it('is used once, also by two at the same time', async () => {
    const token = await logoutToken({ sid: undefined })
    const answers = await Promise.all([post(token), post(token)])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
    const browser = await signIn('s1')
    expect((await post(token)).status).toBe(400)
    expect(await isSignedIn(browser)).toBe(true)
  })

  const now = Math.floor(Date.now() / 1000)
  it.each<[string, Members, Members?]>([
    ['K1 an issuer that is another', { iss: 'https://other.example' }],
    ['K2 an audience that is another', { aud: 'other' }],
    ['K3 an `iat` that is old', { iat: now - 400 }],
    ['K3 an `iat` that is ahead', { iat: now + 400 }],
    ['K3 no `iat`', { iat: undefined }],
    ['K4 an `exp` that is over', { exp: now - 60 }],
    ['K4 an `exp` that is far ahead', { exp: now + 3600 }],
    ['K4 an `exp` that is a text', { exp: String(now + 60) }],
    ['K5 no event', { events: undefined }],
    ['K5 another event', { events: { 'http://example.com/event': {} } }],
    ['K5 a second event', { events: { [event]: {}, 'http://example.com/event': {} } }],
    ['K5 an event that is no object', { events: { [event]: true } }],
    ['K6 a nonce', { nonce: 'n' }],
    ['K6 a nonce that is null', { nonce: null }],
    ['K7 neither `sub` nor `sid`', { sub: undefined, sid: undefined }],
    ['K7 a `sid` that is no text', { sid: 7 }],
    ['K7 a `sid` that is too long', { sid: 'x'.repeat(129) }],
    ['K7 no `jti`', { jti: undefined }],
    ['K8 the type of an ID token', {}, {}],
    ['K8 the type of an access token', {}, { typ: 'at+jwt' }],
    ['K8 a plain JWT', {}, { typ: 'JWT' }],
  ])('with %s is refused and ends nothing', async (_what, changes, header) => {
    const browser = await signIn('s1')
    const answer = await post(await logoutToken(changes, header ?? { typ: 'logout+jwt' }))
    expect([answer.status, codeOf(answer)]).toEqual([400, 'oidc/logout_token_refused'])
    expect(await isSignedIn(browser)).toBe(true)
  })

  /** Claims as they may come: as JSON text, since 1e400 is no number of JavaScript; undefined for one that is not there. */
  const values = { null: 'null', absent: undefined, '0.5': '0.5', '1e400': '1e400', '"1"': '"1"', '-1': '-1' } as const
  type Value = keyof typeof values
  const all = Object.keys(values) as Value[]
  /** With which values a token still ends something: a claim that is not needed, or is another one's text. */
  const accepted: Readonly<Record<string, readonly Value[]>> = {
    iss: [],
    aud: [],
    iat: [],
    exp: ['absent'],
    events: [],
    jti: ['"1"'],
    nonce: ['absent'],
    sid: ['absent', '"1"'],
    // The `sid` says which session ends.
    sub: all,
  }
  const cases = Object.entries(accepted).flatMap(([claim, good]) =>
    all.map((value) => [claim, value, good.includes(value) ? 200 : 400] as const),
  )
  it.each(cases)('whose %s is %s is answered by %i', async (claim, value, status) => {
    const browser = await signIn('s1')
    const mark = 'the-claim-of-this-test'
    const text = JSON.stringify(logoutClaims({ [claim]: values[value] === undefined ? undefined : mark }))
    const token = await fake.key.sign(text.replace(`"${mark}"`, values[value] ?? ''), { typ: 'logout+jwt' })
    expect((await post(token)).status).toBe(status)
    const isOfAnother = claim === 'sid' && value === '"1"'
    expect(await isSignedIn(browser)).toBe(status === 400 || isOfAnother)
  })

  it('without a good signature is refused', async () => {
    const browser = await signIn('s1')
    const [header, payload] = [{ alg: 'none', typ: 'logout+jwt' }, logoutClaims()].map(encode)
    const forger = await createSigningKey()
    const tokens = [
      `${header}.${payload}.`,
      await forger.sign(logoutClaims(), { typ: 'logout+jwt' }),
      `${await logoutToken()}x`,
      'no token',
      '',
    ]
    for (const token of tokens) expect((await post(token)).status).toBe(400)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('comes in a form, alone and not too large', async () => {
    const token = await logoutToken()
    const json = { 'content-type': 'application/json' }
    const bodies = [
      { headers: json, body: JSON.stringify({ logout_token: token }) },
      { headers: { 'content-type': 'text/plain' } },
      { body: `logout_token=${token}&logout_token=${token}` },
      { body: `logout_token=${token}&more=1` },
      { body: '' },
      { body: `logout_token=${'x'.repeat(16_385)}` },
      { body: `logout_token=${'x'.repeat(70_000)}` },
    ]
    for (const init of bodies) expect((await post(token, init)).status).toBe(400)
    expect((await post(token)).status).toBe(200)
  })

  it('that is refused by its form, type, algorithm or issuer costs no fetch at all, and nothing of the store', async () => {
    const good = await logoutToken()
    const [, payload = '', signature = ''] = good.split('.')
    const foreign = await logoutToken({ iss: 'https://other.example' })
    const tokens = [
      'no token',
      `${encode({ alg: 'none', typ: 'logout+jwt' })}.${payload}.`,
      `${encode({ alg: 'HS256', typ: 'logout+jwt', kid: 'key-1' })}.${payload}.${signature}`,
      await logoutToken({}, { typ: 'JWT' }),
      await logoutToken({}, {}),
      foreign,
    ]
    for (const token of tokens) expect((await post(token)).status).toBe(400)
    expect((await post(good, { body: `logout_token=${good}&more=1` })).status).toBe(400)
    expect(commands).toEqual([])
    expect(fake.requests.map(({ url }) => url.pathname)).toEqual([])
  })

  it('that is made up, 20,000 times in a moment, costs at most 4 fetches of keys, and nothing of the store', async () => {
    const now = fake.now()
    const options = { name: 'google', issuer, clientId, backChannelLogout: true, fetch: fake.fetch } as const
    app = createApp([oidcProvider(options)], { store: counting(createMemoryStore()), clock: () => now })
    const good = await logoutToken()
    const [header = '', payload = '', signature = ''] = good.split('.')
    const otherSignature = `${signature.slice(0, -8)}${signature.at(-8) === 'A' ? 'B' : 'A'}${signature.slice(-7)}`
    for (let count = 0; count < 20_000; count += 2) {
      const unknown = encode({ alg: 'RS256', typ: 'logout+jwt', kid: `made-up-${count}` })
      const tokens = [`${unknown}.${payload}.${signature}`, `${header}.${payload}.${otherSignature}`]
      const answers = await Promise.all(tokens.map((token) => post(token)))
      if (answers.some(({ status }) => status !== 400)) expect.unreachable()
    }
    expect(fake.requestsTo('/jwks').length).toBeLessThanOrEqual(4)
    expect(commands).toEqual([])
    expect((await post(good)).status).toBe(200)
  })

  it('that could not be written may come again', async () => {
    const browser = await signIn('s1')
    const token = await logoutToken()
    const store = createMemoryStore()
    let isDown = true
    const failing = { ...store, get: (key: string) => (isDown ? Promise.reject(new Error('down')) : store.get(key)) }
    app = createApp([oidcProvider({ name: 'google', issuer, clientId, backChannelLogout: true, fetch: fake.fetch })], {
      store: failing,
    })
    expect((await post(token)).status).toBe(400)
    isDown = false
    expect((await post(token)).status).toBe(200)
    expect(browser).toBeDefined()
  })

  it('is no ID token, and signs nobody in', async () => {
    const browser = app.browser()
    const { location } = await browser.open('/auth/google/login')
    const query = location?.searchParams ?? new URLSearchParams()
    const id_token = await logoutToken({ nonce: query.get('nonce') })
    fake.answers.set('/token', () => Response.json({ access_token: 'a', token_type: 'Bearer', id_token }))
    const answer = await browser.open(`/auth/google/callback?code=c&state=${query.get('state')}`)
    expect(codeOf(answer)).toBe('oidc/type_not_allowed')
  })
})

describe('back-channel logout', () => {
  const given = { name: 'google', issuer, clientId, backChannelLogout: true } as const

  it('needs a store, and sessions that are ours', () => {
    const invalid = expect.objectContaining({
      code: 'core/invalid_option',
      cause: expect.objectContaining({ option: 'backChannelLogout' }),
    })
    expect(() => createApp([oidcProvider(given)], { store: undefined, session: { strategy: 'cookie' } })).toThrow(
      invalid,
    )
    const external = { strategy: 'external', onSignedIn: () => {} } as const
    expect(() => createApp([oidcProvider(given)], { session: external })).toThrow(invalid)
    createApp([oidcProvider(given)], { session: { strategy: 'cookie' } })
  })

  it.each<[NonNullable<OidcProviderOptions<'google'>['backChannelLogout']>, readonly unknown[]]>([
    [true, ['logout+jwt', 'LOGOUT+JWT', 'application/logout+jwt']],
    [{ types: ['logout+jwt', 'JWT'] }, ['logout+jwt', 'application/logout+jwt', 'JWT']],
    [{ types: ['JWT'] }, ['JWT']],
    [{ types: [null] }, [undefined]],
  ])('by the option %j takes the types that it lists, and no other', async (backChannelLogout, accepted) => {
    app = createApp([oidcProvider({ ...given, backChannelLogout, fetch: fake.fetch })])
    for (const typ of ['logout+jwt', 'application/logout+jwt', 'JWT', undefined, null, '', 'at+jwt', 'id+jwt']) {
      const token = await logoutToken({}, typ === undefined ? {} : { typ })
      const isListed = accepted.some((each) => String(each) === String(typ))
      expect([typ, (await post(token)).status]).toEqual([typ, isListed ? 200 : 400])
    }
    for (const typ of accepted) {
      expect((await post(await logoutToken({}, typ === undefined ? {} : { typ }))).status).toBe(200)
    }
  })

  it('by whatever types it takes, takes no ID token and no access token', async () => {
    const types = ['logout+jwt', 'JWT', null] as const
    app = createApp([oidcProvider({ ...given, backChannelLogout: { types }, fetch: fake.fetch })])
    for (const typ of ['JWT', undefined]) {
      for (const changes of [{ events: undefined, nonce: 'n' }, { nonce: 'n' }, { events: undefined }]) {
        const token = await logoutToken(changes, typ === undefined ? {} : { typ })
        expect((await post(token)).status).toBe(400)
      }
    }
  })

  it.each([{}, { types: [] }, { types: ['at+jwt'] }, { types: ['JWT'], more: 1 }, { types: undefined }, [], 'yes'])(
    'has no option %j',
    (wrong) => {
      expect(() => oidcProvider({ ...given, backChannelLogout: wrong as never })).toThrow(
        expect.objectContaining({
          code: 'core/invalid_option',
          cause: expect.objectContaining({ option: 'backChannelLogout' }),
        }),
      )
    },
  )

  it('has no route unless it is switched on', () => {
    const { auth } = createApp([oidcProvider({ ...given, backChannelLogout: undefined })])
    expect(auth.routes.map(({ path: each }) => each)).not.toContain(path)
    expect(app.auth.routes.map(({ path: each }) => each)).toContain(path)
  })
})
