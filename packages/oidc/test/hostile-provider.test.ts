import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuthOptions } from '@latchkey/core'
import { compactVerify, type JWTPayload } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { type OidcProviderOptions, oidcProvider } from '../src/index.ts'
import { type App, appOrigin, codeOf, createApp, pathOf } from './app.ts'
import { clientId, createFakeProvider, type FakeProvider, issuer } from './fake-provider.ts'
import { createSigningKey, encode } from './signing-key.ts'

const clientSecret = 'an-example-secret'
const discoveryPath = '/.well-known/openid-configuration'
let fake: FakeProvider
beforeEach(async () => {
  fake = await createFakeProvider()
})

type Options = Partial<OidcProviderOptions<'google'>>

function appOf(options: Options = {}, auth: Partial<AuthOptions> = {}): App {
  const given = { name: 'google' as const, issuer, clientId, clientSecret, fetch: fake.fetch, ...options }
  return createApp([oidcProvider(given)], auth)
}

/** Moves the app and the provider on. */
function later(app: App, seconds: number): void {
  app.clock.offset += seconds
  fake.offset += seconds
}

describe('a document', () => {
  it.each([
    [{ token_endpoint: 'http://localhost:6379/' }, 'oidc/metadata_invalid'],
    [{ jwks_uri: 'https://169.254.169.254/latest' }, 'oidc/metadata_invalid'],
    [{ issuer: 'https://evil.example' }, 'oidc/metadata_issuer_mismatch'],
    [{ issuer: 'https://login.example/{tenantid}' }, 'oidc/metadata_issuer_mismatch'],
    [{ id_token_signing_alg_values_supported: ['HS256', 'none'] }, 'oidc/metadata_invalid'],
  ])('with %j begins no login, and sends nothing there', async (changes, code) => {
    Object.assign(fake.document, changes)
    const app = appOf()
    const answer = await app.browser().open('/auth/google/login')
    expect([answer.location, codeOf(answer)]).toEqual([null, code])
    expect(fake.requests.map(({ url }) => url.pathname)).toEqual([discoveryPath])
    expect(app.events.at(-1)).toMatchObject({ type: 'sign_in.refused', provider: 'google', code })
  })

  it('that leads to this machine reaches nothing there, by whatever endpoint', async () => {
    let connections = 0
    const listener = createServer().on('connection', () => connections++)
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const { port } = listener.address() as AddressInfo
    const hosts = ['localhost', 'localhost.', 'app.localhost', '127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', '0']
    const urls = hosts.flatMap((host) => [`http://${host}:${port}/`, `https://${host}:${port}/`])
    const names = ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint', 'revocation_endpoint']
    const reach: typeof fetch = (input, init) =>
      String(input).startsWith(issuer) ? fake.fetch(input, init) : fetch(input, init)
    const audience = 'https://api.example'
    const token = await fake.key.sign(fake.claimsOf({ aud: audience }), { typ: 'at+jwt', kid: 'unknown' })
    for (const name of [...names, 'end_session_endpoint', 'pushed_authorization_request_endpoint']) {
      const honest = fake.document[name]
      for (const url of urls) {
        fake.document[name] = url
        const app = appOf({ fetch: reach, bearer: { audience } })
        expect(codeOf(await app.browser().open('/auth/google/login'))).toBe('oidc/metadata_invalid')
        const request = new Request(appOrigin, { headers: { authorization: `Bearer ${token}` } })
        await expect(app.auth.requireBearer(request)).rejects.toMatchObject({ code: 'oidc/metadata_invalid' })
      }
      fake.document[name] = honest
    }
    expect(connections).toBe(0)
    await new Promise((resolve) => listener.close(resolve))
  })

  it('that moves the token endpoint is not used, and is reported', async () => {
    const app = appOf()
    const browser = app.browser()
    expect((await fake.signIn(browser)).status).toBe(303)
    fake.document['token_endpoint'] = 'https://evil.example/token'
    later(app, 3600)
    await app.auth.getAccessToken(browser.request(), 'google')
    expect((await fake.signIn(app.browser())).status).toBe(303)
    expect(fake.requests.filter(({ url }) => url.host === 'evil.example')).toEqual([])
    expect(app.events.filter(({ type }) => type === 'provider.metadata_changed')).toEqual([
      expect.objectContaining({ provider: 'google', endpoint: 'token_endpoint' }),
    ])
  })

  it.each([
    [undefined, 'basic'],
    [['client_secret_basic', 'client_secret_post'], 'basic'],
    [['client_secret_post'], 'post'],
    [['none'], 'basic'],
    [['private_key_jwt'], 'basic'],
    [[], 'basic'],
  ])('that lists the client authentications %j gets the secret by %s, and never none', async (listed, way) => {
    fake.document['token_endpoint_auth_methods_supported'] = listed
    expect((await fake.signIn(appOf().browser())).status).toBe(303)
    const [request] = fake.requestsTo('/token')
    expect(request?.authorization).toBe(way === 'basic' ? `Basic ${btoa(`${clientId}:${clientSecret}`)}` : null)
    expect(request?.form.get('client_secret')).toBe(way === 'basic' ? null : clientSecret)
  })

  it('that lists no S256 changes nothing about PKCE', async () => {
    fake.document['code_challenge_methods_supported'] = ['plain']
    const { location } = await appOf().browser().open('/auth/google/login')
    expect(location?.searchParams.get('code_challenge_method')).toBe('S256')
  })

  it('that once promised `iss` is held to it', async () => {
    fake.document['authorization_response_iss_parameter_supported'] = true
    const app = appOf()
    const browser = app.browser()
    expect((await fake.signIn(browser)).status).toBe(303)
    fake.document['authorization_response_iss_parameter_supported'] = false
    later(app, 3600)
    const { location } = await browser.open('/auth/google/login')
    const answer = await browser.open(`/auth/google/callback?code=c&state=${location?.searchParams.get('state')}`)
    expect(codeOf(answer)).toBe('oidc/response_issuer_mismatch')
  })

  it('of one provider that names the pages of another gets no code of it', async () => {
    const evil = await createFakeProvider()
    Object.assign(evil.document, { issuer: 'https://evil.example', authorization_endpoint: `${issuer}/authorize` })
    for (const name of ['token_endpoint', 'jwks_uri', 'userinfo_endpoint']) {
      evil.document[name] = `https://evil.example/${name}`
    }
    const app = createApp([
      oidcProvider({ name: 'google', issuer, clientId, clientSecret, fetch: fake.fetch }),
      oidcProvider({ name: 'keycloak', issuer: 'https://evil.example', clientId, fetch: evil.fetch }),
    ])
    const browser = app.browser()
    const { location } = await browser.open('/auth/keycloak/login')
    expect(location?.searchParams.get('redirect_uri')).toBe(`${appOrigin}/auth/keycloak/callback`)
    const query = `?code=honest-code&state=${location?.searchParams.get('state')}&iss=${issuer}`
    expect(codeOf(await browser.open(`/auth/google/callback${query}`))).toBe('google/invalid_state')
    expect(codeOf(await browser.open(`/auth/keycloak/callback${query}`))).toBe('oidc/response_issuer_mismatch')
    expect(evil.requests.map(({ url }) => url.pathname)).toEqual([discoveryPath])
  })
})

