import { describe, expect, it } from 'vitest'
import type { AuthEvent, OnSignIn, SignInRequest } from '../src/index.ts'
import { codeOf, createApp, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createStoredApp, strategies } from './strategies.ts'

const link: OnSignIn = ({ current }) => ({ action: current === null ? 'new' : 'link' })

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

/** What the login route hears, however a login is begun, and whether that proves that a page of ours began it. */
const beginnings: readonly (readonly [string, Record<string, string | undefined>, boolean])[] = [
  ['by a link on a page of ours', { ...navigation, 'sec-fetch-site': 'same-origin' }, true],
  [
    'by a link of another site',
    { ...navigation, 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' },
    false,
  ],
  [
    'by a link of a sibling host',
    { ...navigation, 'sec-fetch-site': 'same-site', referer: 'https://b.app.example/' },
    false,
  ],
  ['from an e-mail, typed or by a bookmark', { ...navigation, 'sec-fetch-site': 'none' }, false],
  [
    'by a chain of redirects that another site was in',
    { ...navigation, 'sec-fetch-site': 'cross-site', referer: 'https://app.example/' },
    false,
  ],
  [
    'below a service worker, by a link on a page of ours',
    { ...navigation, 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin', referer: 'https://app.example/page' },
    true,
  ],
  [
    'below a service worker, typed or from an e-mail',
    { ...navigation, 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' },
    false,
  ],
  [
    'by a page of a trusted origin',
    { ...navigation, 'sec-fetch-site': 'same-site', referer: 'https://trusted.app.example/' },
    true,
  ],
  [
    'by an older Safari on a page of ours',
    {
      'sec-fetch-mode': undefined,
      'sec-fetch-dest': undefined,
      'sec-fetch-site': undefined,
      referer: 'https://app.example/',
    },
    true,
  ],
  [
    'by an older Safari on another page',
    {
      'sec-fetch-mode': undefined,
      'sec-fetch-dest': undefined,
      'sec-fetch-site': undefined,
      referer: 'https://evil.example/',
    },
    false,
  ],
  [
    'by an older Safari that says nothing',
    { 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined, 'sec-fetch-site': undefined },
    false,
  ],
]

async function begin(browser: Browser, headers: Record<string, string | undefined>, query = ''): Promise<string> {
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? '']))
  const request = browser.request(`/auth/beta/login${query}`, { headers: given })
  for (const [name, value] of Object.entries(headers)) if (value === undefined) request.headers.delete(name)
  const response = await browser.answer(request)
  return new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
}

async function sealedOn(page: Response): Promise<string> {
  return /name="sign_in" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
}

