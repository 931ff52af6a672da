import { describe, expect, it } from 'vitest'
import type { ProviderName } from '../src/index.ts'
import { refusalOf } from './app.ts'
import { createRefreshingVendor, lifetimeSeconds } from './refreshing-vendor.ts'
import { createStoredApp, setsCookie, strategies } from './strategies.ts'

describe.each(strategies)('the access token of a session in a %s', (strategy) => {
  it('comes with its end and the headers of the answer, and nothing else', async () => {
    const { auth, clock, browser: open } = createStoredApp(strategy)
    const browser = open()
    await browser.signIn({ tokens: { accessToken: 'a', refreshToken: 'canary', expiresAt: clock.now + 60 } })
    const { headers, ...token } = await auth.getAccessToken(browser.request(), 'acme')
    expect(token).toEqual({ accessToken: 'a', expiresAt: clock.now + 60 })
    expect(headers).toEqual([
      ['cache-control', 'private, no-store'],
      ['vary', 'Cookie'],
    ])
    await browser.signIn({ tokens: { accessToken: 'b' } })
    const { headers: _headers, ...lasting } = await auth.getAccessToken(browser.request(), 'acme')
    expect(lasting).toEqual({ accessToken: 'b' })
  })

  it.each([
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    'prototype',
    'beta',
    'gamma',
    '',
    undefined,
    null,
  ])('is none of %j', async (provider) => {
    const { auth, browser: open } = createStoredApp(strategy)
    const browser = open()
    await browser.signIn({ tokens: { accessToken: 'a' } })
    for (const readOnly of [true, false]) {
      const asked = auth.getAccessToken(browser.request(), provider as ProviderName, { readOnly })
      await expect(asked).rejects.toMatchObject({ code: 'auth/tokens_missing', status: 403 })
    }
  })

  it('is none where a polluted prototype has some', async () => {
    const { auth, browser: open } = createStoredApp(strategy)
    const browser = open()
    await browser.signIn()
    const prototype = Object.prototype as unknown as Record<string, unknown>
    try {
      prototype.beta = { accessToken: 'evil' }
      expect(await refusalOf(auth.getAccessToken(browser.request(), 'beta'))).toBe('auth/tokens_missing')
    } finally {
      delete prototype.beta
    }
  })

  it('is missing where the identity has none, and needs a session', async () => {
    const { auth, browser: open } = createStoredApp(strategy)
    const browser = open()
    expect(await refusalOf(auth.getAccessToken(browser.request(), 'acme'))).toBe('auth/session_required')
    await browser.signIn({ tokens: { refreshToken: 'canary' } })
    expect(await refusalOf(auth.getAccessToken(browser.request(), 'acme'))).toBe('auth/tokens_missing')
  })

  it('tells by the session when it was refreshed last, also to requests that come late', async () => {
    const vendor = createRefreshingVendor()
    const { auth, clock, browser: open } = createStoredApp(strategy, { providers: [vendor.provider] })
    const browser = open()
    await browser.signIn({ tokens: vendor.issue(clock.now) })
    const refreshedAt = async (by = browser) => (await auth.getSession(by.request(), { readOnly: true })).session
    expect(await refreshedAt()).not.toHaveProperty('refreshedAt')
    clock.now += lifetimeSeconds
    const [late, refreshed] = [browser.copy(), clock.now]
    const { headers, expiresAt } = await auth.getAccessToken(browser.request(), 'acme')
    browser.keep(headers)
    expect([expiresAt, setsCookie(headers)]).toEqual([refreshed + lifetimeSeconds, strategy === 'cookie'])
    expect(await refreshedAt()).toMatchObject({ refreshedAt: refreshed })
    clock.now += 20
    late.keep((await auth.getSession(late.request())).headers)
    expect(await refreshedAt(late)).toMatchObject({ refreshedAt: refreshed })
    clock.now += 1000
    browser.keep((await auth.updateSession(browser.request(), { theme: 'dark' })).headers)
    expect(await refreshedAt()).toMatchObject({ refreshedAt: refreshed, data: { theme: 'dark' } })
    expect(vendor.calls()).toBe(1)
  })

  it('keeps a refresh that was made before the refusal of a request', async () => {
    const vendor = createRefreshingVendor()
    const { auth, clock, browser: open } = createStoredApp(strategy, { providers: [vendor.provider] })
    const browser = open()
    await browser.signIn({ tokens: vendor.issue(clock.now) })
    clock.now += lifetimeSeconds
    const request = browser.request()
    const refused = await auth.requireSession(request, { where: () => false }).catch((error: unknown) => error)
    browser.keep([...auth.errorResponse(refused, request).headers])
    clock.now += 60
    expect((await auth.getAccessToken(browser.request(), 'acme')).accessToken).toBe('access-2')
    expect(vendor.calls()).toBe(1)
  })
})
