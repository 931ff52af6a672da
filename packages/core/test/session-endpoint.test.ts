import { describe, expect, it } from 'vitest'
import { publicSession } from '../src/index.ts'
import { createApp } from './app.ts'

const circle = {}

describe('GET /auth/session', () => {
  it('says that no one is signed in, with 200', async () => {
    const response = await createApp().browser().fetch('/auth/session')
    expect([response.status, await response.json()]).toEqual([200, { signedIn: false, identities: {} }])
  })

  it('says who is signed in: enough to greet them, and no more', async () => {
    const { clock, browser: open } = createApp({
      onSignIn: ({ current }) => ({ action: current ? 'link' : 'new', data: { secret: 'of the app' } }),
      sessionResponse: ({ user, data }) => ({ greeting: `Hello, ${user.profile.name}`, fields: Object.keys(data) }),
    })
    const browser = open()
    await browser.signIn({
      tenant: { id: 'tnt', name: 'acme' },
      authenticatedAt: clock.now - 5,
      authTimeSource: 'acr',
      profile: { name: 'Ada', email: 'ada@example.org', emailVerified: true, picture: 'https://x.example/ada.png' },
      tokens: { accessToken: 'canary-token', refreshToken: 'canary-token' },
    })
    await browser.signIn({ subject: 'palm-1' }, 'beta')
    const response = await browser.fetch('/auth/session')
    const ada = {
      provider: 'acme',
      subject: 'ada',
      tenant: { id: 'tnt', name: 'acme' },
      name: 'Ada',
      email: 'ada@example.org',
      authenticatedAt: clock.now - 5,
    }
    expect(await response.json()).toEqual({
      signedIn: true,
      expiresAt: clock.now + 3600,
      user: ada,
      identities: { acme: ada, beta: { provider: 'beta', subject: 'palm-1' } },
      app: { greeting: 'Hello, Ada', fields: ['secret'] },
    })
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
  })

  it('asks the app nothing where no one is signed in, and has no `app` where the app says nothing', async () => {
    let asked = 0
    const sessionResponse = () => ({ asked: ++asked })
    const signedOut = await createApp({ sessionResponse }).browser().fetch('/auth/session')
    expect([asked, await signedOut.json()]).toEqual([0, { signedIn: false, identities: {} }])
    const browser = createApp().browser()
    await browser.signIn()
    expect(await (await browser.fetch('/auth/session')).json()).not.toHaveProperty('app')
  })

  it('is an error without a session where the app’s part of it throws', async () => {
    const browser = createApp({
      sessionResponse: () => {
        throw new Error('canary')
      },
    }).browser()
    await browser.signIn()
    const response = await browser.fetch('/auth/session')
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: 'core/internal_error' }])
    expect(text).not.toMatch(/canary|ada/)
  })

  it.each<[string, () => unknown]>([
    ['a promise', async () => ({ role: 'canary' })],
    ['a list', () => ['canary']],
    ['a text', () => 'canary'],
    ['null', () => null],
    ['a map', () => new Map([['role', 'canary']])],
    ['a date', () => ({ since: new Date(0), role: 'canary' })],
    ['a number that JSON has not', () => ({ count: Number.NaN, role: 'canary' })],
    ['a large integer', () => ({ count: 1n, role: 'canary' })],
    ['a function', () => ({ role: () => 'canary' })],
    ['a circle', () => Object.assign(circle, { role: 'canary', circle })],
  ])('is an error without a session where the app answers %s, which JSON cannot say', async (_, sessionResponse) => {
    const { events, browser: open } = createApp({ sessionResponse: sessionResponse as never })
    const browser = open()
    await browser.signIn()
    const response = await browser.fetch('/auth/session')
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: 'core/internal_error' }])
    expect(text).not.toMatch(/canary|ada/)
    expect(events.at(-1)).toMatchObject({ type: 'request.refused', code: 'core/internal_error' })
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('says what `publicSession` makes of the session, for a page that the server renders', async () => {
    const sessionResponse = () => ({ theme: 'dark', tag: undefined })
    const { auth, browser: open } = createApp({ sessionResponse: sessionResponse as never })
    const browser = open()
    expect(publicSession(null)).toEqual(await (await browser.fetch('/auth/session')).json())
    await browser.signIn({ tenant: { id: 'tnt' }, profile: { name: 'Ada', picture: 'https://x.example/ada.png' } })
    const { session } = await auth.getSession(browser.request())
    const answer: unknown = await (await browser.fetch('/auth/session')).json()
    expect(publicSession(session, { theme: 'dark' })).toStrictEqual(answer)
  })

  it('never prolongs the session, however often it is asked', async () => {
    const { clock, browser: open } = createApp({ session: { strategy: 'cookie', idleSeconds: 100 } })
    const browser = open()
    await browser.signIn()
    const sealed = browser.value()
    for (let asked = 0; asked < 10; asked++) {
      clock.now += 9
      const response = await browser.fetch('/auth/session')
      expect(response.headers.getSetCookie()).toEqual([])
    }
    expect(browser.value()).toBe(sealed)
    clock.now += 10
    expect(await (await browser.copy().fetch('/auth/session')).json()).toMatchObject({ signedIn: false })
  })

  it('tells other sites nothing that they could read', async () => {
    const browser = createApp().browser()
    await browser.signIn()
    const response = await browser.fetch('/auth/session', {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    })
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})