describe('an assertion of the client', () => {
  it('is for the issuer alone, for a minute, and never the same', async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ])
    const key = { key: privateKey, algorithm: 'ES256', keyId: 'app-1' }
    const app = appOf({ clientSecret: undefined, privateKey: key })
    await fake.signIn(app.browser())
    await fake.signIn(app.browser())
    const assertions = fake.requestsTo('/token').map(({ form }) => form.get('client_assertion') ?? '')
    const claims: JWTPayload[] = []
    for (const assertion of assertions) {
      const { payload, protectedHeader } = await compactVerify(assertion, publicKey)
      expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'app-1' })
      claims.push(JSON.parse(new TextDecoder().decode(payload)) as JWTPayload)
    }
    const [one, two] = claims
    // One that names the token endpoint, which a document chooses, would be good at another provider.
    expect(one).toMatchObject({ iss: clientId, sub: clientId, aud: issuer })
    expect((one?.exp ?? 0) - (one?.iat ?? 0)).toBe(60)
    expect(one?.jti).toEqual(expect.any(String))
    expect(two?.jti).not.toBe(one?.jti)
    expect(fake.requestsTo('/token').map(({ authorization }) => authorization)).toEqual([null, null])
  })
})

describe('a provider that takes pushed requests alone', () => {
  const pushed = `${issuer}/par`
  const requestUri = 'urn:ietf:params:oauth:request_uri:a-name'
  beforeEach(() => {
    fake.document['pushed_authorization_request_endpoint'] = pushed
    fake.document['require_pushed_authorization_requests'] = true
  })

  it('gets them from the back end, as the client, and the browser carries their name alone', async () => {
    fake.answers.set('/par', () => Response.json({ request_uri: requestUri, expires_in: 60 }, { status: 201 }))
    const { location } = await appOf().browser().open('/auth/google/login?login_hint=ada%40a.example')
    expect(location?.href.startsWith(`${issuer}/authorize?`)).toBe(true)
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({ client_id: clientId, request_uri: requestUri })
    const [request] = fake.requestsTo('/par')
    expect(request?.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
      client_id: clientId,
      code_challenge_method: 'S256',
      login_hint: 'ada@a.example',
      nonce: expect.any(String),
      redirect_uri: `${appOrigin}/auth/google/callback`,
      response_type: 'code',
      state: expect.any(String),
    })
  })

  it.each([
    ['invalid_client', 401, { error: 'invalid_client' }, 'oidc/client_refused'],
    ['another error', 400, { error: 'invalid_request' }, 'oidc/authorization_refused'],
    ['no error', 500, {}, 'oidc/authorization_refused'],
    ['an error beside a name', 400, { error: 'x', request_uri: requestUri }, 'oidc/authorization_refused'],
    ['no name', 201, { expires_in: 60 }, 'oidc/authorization_refused'],
    ['a name that is no text', 201, { request_uri: 7 }, 'oidc/authorization_refused'],
    ['no JSON object', 201, [], 'oidc/authorization_refused'],
    ['too many requests', 429, {}, 'oidc/provider_busy'],
  ])('begins no login where it answers %s', async (_what, status, body, code) => {
    fake.answers.set('/par', () => Response.json(body, { status }))
    const answer = await appOf().browser().open('/auth/google/login')
    expect([answer.location, codeOf(answer)]).toEqual([null, code])
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('is not asked where it only offers them', async () => {
    fake.document['require_pushed_authorization_requests'] = false
    const { location } = await appOf().browser().open('/auth/google/login')
    expect(location?.searchParams.get('response_type')).toBe('code')
    expect(fake.requestsTo('/par')).toEqual([])
  })
})

describe('an ID token', () => {
  it('of an algorithm that the document lists and the options do not is refused', async () => {
    const other = await createSigningKey('key-1', 'RS384')
    fake.document['id_token_signing_alg_values_supported'] = ['RS256', 'RS384']
    fake.answers.set('/jwks', () => Response.json({ keys: [other.publicJwk] }))
    const id_token = await other.sign(fake.claimsOf())
    fake.answers.set('/token', () => Response.json({ access_token: 'a', token_type: 'Bearer', id_token }))
    expect(codeOf(await fake.signIn(appOf().browser()))).toBe('oidc/algorithm_not_allowed')
  })

  it.each(['none', 'HS256'])('of the algorithm %s is refused', async (alg) => {
    const id_token = `${encode({ alg })}.${encode(fake.claimsOf())}.${alg === 'none' ? '' : 'c2ln'}`
    fake.answers.set('/token', () => Response.json({ access_token: 'a', token_type: 'Bearer', id_token }))
    expect(codeOf(await fake.signIn(appOf().browser()))).toMatch(/^oidc\/(?:algorithm_not_allowed|token_malformed)$/)
  })

  it.each([
    [{ iss: 'https://other.example' }, 'oidc/issuer_mismatch'],
    [{ aud: 'other' }, 'oidc/audience_mismatch'],
    [{ nonce: 'other' }, 'oidc/nonce_mismatch'],
    [{ sub: null }, 'oidc/subject_missing'],
  ])('with %j signs nobody in', async (claims, code) => {
    fake.claims = claims
    const app = appOf()
    const browser = app.browser()
    expect(codeOf(await fake.signIn(browser))).toBe(code)
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
  })

  it('beside an access token that names the user otherwise signs in: that one is for another', async () => {
    const access_token = await fake.key.sign({ sub: 'pairwise-for-the-api', aud: 'https://api.example' })
    const app = appOf()
    const browser = app.browser()
    const { location } = await browser.open('/auth/google/login')
    const query = location?.searchParams ?? new URLSearchParams()
    const id_token = await fake.key.sign(fake.claimsOf({ nonce: query.get('nonce') }))
    fake.answers.set('/token', () => Response.json({ access_token, token_type: 'Bearer', id_token }))
    const answer = await browser.open(`/auth/google/callback?code=c&state=${query.get('state')}`)
    expect(pathOf(answer)).toBe('/')
  })
})

describe('the login route', () => {
  it('sends on what it knows', async () => {
    const app = appOf({
      scopes: ['openid', 'email'],
      authorizationParameters: { access_type: 'offline', prompt: 'consent' },
    })
    const { location } = await app
      .browser()
      .open('/auth/google/login?prompt=login&login_hint=ada%40a.example&max_age=60')
    expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
      access_type: 'offline',
      client_id: clientId,
      login_hint: 'ada@a.example',
      max_age: '60',
      prompt: 'login',
      redirect_uri: `${appOrigin}/auth/google/callback`,
      response_type: 'code',
      scope: 'openid email',
    })
  })

  it.each([
    'prompt=evil',
    'prompt=login&prompt=none',
    'max_age=-1',
    'max_age=1e3',
    'max_age=0&prompt=none',
    `login_hint=${'x'.repeat(321)}`,
  ])('refuses %s before it asks the provider', async (query) => {
    expect(codeOf(await appOf().browser().open(`/auth/google/login?${query}`))).toBe('oidc/parameter_invalid')
    expect(fake.requests).toEqual([])
  })

  it('believes a forced login only as far as it is known, and a max_age not at all without a signed time', async () => {
    const app = appOf()
    const browser = app.browser()
    await fake.signIn(browser, '/auth/google/login?prompt=login')
    const user = (await app.auth.getSession(browser.request())).session?.user
    expect([user?.authTimeSource, user?.authenticatedAt]).toEqual(['requested', expect.any(Number)])
    expect(codeOf(await fake.signIn(browser, '/auth/google/login?max_age=60'))).toBe('oidc/authentication_too_old')
    fake.claims = { auth_time: fake.now() - 100 }
    expect(codeOf(await fake.signIn(browser, '/auth/google/login?max_age=60'))).toBe('oidc/authentication_too_old')
    fake.claims = { auth_time: fake.now() - 30 }
    expect((await fake.signIn(browser, '/auth/google/login?max_age=60')).status).toBe(303)
    fake.claims = {}
    await fake.signIn(browser)
    expect((await app.auth.getSession(browser.request())).session?.user.authenticatedAt).toBeUndefined()
  })

  it.each([
    ['access_denied', 'oidc/access_denied'],
    ['invalid_scope', 'oidc/authorization_refused'],
  ])('ends with the error %s of the provider as %s', async (error, code) => {
    const browser = appOf().browser()
    const { location } = await browser.open('/auth/google/login')
    const state = location?.searchParams.get('state')
    expect(codeOf(await browser.open(`/auth/google/callback?error=${error}&state=${state}`))).toBe(code)
  })
})

