import { createAuth, createMemoryStore } from '@latchkey/core'
import { type Emulator, startEmulator } from '@latchkey/emulator'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OidcProviderOptions, oidcProvider } from '../src/index.ts'
import { codeOf, pathOf } from './app.ts'

// Both vendors have packages of their own, which know more. This shows that `oidcProvider` is as general as it says.

const appOrigin = 'http://localhost:3001'
const callback = `${appOrigin}/auth/keycloak/callback`
let emulator: Emulator<'wise'>
beforeAll(async () => {
  emulator = await startEmulator({ wise: false, clock: 'manual' })
  emulator.wristband.registerRedirectUri(callback)
})
afterAll(() => emulator.close())

function openApp(options: Omit<OidcProviderOptions<'keycloak'>, 'name'>, clock: () => number) {
  const auth = createAuth({
    baseUrl: appOrigin,
    secret: 'an-example-secret-of-32-bytes-or-more',
    store: createMemoryStore({ clock }),
    session: { strategy: 'store', idleSeconds: 40_000 },
    providers: [oidcProvider({ name: 'keycloak', ...options })],
    clock,
  })
  const answer = async (request: Request) => (request.url.startsWith(appOrigin) ? auth.handle(request) : null)
  return { auth, browser: createTestBrowser({ origin: appOrigin, answer, clock }) }
}

const isOurs = ({ origin }: URL): boolean => origin === appOrigin

/** Goes to the vendor's page, presses the button of the user, and comes back. */
async function signIn(browser: TestBrowser, login = '/auth/keycloak/login'): Promise<TestAnswer> {
  const page = await browser.follow(await browser.open(login, { from: login }), isOurs)
  if (page.location !== null) return browser.open(page.location)
  const [, req = ''] = /name="req" value="([^"]+)"/.exec(page.text) ?? []
  const [, action = ''] = /action="([^"]+)"/.exec(page.text) ?? []
  const pressed = await browser.submit(new URL(action, page.url), { req, user: 'ada' }, { from: page.url })
  const back = await browser.follow(pressed, isOurs)
  return browser.open(back.location ?? 'about:nowhere')
}

describe('Wink, which is a Keycloak,', () => {
  it('signs a user in and out, and refreshes', async () => {
    const { wink } = emulator
    const { clientId, clientSecret } = wink
    // Wink's own page wants a session of its API, which is for one login.
    const created = await fetch(new URL('/wink/v1/session', wink.apiUrl), {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ returnUrl: callback, cancelUrl: `${appOrigin}/` }),
    })
    const { sessionId } = (await created.json()) as { sessionId: string }
    const issuer = wink.issuer
    const { auth, browser } = openApp(
      { issuer, clientId, clientSecret, authorizationParameters: { sessionId, prompt: 'login' } },
      wink.clock.now,
    )
    expect(pathOf(await signIn(browser))).toBe('/')
    const { session } = await auth.getSession(browser.request())
    expect(session?.user).toMatchObject({ issuer, subject: wink.users.ada.winkToken, authTimeSource: 'requested' })
    const before = await auth.getAccessToken(browser.request(), 'keycloak')
    wink.clock.advance(250)
    const after = await auth.getAccessToken(browser.request(), 'keycloak')
    expect(after.accessToken).not.toBe(before.accessToken)
    const out = await browser.submit('/auth/logout')
    expect(out.location?.href).toContain(`${issuer}/protocol/openid-connect/logout?client_id=`)
    expect((await auth.getSession(browser.request())).session).toBeNull()
  })
})

describe('Wristband, which is OpenID per tenant,', () => {
  const options = () => {
    const { issuer, clientId, clientSecret } = emulator.wristband
    const scopes = ['openid', 'offline_access', 'profile', 'email']
    return { issuer, clientId, clientSecret, scopes, authorizationParameters: { prompt: 'login' } }
  }
  /** A tenant's document is at the tenant's host, which not every system resolves; its issuer is the application. */
  const ofTenant: typeof fetch = async (input, init) => {
    const url = new URL(String(input))
    if (url.pathname !== '/.well-known/openid-configuration') return fetch(input, init)
    url.hostname = 'acme.localhost'
    const { text, status } = await createTestBrowser({ origin: url.origin }).open(url)
    return new Response(text, { status, headers: { 'content-type': 'application/json' } })
  }

  it('signs a user in and out, and refreshes', async () => {
    const { wristband } = emulator
    const { auth, browser } = openApp({ ...options(), fetch: ofTenant }, wristband.clock.now)
    const begun = await browser.open('/auth/keycloak/login')
    expect(begun.location?.hostname).toBe('acme.localhost')
    expect(pathOf(await signIn(browser))).toBe('/')
    const { ada } = wristband.users
    const { session } = await auth.getSession(browser.request())
    expect(session?.user).toMatchObject({
      issuer: wristband.issuer,
      subject: ada.subject,
      authTimeSource: 'auth_time',
      profile: { name: `${ada.givenName} ${ada.familyName}`, email: ada.email },
    })
    const before = await auth.getAccessToken(browser.request(), 'keycloak')
    wristband.clock.advance(1780)
    const after = await auth.getAccessToken(browser.request(), 'keycloak')
    expect(after.accessToken).not.toBe(before.accessToken)
    expect(pathOf(await browser.submit('/auth/logout', { return_url: '/bye' }))).toBe('/bye')
    expect(wristband.journal.count('revoke')).toBe(1)
  })

  it('is refused where the issuer is taken for a place where its document is not', async () => {
    const { wristband } = emulator
    const { browser } = openApp(options(), wristband.clock.now)
    expect(codeOf(await browser.open('/auth/keycloak/login'))).toBe('oidc/metadata_unavailable')
    const tenant = new URL(wristband.issuer)
    tenant.hostname = 'acme.localhost'
    const other = openApp({ ...options(), issuer: tenant.origin, fetch: ofTenant }, wristband.clock.now)
    expect(codeOf(await other.browser.open('/auth/keycloak/login'))).toBe('oidc/metadata_issuer_mismatch')
  })
})
