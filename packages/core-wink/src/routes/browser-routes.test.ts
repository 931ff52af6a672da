import { createHash } from 'node:crypto'
import type { Attempt } from '@latchkey/core'
import type { TestAnswer } from '@latchkey/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { type BrowserApp, codeOf, openBrowserApp, origin, type PageVisitor, pageUrls } from '../../test/browser-app.ts'
import openRedirects from '../../test/vectors/open-redirects.json' with { type: 'json' }
import { clientOf } from '../../test/wink-client.ts'
import {
  type Answer,
  html,
  json,
  now,
  profile,
  standInForWink,
  subject,
  type WinkStandIn,
} from '../../test/wink-stand-in.ts'
import { winkProvider } from '../index.ts'

let wink: WinkStandIn
let app: BrowserApp
let ada: PageVisitor
standInForWink((started) => {
  wink = started
})
beforeEach(() => {
  app = openBrowserApp(wink)
  ada = app.open()
})

describe('POST /session', () => {
  it('gives a Wink session and a nonce, and remembers the login in this browser alone', async () => {
    const response = await ada.post('/auth/wink/session', pageUrls)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(await response.json()).toEqual({
      sessionId: 'f0e1d2c3-0000-4000-8000-00000000abcd',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(JSON.parse(wink.to('session')[0]?.body ?? '')).toEqual(pageUrls)
    expect(ada.browser.cookies.names()).toEqual([expect.stringMatching(/^__Host-latchkey.wink./)])
  })

  it.each(openRedirects.map(({ payload }) => payload))('sends no one to %j', async (url) => {
    for (const [name, code] of [
      ['returnUrl', 'wink/return_url_not_allowed'],
      ['cancelUrl', 'wink/cancel_url_not_allowed'],
    ] as const) {
      expect(await codeOf(await ada.post('/auth/wink/session', { ...pageUrls, [name]: url }))).toBe(code)
    }
    expect(wink.requests).toEqual([])
    expect(ada.browser.cookies.names()).toEqual([])
  })

  it.each([{}, { returnUrl: pageUrls.returnUrl }, { cancelUrl: pageUrls.cancelUrl }])('refuses %j', async (body) => {
    expect((await ada.post('/auth/wink/session', body)).status).toBe(400)
    expect(wink.requests).toEqual([])
  })

  it('is asked of the rate limit before Wink has to make a session', async () => {
    const attempts: Attempt[] = []
    const limited = openBrowserApp(wink, {}, (attempt) => {
      attempts.push(attempt)
      return attempts.length < 2
    }).open()
    expect((await limited.post('/auth/wink/session', pageUrls)).status).toBe(200)
    const refused = await limited.post('/auth/wink/session', pageUrls)
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'core/rate_limited'])
    expect(attempts[0]).toEqual({ kind: 'login', provider: 'wink', frameworkRequest: undefined })
    expect(wink.to('session')).toHaveLength(1)
  })
})