describe('a profile', () => {
  const profileAfter = async (options: Options, userinfo?: object) => {
    if (userinfo) fake.answers.set('/userinfo', () => Response.json({ sub: 'ada', ...userinfo }))
    const app = appOf(options)
    const browser = app.browser()
    const answer = await fake.signIn(browser)
    return (await app.auth.getSession(browser.request())).session?.user.profile ?? codeOf(answer)
  }

  it('is made of signed claims before those of userinfo', async () => {
    fake.claims = { name: 'Ada', email: 'ada@a.example', email_verified: false, picture: 'data:image/png;base64,AAAA' }
    const userinfo = { name: 'Eve', email: 'ada@a.example', email_verified: true }
    expect(await profileAfter({}, userinfo)).toEqual({ name: 'Ada', email: 'ada@a.example', emailVerified: false })
  })

  it('does not call one address verified for another, by default and in what the app is given', async () => {
    const profile = ({ email, email_verified }: Readonly<Record<string, unknown>>) => ({
      email: email as string,
      emailVerified: email_verified as boolean,
    })
    for (const [claims, userinfo, emailVerified] of [
      [{ email: 'ada@a.example' }, { email: 'eve@a.example', email_verified: true }, undefined],
      [{ email: 'ada@a.example', email_verified: null }, { email: 'ada@a.example', email_verified: true }, true],
      [{ email_verified: true }, { email: 'ada@a.example' }, undefined],
      [{ email_verified: true }, { email: 'ada@a.example', email_verified: false }, false],
      [{ email_verified: false }, { email: 'ada@a.example', email_verified: true }, false],
      [{ email: null }, { email: 'ada@a.example', email_verified: true }, true],
    ] as const) {
      fake.claims = claims
      const kept = { email: 'ada@a.example', emailVerified }
      expect(await profileAfter({}, userinfo)).toEqual(kept)
      expect(await profileAfter({ profile }, userinfo)).toEqual(kept)
    }
  })

  it('is chosen from what is signed and what is not, each apart, and holds nothing of ours', async () => {
    fake.claims = { name: 'signed', groups: ['a'] }
    const seen: unknown[] = []
    const profile: Options['profile'] = (claims, apart) => {
      seen.push(claims['name'], apart.signed?.['name'], apart.userinfo?.['name'])
      Object.assign(claims, { sub: 'eve', iss: 'https://evil.example' })
      Object.assign(apart.signed ?? {}, { sub: 'eve', iss: 'https://evil.example' })
      return { name: 'chosen', email: null as never }
    }
    const app = appOf({ profile })
    const browser = app.browser()
    fake.answers.set('/userinfo', () => Response.json({ sub: 'ada', name: 'told' }))
    await fake.signIn(browser)
    expect(seen).toEqual(['signed', 'signed', 'told'])
    expect((await app.auth.getSession(browser.request())).session?.user).toMatchObject({
      issuer,
      subject: 'ada',
      profile: { name: 'chosen' },
    })
  })

  it('is what the app makes of it', async () => {
    fake.claims = { groups: ['a'], name: 'signed' }
    const profile = (claims: object) => ({
      name: Object.keys(claims)
        .filter((name) => name === 'groups')
        .join(),
    })
    expect(await profileAfter({ profile })).toEqual({ name: 'groups' })
    expect(await profileAfter({ profile: ({ name }) => ({ name: String(name) }) })).toEqual({ name: 'signed' })
  })

  const bad: readonly (readonly [string, () => unknown])[] = [
    [
      'throws',
      () => {
        throw new Error('ada@a.example')
      },
    ],
    ['is a promise', async () => ({ name: 'a' })],
    ['is a promise that fails', () => Promise.reject(new Error('ada@a.example'))],
    ['never comes', () => new Promise(() => {})],
    [
      'is no promise, and throws when it is asked',
      () => ({
        // oxlint-disable-next-line unicorn/no-thenable -- what an app may return
        get then() {
          throw new Error('ada@a.example')
        },
      }),
    ],
    ['is another thing as JSON', () => ({ toJSON: () => 7 })],
    ['is nothing as JSON', () => ({ toJSON: () => undefined })],
    ['has a name of another type', () => ({ name: 7 })],
    ['has an address of another type', () => ({ email: ['ada@a.example'] })],
    ['has a yes of another type', () => ({ emailVerified: 'true' })],
    ['has a picture of another type', () => ({ picture: {} })],
    ['is too large', () => ({ name: 'a'.repeat(17_000) })],
    ['is a list', () => []],
    ['is a map', () => new Map()],
    ['is nothing', () => undefined],
    ['cannot be written', () => ({ name: 1n })],
  ]
  it.each(bad)('that %s signs nobody in, and is kept as it was at a refresh', async (_what, profile) => {
    expect(await profileAfter({ profile: profile as () => object })).toBe('oidc/profile_failed')
    let isBad = false
    const app = appOf({ profile: () => (isBad ? (profile() as object) : { name: 'good' }) })
    const browser = app.browser()
    await fake.signIn(browser)
    isBad = true
    later(app, 580)
    fake.claims = { nonce: undefined }
    await app.auth.getAccessToken(browser.request(), 'google')
    expect((await app.auth.getSession(browser.request())).session?.user.profile).toEqual({ name: 'good' })
    expect(app.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['session.refreshed', 'provider.profile_kept']),
    )
    // The tokens are those of the refresh: the old ones are spent.
    later(app, 580)
    await app.auth.getSession(browser.request())
    const sent = fake.requestsTo('/token').map(({ form }) => form.get('refresh_token'))
    expect(new Set(sent.filter((token) => token !== null)).size).toBe(2)
    expect(app.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(2)
    expect(JSON.stringify(app.events)).not.toContain('ada@a.example')
  })

  it('is that of the ID token where userinfo refuses the access token, and fails with userinfo else', async () => {
    fake.claims = { name: 'Ada' }
    fake.answers.set('/userinfo', () => Response.json({}, { status: 403 }))
    expect(await profileAfter({})).toEqual({ name: 'Ada' })
    fake.answers.set('/userinfo', () => Response.json({}, { status: 500 }))
    expect(await profileAfter({})).toBe('oidc/userinfo_failed')
    expect(await profileAfter({}, { sub: 'eve' })).toBe('oidc/subject_mismatch')
  })
})