describe.each(strategies)('a login in the session of another user, with the strategy %s', (strategy) => {
  const trusted = { trustedOrigins: ['https://trusted.app.example'] }

  it.each(beginnings)('that is begun %s is confirmed as it must be', async (_how, headers, isProven) => {
    const seen: SignInRequest[] = []
    const onSignIn: OnSignIn = (request) => {
      seen.push(request)
      return link(request)
    }
    const browser = createStoredApp(strategy, { onSignIn, ...trusted }).browser()
    await browser.signIn({ subject: 'ada' })
    const response = await browser.finish(await begin(browser, headers), { subject: 'eve' }, 'beta')
    expect(response.status).toBe(isProven ? 303 : 409)
    expect(seen.slice(1).map(({ confirmed }) => confirmed)).toEqual(isProven ? [true] : [])
    expect(await usersOf(browser)).toEqual(isProven ? { acme: 'ada', beta: 'eve' } : { acme: 'ada' })
  })

  it('that no page of ours began replaces nothing: one button does, as the app decides', async () => {
    const app = createStoredApp(strategy, { onSignIn: link })
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', profile: { name: 'Ada <b>' } })
    const state = await begin(browser, { ...navigation, 'sec-fetch-site': 'none' }, '?return_url=/payroll')
    const page = await browser.finish(state, { subject: 'wink-of-ada', tokens: { accessToken: 'canary' } }, 'beta')
    const text = await page.clone().text()
    expect(page.status).toBe(409)
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('cache-control')).toBe('private, no-store')
    expect(text).toContain('Ada &#60;b&#62;')
    expect(text).not.toContain('canary')
    const done = await browser.submit('/auth/confirm', { sign_in: await sealedOn(page) })
    expect([done.status, done.headers.get('location')]).toEqual([303, '/payroll'])
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'wink-of-ada' })
    expect(app.events.filter(({ type }: AuthEvent) => type === 'sign_in.refused')).toMatchObject([
      { code: 'auth/sign_in_unconfirmed', provider: 'beta', user: { subject: 'wink-of-ada' } },
    ])
  })

  it('is confirmed once, by a page of ours, in that session and within ten minutes', async () => {
    const app = createStoredApp(strategy, { onSignIn: link })
    const browser = app.browser()
    await browser.signIn({ subject: 'ada' })
    const sealed = async (): Promise<string> =>
      sealedOn(
        await browser.finish(
          await begin(browser, { ...navigation, 'sec-fetch-site': 'cross-site' }),
          { subject: 'eve' },
          'beta',
        ),
      )
    const given = await sealed()
    const foreign = await browser.submit(
      '/auth/confirm',
      { sign_in: given },
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    )
    expect([foreign.status, await codeOf(foreign)]).toEqual([403, 'core/cross_origin'])
    const other = app.browser()
    await other.signIn({ subject: 'bob' })
    const moved = await other.submit('/auth/confirm', { sign_in: given })
    expect([moved.status, await codeOf(moved)]).toEqual([409, 'auth/session_changed'])
    const noOne = await app.browser().submit('/auth/confirm', { sign_in: given })
    expect([noOne.status, await codeOf(noOne)]).toEqual([409, 'auth/session_changed'])
    app.clock.now += 601
    const late = await browser.submit('/auth/confirm', { sign_in: given })
    expect([late.status, await codeOf(late)]).toEqual([400, 'auth/login_expired'])
    const copy = browser.copy()
    const fresh = await sealed()
    expect((await browser.submit('/auth/confirm', { sign_in: fresh })).status).toBe(303)
    expect((await copy.submit('/auth/confirm', { sign_in: fresh })).status).not.toBe(303)
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'eve' })
  })

  it.each(['', 'junk', 'a.b.c.d.e'])('is not confirmed by %j', async (given) => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    await browser.signIn({ subject: 'ada' })
    const response = await browser.submit('/auth/confirm', { sign_in: given })
    expect([response.status, await codeOf(response)]).toEqual([409, 'auth/session_changed'])
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('is none of a user who was revoked before the button', async () => {
    const app = createStoredApp(strategy)
    const browser = app.browser()
    await browser.signIn({ subject: 'ada' })
    const state = await begin(browser, { ...navigation, 'sec-fetch-site': 'none' })
    const given = await sealedOn(await browser.finish(state, { subject: 'eve' }, 'beta'))
    await app.auth.revokeSessions({ provider: 'beta', issuer: 'https://beta.example', subject: 'eve' })
    await browser.submit('/auth/confirm', { sign_in: given })
    expect(await usersOf(browser)).toEqual({})
  })

  it('of the same user replaces the identity in place, however it was begun', async () => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    await browser.signIn({ subject: 'ada' })
    await browser.signIn({ subject: 'wink-of-ada' }, 'beta')
    const state = await begin(browser, { ...navigation, 'sec-fetch-site': 'none' })
    const response = await browser.finish(state, { subject: 'wink-of-ada' }, 'beta')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'wink-of-ada' })
  })

  it('that was begun in no session does not link to what lives by then, and replaces nothing silently', async () => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    const state = await browser.begin('beta')
    await browser.signIn({ subject: 'ada' })
    const response = await browser.finish(state, { subject: 'bob' }, 'beta')
    expect(response.status).toBe(409)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('is a problem document where no page is opened', async () => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    await browser.signIn({ subject: 'ada' })
    const state = await begin(browser, { ...navigation, 'sec-fetch-site': 'none' })
    const query = new URLSearchParams({ state, assertion: JSON.stringify({ subject: 'eve' }) })
    const response = await browser.fetch(`/auth/beta/callback?${query}`)
    expect([response.status, await codeOf(response)]).toEqual([409, 'auth/sign_in_unconfirmed'])
  })
})