describe.each(['/auth/wink/session', '/auth/wink/token'])('POST %s', (path) => {
  const bare = (body: unknown, headers: Record<string, string>): Promise<Response> =>
    app.auth.handle(
      ada.browser.request(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    )

  it.each<[string, (body: unknown) => Promise<TestAnswer | Response>]>([
    ['another site', (body) => ada.post(path, body, 'https://evil.example')],
    ['a sibling of the same site', (body) => ada.post(path, body, 'https://evil.app.example.com')],
    ['a browser that says only its origin', (body) => bare(body, { origin: 'https://evil.example' })],
    ['nowhere', (body) => bare(body, {})],
  ])('refuses a request from %s', async (_, sendBy) => {
    const nonce = await ada.begin()
    wink.requests.length = 0
    const body = path.endsWith('token') ? { accessToken: await app.token({ nonce }) } : pageUrls
    const response = await sendBy(body)
    expect(response.status).toBe(403)
    expect(await codeOf(response)).toBe('core/cross_origin')
    expect(wink.requests).toEqual([])
    expect((await ada.session()).signedIn).toBe(false)
  })
})

describe('POST /token', () => {
  it('signs in by a token with the nonce of a login of this browser', async () => {
    await ada.signIn()
    expect(await ada.session()).toMatchObject({
      signedIn: true,
      identities: { wink: { subject, authenticatedAt: now } },
    })
    expect(ada.browser.cookies.names()).toEqual(['__Host-latchkey'])
    expect(wink.to('verify-client')).toHaveLength(1)
  })

  it('signs in by the ID token where the access token carries no nonce', async () => {
    const idToken = await wink.idToken({ nonce: await ada.begin() })
    expect((await ada.send(await app.token(), { idToken })).status).toBe(204)
    expect((await ada.session()).signedIn).toBe(true)
  })

  it('refuses a token that was used before, to sign in and to prolong alike', async () => {
    const token = await ada.signIn()
    expect(await codeOf(await ada.send(token))).toBe('wink/token_replayed')
    const again = await app.token()
    expect((await ada.send(again)).status).toBe(204)
    expect(await codeOf(await ada.send(again))).toBe('wink/token_replayed')
    expect(await codeOf(await app.open().send(token))).toBe('wink/token_replayed')
  })

  it('lets one of two requests at once go on, and asks Wink once', async () => {
    const token = await app.token({ nonce: await ada.begin() })
    const answers = await Promise.all([ada.send(token), ada.send(token), ada.send(token)])
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(2)
    expect(wink.to('verify-client')).toHaveLength(1)
  })

  it('consumes the login before Wink is asked: what fails there cannot be tried again', async () => {
    const nonce = await ada.begin()
    wink.answers['verify-client'] = (response) => void response.writeHead(503).end()
    expect(await codeOf(await ada.send(await app.token({ nonce })))).toBe('wink/verification_unavailable')
    wink.answers['verify-client'] = (response) => json(response, profile)
    expect(await codeOf(await ada.send(await app.token({ nonce })))).toBe('wink/nonce_mismatch')
    expect((await ada.session()).signedIn).toBe(false)
  })

  it('refuses a token that was injected from another browser', async () => {
    const mallory = app.open()
    const injected = await app.token({ nonce: await mallory.begin() })
    await ada.begin()
    expect(await codeOf(await ada.send(injected))).toBe('wink/nonce_mismatch')
    expect((await ada.session()).signedIn).toBe(false)
    expect(wink.to('verify-client')).toEqual([])
  })

  it('refuses a token of before the login, of silent SSO, without any, or too late', async () => {
    const nonce = await ada.begin()
    expect(await codeOf(await ada.send(await app.token({ nonce, iat: now - 11 })))).toBe('wink/token_predates_login')
    expect(await codeOf(await ada.send(await app.token()))).toBe('wink/nonce_missing')
    expect(await codeOf(await ada.post('/auth/wink/token', {}))).toBe('wink/token_missing')
    const late = await ada.begin()
    const keeper = ada.browser.copy()
    app.clock.now += 601
    expect(await codeOf(await ada.send(await app.token({ nonce: late })))).toBe('wink/nonce_mismatch')
    // A browser that does not let go of cookies.
    const kept = await keeper.fetch('/auth/wink/token', {
      method: 'POST',
      body: JSON.stringify({ accessToken: await app.token({ nonce: late }) }),
      headers: { 'content-type': 'application/json' },
    })
    expect(await codeOf(kept)).toBe('auth/login_expired')
    expect(wink.to('verify-client')).toEqual([])
  })

  it.each([
    ['of another client', 'wink/client_mismatch', { azp: 'other' }],
    ['that is an ID token', 'wink/token_type_refused', { typ: 'ID' }],
    ['that is a refresh token', 'wink/token_type_refused', { typ: 'Refresh' }],
    ['of another issuer', 'oidc/issuer_mismatch', { iss: 'https://evil.example/realms/wink' }],
    ['that has expired', 'oidc/token_expired', { exp: now }],
  ])('refuses a token %s', async (_, code, claims) => {
    const response = await ada.send(await app.token({ nonce: await ada.begin(), ...claims }))
    expect(response.status).toBe(401)
    expect(await codeOf(response)).toBe(code)
    expect((await ada.session()).signedIn).toBe(false)
    expect(wink.to('verify-client')).toEqual([])
  })

  it.each(['', 'token', 'a.b.c', 'e30.e30.e30', `${'a'.repeat(60_000)}.b.c`])(
    'refuses %j as a token',
    async (token) => {
      const response = await ada.send(token)
      expect([400, 401]).toContain(response.status)
      expect(wink.requests).toEqual([])
    },
  )

  const faults: readonly (readonly [string, string, Answer])[] = [
    ['401 and nothing', 'wink/token_refused', (response) => void response.writeHead(401).end()],
    ['403 and a page', 'wink/verification_failed', (response) => html(response, 403)],
    ['200 and {}', 'wink/verification_failed', (response) => json(response, {})],
    ['200 and a page', 'wink/verification_failed', (response) => html(response, 200)],
    ['500', 'wink/verification_unavailable', (response) => void response.writeHead(500).end()],
    ['another user', 'wink/profile_mismatch', (response) => json(response, { ...profile, winkToken: 'another' })],
  ]
  it.each(faults)('signs nobody in, and prolongs nothing, when Wink answers %s', async (_, code, answer) => {
    wink.answers['verify-client'] = answer
    expect(await codeOf(await ada.send(await app.token({ nonce: await ada.begin() })))).toBe(code)
    expect((await ada.session()).signedIn).toBe(false)
    wink.answers['verify-client'] = (response) => json(response, profile)
    await ada.signIn()
    const before = ada.browser.cookies.header()
    wink.answers['verify-client'] = answer
    expect(await codeOf(await ada.send(await app.token()))).toBe(code)
    expect(ada.browser.cookies.header()).toBe(before)
  })
})

describe('GET /silent-check-sso.html', () => {
  it('may be framed by us alone, and runs its one script', async () => {
    const response = await app.auth.handle(new Request(`${origin}/auth/wink/silent-check-sso.html`))
    const page = await response.text()
    const script = /<script>(.*)<\/script>/.exec(page)?.[1] ?? ''
    expect(script).toBe('parent.postMessage(location.href, location.origin)')
    const hash = createHash('sha256').update(script).digest('base64')
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    )
  })
})

describe('the flows', () => {
  const routesOf = (flows?: readonly ('server' | 'browser')[]) =>
    openBrowserApp(wink, flows === undefined ? {} : { flows }).auth.routes.map(({ path }) => path)

  it('mount their own routes and no others', () => {
    expect(routesOf()).toContain('/auth/wink/token')
    expect(routesOf()).not.toContain('/auth/wink/login')
    expect(routesOf(['server'])).not.toContain('/auth/wink/token')
    expect(routesOf(['server', 'browser'])).toEqual(expect.arrayContaining(['/auth/wink/token', '/auth/wink/login']))
  })

  it.each([[[]], [['browser', 'popup']], ['browser'], [null]])('refuse %j', (flows) => {
    expect(() => openBrowserApp(wink, { flows: flows as never })).toThrow('An option is not valid.')
  })

  it('need exact lists for the browser', () => {
    const client = clientOf(wink, { cancelUrls: undefined })
    expect(() => winkProvider({ client, flows: ['browser'] })).toThrow('An option is not valid.')
  })
})
