import { createAuth } from '@latchkey/core'
import type { ProviderHost } from '@latchkey/core/provider'
import { createTestBrowser, type TestAnswer } from '@latchkey/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { clientOf } from '../test/wink-client.ts'
import { clientId, clientSecret, json, now, standInForWink, subject, type WinkStandIn } from '../test/wink-stand-in.ts'
import { winkProvider } from './wink-provider.ts'

const origin = 'https://app.example.com'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})
beforeEach(() => {
  wink.answers.session = (response) => json(response, { sessionId: 'example-session' })
})

/** An app with Wink alone, and one browser. */
function openApp() {
  const auth = createAuth({
    baseUrl: origin,
    secret: 'an-example-secret-of-32-bytes-or-more',
    providers: [winkProvider({ client: clientOf(wink) })],
    pages: { error: '/error' },
    clock: () => now,
  })
  const browser = createTestBrowser({ origin, answer: auth.handle, clock: () => now })
  return {
    auth,
    browser,
    /** A navigation; `headers` are what an attacker may choose. */
    get: (path: string, headers: Record<string, string> = {}): Promise<TestAnswer> => browser.open(path, { headers }),
    async session() {
      return (await browser.fetch('/auth/session')).json() as { readonly signedIn: boolean }
    },
  }
}
type App = ReturnType<typeof openApp>

const locationOf = (response: TestAnswer): URL => new URL(response.headers.get('location') ?? '', origin)

/** Begins a login and has Wink approve it; returns the callback's path. */
async function approve(app: App, loginPath = '/auth/wink/login'): Promise<string> {
  const url = locationOf(await app.get(loginPath))
  const nonce = url.searchParams.get('nonce')
  wink.tokens({ accessToken: await wink.accessToken(), idToken: await wink.idToken({ nonce }) })
  return `/auth/wink/callback?code=example-code&state=${encodeURIComponent(url.searchParams.get('state') ?? '')}`
}