describe('a refresh', () => {
  it.each([
    ['of another user', { sub: 'eve', nonce: undefined }, 'subject_mismatch'],
    ['with another nonce', { nonce: 'other' }, 'nonce_mismatch'],
  ])('%s ends the session', async (_what, claims, reason) => {
    const app = appOf()
    const browser = app.browser()
    await fake.signIn(browser)
    fake.claims = claims
    later(app, 580)
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
    expect(app.events.at(-1)).toMatchObject({ type: 'session.ended', reason })
  })

  it('that is refused ends the session, and one that fails does not', async () => {
    // Without a store: what a fleet shares of a failure lives by the store's clock.
    const app = appOf({}, { store: undefined, session: { strategy: 'cookie' } })
    const browser = app.browser()
    await fake.signIn(browser)
    later(app, 580)
    fake.answers.set('/token', () => Response.json({}, { status: 503 }))
    expect((await app.auth.getSession(browser.request())).session).not.toBeNull()
    later(app, 120)
    fake.answers.set('/token', () => Response.json({ error: 'invalid_grant' }, { status: 400 }))
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
    expect(app.events.at(-1)).toMatchObject({ type: 'session.ended', reason: 'invalid_grant' })
  })
})

describe('a wrong secret', () => {
  const refuse = () => Response.json({ error: 'invalid_client' }, { status: 401 })

  it.each([
    ['a-b_c', 1],
    ['a+b%', 2],
    [['a-b_c', 'd+e'] as const, 3],
  ])('%j is sent %i times in 30 seconds, however many sign in', async (secret, tries) => {
    const app = appOf({ clientSecret: secret })
    fake.answers.set('/token', refuse)
    for (let logins = 0; logins < 10; logins++) {
      expect(codeOf(await fake.signIn(app.browser()))).toBe('oidc/client_refused')
    }
    expect(fake.requestsTo('/token')).toHaveLength(tries)
    later(app, 30)
    fake.answers.delete('/token')
    expect((await fake.signIn(app.browser())).status).toBe(303)
  })

  it('is sent in the form that worked from then on', async () => {
    const app = appOf({ clientSecret: 'a+b%' })
    const encoded = `Basic ${btoa(`${clientId}:a%2Bb%25`)}`
    const takesEncoded = ({ authorization }: { readonly authorization: string | null }): Response | undefined =>
      authorization === encoded ? undefined : refuse()
    fake.answers.set('/token', takesEncoded as () => Response)
    expect((await fake.signIn(app.browser())).status).toBe(303)
    expect((await fake.signIn(app.browser())).status).toBe(303)
    expect(fake.requestsTo('/token').map(({ authorization }) => authorization === encoded)).toEqual([false, true, true])
  })
})
