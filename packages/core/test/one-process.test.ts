import { describe, expect, it } from 'vitest'
import type { AuthOptions } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { type App, createApp, refusalOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createGate } from './gate.ts'
import { createRefreshingVendor, lifetimeSeconds, type RefreshingVendor } from './refreshing-vendor.ts'
import { setsCookie } from './strategies.ts'

/** An app on sealed cookies, and a browser that is signed in. */
async function signedIn(
  vendor: RefreshingVendor = createRefreshingVendor(),
  options: Partial<AuthOptions> = {},
): Promise<{ app: App; browser: Browser }> {
  const app = createApp({ providers: [vendor.provider], ...options })
  const browser = app.browser()
  await browser.signIn({ tokens: vendor.issue(app.clock.now) })
  return { app, browser }
}

async function accessToken({ auth }: App, browser: Browser): Promise<string> {
  const { accessToken, headers } = await auth.getAccessToken(browser.request(), 'acme')
  browser.keep(headers)
  return accessToken
}

describe('a sealed cookie, in one process', () => {
  it('has one refresh per token, however many requests need it', async () => {
    const vendor = createRefreshingVendor()
    const { app, browser } = await signedIn(vendor)
    app.clock.now += lifetimeSeconds
    const browsers = Array.from({ length: 100 }, () => browser.copy())
    const tokens = await Promise.all(browsers.map((each) => accessToken(app, each)))
    expect([vendor.calls(), new Set(tokens)]).toEqual([1, new Set(['access-2'])])
    for (const each of browsers) expect(await usersOf(each)).toEqual({ acme: 'ada' })
  })

  it.each([
    [60, 'access-1'],
    [5, 'access-1'],
    [4, 'access-2'],
  ])('lets requests go on with a token that is good for %i s while one refreshes it: %s', async (seconds, token) => {
    const gate = createGate()
    const { app, browser } = await signedIn(createRefreshingVendor(gate.pass))
    app.clock.now += lifetimeSeconds - seconds
    const first = accessToken(app, browser.copy())
    await gate.reached
    const second = accessToken(app, browser.copy())
    if (token === 'access-1') expect(await second).toBe(token)
    gate.open()
    expect([await first, await second]).toEqual(['access-2', token])
  })

  it('serves late requests, with the cookie from before a refresh, for five minutes', async () => {
    const vendor = createRefreshingVendor()
    const { app, browser } = await signedIn(vendor)
    app.clock.now += lifetimeSeconds
    const late = browser.copy()
    await accessToken(app, browser)
    app.clock.now += 299
    expect(await accessToken(app, late.copy())).toBe('access-2')
    expect(app.events.filter(({ type }) => type === 'session.ended')).toEqual([])
    app.clock.now += 2
    for (let request = 0; request < 3; request++) {
      expect(await refusalOf(accessToken(app, late.copy()))).toBe('auth/session_required')
    }
    const ended = app.events.filter(({ type }) => type === 'session.ended')
    expect(ended).toEqual([expect.objectContaining({ provider: 'acme', reason: 'tokens_lost' })])
    expect(await accessToken(app, browser)).toBe('access-2')
    expect(vendor.calls()).toBe(1)
  })

  it('does not go back behind a refresh by a request that began before it', async () => {
    const session = { strategy: 'cookie', idleSeconds: lifetimeSeconds } as const
    const { app, browser } = await signedIn(createRefreshingVendor(), { session })
    app.clock.now += lifetimeSeconds - 61
    const slow = await app.auth.getSession(browser.copy().request())
    expect(setsCookie(slow.headers)).toBe(true)
    app.clock.now += 1
    await accessToken(app, browser)
    expect(setsCookie(slow.headers)).toBe(false)
  })

  it('does not go back behind a change of its data by a request that began before it', async () => {
    const { app, browser } = await signedIn()
    await browser.signIn()
    app.clock.now += lifetimeSeconds + 1
    const slow = await app.auth.getSession(browser.copy().request())
    expect(setsCookie(slow.headers)).toBe(true)
    browser.keep((await app.auth.updateSession(browser.request(), { theme: 'dark' })).headers)
    expect(setsCookie(slow.headers)).toBe(false)
    expect((await app.auth.requireSession(browser.request())).session.data).toEqual({ theme: 'dark' })
  })

  it.each([
    ['a sign-out', (browser: Browser) => browser.submit('/auth/logout')],
    ['a step-up', (browser: Browser) => browser.signIn({ subject: 'ada' })],
    ['a sign-in by somebody else', (browser: Browser) => browser.signIn({ subject: 'eve' })],
  ])('does not come back after %s, by a request that was under way or by a copy', async (_what, act) => {
    const { app, browser } = await signedIn()
    app.clock.now += lifetimeSeconds
    const copy = browser.copy()
    const slow = await app.auth.getAccessToken(copy.request(), 'acme')
    expect(setsCookie(slow.headers)).toBe(true)
    await act(browser)
    expect(setsCookie(slow.headers)).toBe(false)
    expect(await usersOf(copy)).toEqual({})
  })

  it('does not come back after a sign-out while its tokens are refreshed', async () => {
    const gate = createGate()
    const vendor = createRefreshingVendor(gate.pass)
    const { app, browser } = await signedIn(vendor)
    app.clock.now += lifetimeSeconds
    const slow = app.auth.getAccessToken(browser.copy().request(), 'acme')
    await gate.reached
    await browser.submit('/auth/logout')
    gate.open()
    expect(await refusalOf(slow)).toBe('auth/session_required')
    expect(await usersOf(browser)).toEqual({})
  })

  it('does not live on in a session that is linked to it while it is signed out', async () => {
    const gate = createGate()
    const { app, browser } = await signedIn(createRefreshingVendor(), {
      providers: [acme('acme'), acme('beta')],
      onSignIn: async ({ current }) => {
        if (current === null) return { action: 'new' }
        await gate.pass()
        return { action: 'link' }
      },
    })
    const state = await browser.begin('beta')
    const other = browser.copy()
    const linking = other.finish(state, {}, 'beta')
    await gate.reached
    await browser.submit('/auth/logout')
    gate.open()
    expect(await (await linking).json()).toMatchObject({ code: 'auth/session_changed' })
    expect(await usersOf(other)).toEqual({})
    expect(app.events.filter(({ type }) => type === 'sign_in.succeeded')).toHaveLength(1)
  })
})