describe('winkProvider', () => {
  it('signs a user in: login, callback, session', async () => {
    const app = openApp()
    const response = await app.get(await approve(app, '/auth/wink/login?return_url=%2Fpayroll'))
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/payroll')
    expect(await app.session()).toMatchObject({
      signedIn: true,
      identities: { wink: { subject, name: 'Ada Lovelace', authenticatedAt: now } },
    })
    expect(JSON.parse(wink.to('session')[0]?.body ?? '')).toEqual({
      returnUrl: `${origin}/auth/wink/callback`,
      cancelUrl: `${origin}/auth/wink/cancel`,
    })
  })

  it('is not told by the Host header where to come back', async () => {
    const app = openApp()
    await app.get('/auth/wink/login', { host: 'evil.example', 'x-forwarded-host': 'evil.example' })
    expect(wink.to('session')[0]?.body).not.toContain('evil')
  })

  it.each(['client_id', 'clientId', 'allowSso', 'prompt', 'redirect_uri', 'returnUrl', 'cancelUrl'])(
    'lets the request decide nothing by %s',
    async (name) => {
      const app = openApp()
      const url = locationOf(await app.get(`/auth/wink/login?${name}=none`))
      expect(url.searchParams.get('prompt')).toBe('login')
      expect(url.href).not.toContain('=none')
      expect(wink.to('session')[0]?.body).not.toContain('none')
    },
  )

  it('mints no Wink session for a bad return URL, a prefetch or a background request', async () => {
    const app = openApp()
    await app.get('/auth/wink/login?return_url=https://evil.example/')
    await app.get('/auth/wink/login', { 'sec-purpose': 'prefetch' })
    await app.get('/auth/wink/login', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' })
    expect(wink.requests).toEqual([])
    expect(app.browser.cookies.names()).toEqual([])
  })

  it('mints no Wink session where the app says that it is one too many', async () => {
    const auth = createAuth({
      baseUrl: origin,
      secret: 'an-example-secret-of-32-bytes-or-more',
      providers: [winkProvider({ client: clientOf(wink) })],
      rateLimit: ({ kind, provider }) => kind !== 'login' || provider !== 'wink',
    })
    const response = await auth.handle(new Request(`${origin}/auth/wink/login`))
    expect(await response.json()).toMatchObject({ status: 429, code: 'core/rate_limited' })
    expect(response.headers.getSetCookie()).toEqual([])
    expect(wink.requests).toEqual([])
  })

  it('leaves no pending login behind when Wink gives no session', async () => {
    const app = openApp()
    wink.answers.session = (response) => void response.writeHead(401).end()
    const response = await app.get('/auth/wink/login')
    expect(locationOf(response).searchParams.get('code')).toBe('wink/environment_refused')
    expect(app.browser.cookies.names()).toEqual([])
  })

  it('redeems a login once', async () => {
    const app = openApp()
    const callback = await approve(app)
    const thief = app.browser.copy()
    await app.get(callback)
    expect((await app.session()).signedIn).toBe(true)
    const replay = await thief.fetch(`${callback}&again=1`)
    expect(replay.json()).toMatchObject({ code: 'auth/login_replayed' })
    expect(replay.headers.getSetCookie().join()).not.toMatch(/__Host-latchkey=[^;]/)
    expect(wink.to('token')).toHaveLength(1)
  })

  it('takes nothing from the login of another browser, and begins again there once', async () => {
    const [ada, bob] = [openApp(), openApp()]
    const callback = await approve(ada)
    const restart = await bob.get(callback)
    expect(locationOf(restart).pathname).toBe('/auth/wink/login')
    const again = await approve(bob, restart.headers.get('location') ?? '')
    for (const name of bob.browser.cookies.names()) bob.browser.cookies.delete(name)
    const refused = await bob.get(again)
    expect(locationOf(refused).pathname).toBe('/error')
    expect(locationOf(refused).searchParams.get('code')).toBe('wink/missing_login_state')
    expect(wink.to('token')).toEqual([])
    expect((await bob.session()).signedIn).toBe(false)
  })

  it.each(['/auth/wink/callback', '/auth/wink/callback?'])('explains an empty callback: %s', async (path) => {
    const response = await openApp().get(path)
    expect(locationOf(response).searchParams.get('code')).toBe('wink/empty_callback')
  })

  it.each(['?code=c', '?code=c&state=', '?code=c&state=guess'])('refuses the callback %s', async (query) => {
    const response = await openApp().get(`/auth/wink/callback${query}`)
    expect(locationOf(response).pathname).toBe('/error')
    expect(wink.requests).toEqual([])
  })

  it.each<[string, (app: App) => Promise<string>]>([
    ['the cancel URL', async () => '/auth/wink/cancel'],
    ['access_denied', async (app) => (await approve(app)).replace('code=example-code', 'error=access_denied')],
  ])('forgets the pending logins of this browser when the user cancels by %s', async (_, cancelled) => {
    const app = openApp()
    await approve(app)
    await approve(app)
    const path = await cancelled(app)
    expect(app.browser.cookies.names()).not.toEqual([])
    const response = await app.get(path)
    expect(response.status).toBe(303)
    expect(locationOf(response).pathname).toBe('/error')
    expect(locationOf(response).searchParams.get('code')).toBe('wink/cancelled')
    expect(app.browser.cookies.names()).toEqual([])
  })

  it.each([
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch;prerender' },
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  ])('forgets no login where no page is opened: %j', async (headers) => {
    const app = openApp()
    await approve(app)
    const response = await app.browser.open('/auth/wink/cancel', { from: 'https://evil.example', headers })
    expect(response.headers.getSetCookie()).toEqual([])
    expect(app.browser.cookies.names()).toHaveLength(1)
  })

  it.each(['', '?session_state=s', '?code=c'])(
    'takes a user who is signed in on from a stray callback: %j',
    async (query) => {
      const app = openApp()
      await app.get(await approve(app))
      const response = await app.get(`/auth/wink/callback${query}`)
      expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
      expect((await app.session()).signedIn).toBe(true)
    },
  )

  it('ends the sign-in at Wink when the user signs out', async () => {
    const app = openApp()
    await app.get(await approve(app))
    const response = await app.browser.fetch('/auth/logout', { method: 'POST' })
    const { signOutUrl } = response.json() as { signOutUrl: string }
    const url = new URL(signOutUrl)
    expect(url.origin + url.pathname).toBe(`${wink.issuer}/protocol/openid-connect/logout`)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${origin}/auth/logout/next`)
    expect(url.searchParams.has('id_token_hint')).toBe(false)
  })

  it('tells which origin its forms can end at', () => {
    expect(openApp().auth.formActionOrigins()).toEqual([wink.url])
  })

  it('makes its own client of the options of one', async () => {
    const environment = { apiUrl: wink.url, authUrl: wink.url }
    const auth = createAuth({
      baseUrl: origin,
      secret: 'an-example-secret-of-32-bytes-or-more',
      providers: [winkProvider({ clientId, clientSecret, environment, realm: 'merchant', clock: () => now })],
    })
    const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }
    const response = await auth.handle(new Request(`${origin}/auth/wink/login`, { headers }))
    const url = new URL(response.headers.get('location') ?? '')
    expect(url.pathname).toBe('/realms/merchant/protocol/openid-connect/auth')
    expect(url.searchParams.get('client_id')).toBe(clientId)
  })

  it.each([
    ['clientId', clientId],
    ['clientSecret', clientSecret],
    ['environment', 'stage'],
    ['returnUrls', []],
    ['storeTokens', false],
  ])('refuses %s beside a client', (option, value) => {
    expect(() => winkProvider({ client: clientOf(wink), [option]: value })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: { factory: 'winkProvider', option } }),
    )
  })

  it('takes undefined as not given', () => {
    const more = { flows: undefined, clientId: undefined, environment: undefined }
    expect(() => winkProvider({ client: clientOf(wink), ...more })).not.toThrow()
    expect(() => winkProvider({ client: undefined, clientId, clientSecret, environment: 'stage' })).not.toThrow()
  })

  it('keeps the identities of its account issuer alone', () => {
    const issuers = ['https://account.example/realms/wink', wink.issuer]
    const client = clientOf(wink, { environment: { apiUrl: wink.url, authUrl: wink.url, issuers } })
    // Nothing of the host is needed to mount.
    const { accountIssuers } = winkProvider({ client }).mount({ basePath: '/auth' } as ProviderHost)
    expect(accountIssuers).toEqual(['https://account.example/realms/wink'])
  })

  it.each([undefined, {}, { client: null }, { client: {} }, { client: clientOf }, { clientId, clientSecret }])(
    'refuses the options %j',
    (options) => {
      expect(() => winkProvider(options as never)).toThrow('An option is not valid.')
    },
  )
})