describe('the ticket of a login', () => {
  const discover = async (browser: Browser, query = '', site = 'same-origin'): Promise<string> => {
    const response = await browser.open(`/auth/beta/login?discover=1${query}`, { 'sec-fetch-site': site })
    return new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
  }
  const comeBack = (browser: Browser, ticket: string): Promise<string> =>
    begin(browser, { ...navigation, 'sec-fetch-site': 'cross-site' }, `?state=${encodeURIComponent(ticket)}`)

  it('carries the return target through the page on which users find their tenant', async () => {
    const browser = createApp().browser()
    const ticket = await discover(browser, '&return_url=/payroll?month=5')
    expect(ticket.length).toBeLessThanOrEqual(450)
    const response = await browser.finish(await comeBack(browser, ticket), {}, 'beta')
    expect(response.headers.get('location')).toBe('/payroll?month=5')
  })

  it('leaves out a target that does not fit, and keeps to 450 characters', async () => {
    const browser = createApp().browser()
    const ticket = await discover(browser, `&return_url=/${'a'.repeat(1500)}`)
    expect(ticket.length).toBeLessThanOrEqual(450)
    const response = await browser.finish(await comeBack(browser, ticket), {}, 'beta')
    expect(response.headers.get('location')).toBe('/')
  })

  it('carries the proof that a page of ours began it, once', async () => {
    const browser = createApp({ onSignIn: link }).browser()
    await browser.signIn({ subject: 'ada' })
    const ticket = await discover(browser)
    const copy = browser.copy()
    const first = await comeBack(browser, ticket)
    expect((await copy.finish(await comeBack(copy, ticket), { subject: 'eve' }, 'beta')).status).toBe(409)
    await browser.finish(first, { subject: 'wink-of-ada' }, 'beta')
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'wink-of-ada' })
  })

  it.each([
    ['that another site began', (browser: Browser) => discover(browser, '', 'cross-site')],
    [
      'that was changed',
      async (browser: Browser) => (await discover(browser)).replace(/.$/, (end) => (end === 'A' ? 'B' : 'A')),
    ],
    ['of another session', async (_browser: Browser, other: Browser) => discover(other)],
    [
      'of another provider',
      async (browser: Browser) => {
        const response = await browser.open('/auth/acme/login?discover=1', { 'sec-fetch-site': 'same-origin' })
        return new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
      },
    ],
    ['that is the state of a login', (browser: Browser) => browser.begin('beta')],
    [
      'of eleven minutes ago',
      async (browser: Browser, _other: Browser, wait: () => void) => {
        const ticket = await discover(browser)
        wait()
        return ticket
      },
    ],
  ])('%s proves nothing', async (_what, ticketOf) => {
    const app = createApp({ onSignIn: link })
    const [browser, other] = [app.browser(), app.browser()]
    await browser.signIn({ subject: 'ada' })
    await other.signIn({ subject: 'mallory' })
    const ticket = await ticketOf(browser, other, () => {
      app.clock.now += 660
    })
    const response = await browser.finish(await comeBack(browser, ticket), { subject: 'eve' }, 'beta')
    expect(response.status).toBe(409)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('of another host is no ticket, and its return target is dropped', async () => {
    const app = createApp({ baseUrl: ['https://app.example', 'https://one.example', 'https://two.example'] })
    const at = async (host: string, query: string) => {
      const headers = { host, ...navigation, accept: 'text/html', 'sec-fetch-site': 'same-origin' }
      const login = new Request(`https://${host}/auth/beta/login?${query}`, { headers })
      return app.auth.handle(login)
    }
    const stateOf = (response: Response): string =>
      new URL(response.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const ticket = stateOf(await at('one.example', 'discover=1&return_url=/payroll'))
    for (const [host, returnTo] of [
      ['one.example', '/payroll'],
      ['two.example', '/'],
      ['app.example', '/'],
    ] as const) {
      const begun = await at(host, `state=${ticket}`)
      const cookie = begun.headers
        .getSetCookie()
        .map((line) => line.split(';', 1)[0])
        .join('; ')
      const query = new URLSearchParams({ state: stateOf(begun), assertion: '{}' })
      const callback = new Request(`https://${host}/auth/beta/callback?${query}`, {
        headers: { host, cookie, ...navigation },
      })
      expect([host, (await app.auth.handle(callback)).headers.get('location')]).toEqual([host, returnTo])
    }
  })

  it('is no state of a callback', async () => {
    const browser = createApp().browser()
    const response = await browser.finish(await discover(browser), {}, 'beta')
    expect([response.status, await codeOf(response)]).toEqual([400, 'beta/invalid_state'])
  })

  it('goes along with a login that begins again', async () => {
    const browser = createApp({ onSignIn: link }).browser()
    await browser.signIn({ subject: 'ada' })
    const state = await browser.begin('beta', '?return_url=/payroll')
    const again = await browser.open(`/auth/beta/callback?state=${state}&again`, { 'sec-fetch-site': 'cross-site' })
    const login = await browser.open(again.headers.get('location') ?? '', { 'sec-fetch-site': 'cross-site' })
    const next = new URL(login.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const response = await browser.finish(next, { subject: 'wink-of-ada' }, 'beta')
    expect(response.headers.get('location')).toBe('/payroll')
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'wink-of-ada' })
  })
})

describe('a callback that belongs to no login', () => {
  it('takes a user who is signed in to the start page, and changes nothing', async () => {
    const browser = createApp().browser()
    await browser.signIn()
    const before = browser.value()
    const response = await browser.open('/auth/beta/callback?error=temporarily_unavailable')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(browser.value()).toBe(before)
  })

  it('is refused for everyone else', async () => {
    const response = await createApp().browser().open('/auth/beta/callback')
    expect([response.status, await codeOf(response)]).toEqual([400, 'beta/missing_state'])
  })
})
