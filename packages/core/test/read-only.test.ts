import { describe, expect, it } from 'vitest'
import { refusalOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createRefreshingVendor, lifetimeSeconds, type RefreshingVendor } from './refreshing-vendor.ts'
import { createStoredApp, keptRecord, type StoredApp, type Strategy, setsCookie, strategies } from './strategies.ts'

const readOnly = { readOnly: true }

/** A browser whose session and tokens are of some time ago. */
async function signedIn(
  strategy: Strategy,
  secondsAgo: number,
): Promise<{ app: StoredApp; browser: Browser; vendor: RefreshingVendor }> {
  const vendor = createRefreshingVendor()
  const app = createStoredApp(strategy, { providers: [vendor.provider] })
  const browser = app.browser()
  await browser.signIn({ tokens: vendor.issue(app.clock.now) })
  app.clock.now += secondsAgo
  return { app, browser, vendor }
}

describe.each(strategies)('a reading where no header can be set, of a session in a %s', (strategy) => {
  it.each([
    ['due', lifetimeSeconds - 1],
    ['expired', lifetimeSeconds + 1],
  ])('writes, prolongs and refreshes nothing, with tokens that are %s', async (_state, secondsAgo) => {
    const { app, browser, vendor } = await signedIn(strategy, secondsAgo)
    const { auth } = app
    const [before, written] = [await keptRecord(app, browser), app.writes()]
    for (let count = 0; count < 3; count++) {
      const found = await auth.getSession(browser.request(), readOnly)
      const passed = await auth.requireSession(browser.request(), { provider: 'acme' }, readOnly)
      await auth.getAccessToken(browser.request(), 'acme', readOnly).catch(() => null)
      const either = await auth.requireSessionOrBearer(browser.request(), { session: {}, bearer: {} }, readOnly)
      expect([either.kind, setsCookie(either.headers)]).toEqual(['session', false])
      for (const { session, headers } of [found, passed]) {
        expect(session?.expiresAt).toBe(before?.idleExpiresAt)
        expect([setsCookie(headers), headers.length]).toEqual([false, 2])
      }
    }
    expect([vendor.calls(), app.writes() - written]).toEqual([0, 0])
    expect(await keptRecord(app, browser)).toEqual(before)
  })

  it('gives a token that is due and still good as it is', async () => {
    const { app, browser, vendor } = await signedIn(strategy, lifetimeSeconds - 1)
    const { accessToken, expiresAt, headers } = await app.auth.getAccessToken(browser.request(), 'acme', readOnly)
    expect([accessToken, expiresAt, setsCookie(headers), vendor.calls()]).toEqual([
      'access-1',
      app.clock.now + 1,
      false,
      0,
    ])
  })

  it.each([0, 1, 100])('gives no token that expired %i s ago: 503, and it is refreshed elsewhere', async (ago) => {
    const { app, browser, vendor } = await signedIn(strategy, lifetimeSeconds + ago)
    const refused = app.auth.getAccessToken(browser.request(), 'acme', readOnly)
    await expect(refused).rejects.toMatchObject({ code: 'auth/tokens_unavailable', status: 503 })
    expect(vendor.calls()).toBe(0)
    expect((await app.auth.getAccessToken(browser.request(), 'acme')).accessToken).toBe('access-2')
  })

  it('is a writing one unless it says so', async () => {
    const { app, browser, vendor } = await signedIn(strategy, lifetimeSeconds + 1)
    for (const options of [undefined, {}, { readOnly: false }, { readOnly: undefined }]) {
      await app.auth.getAccessToken(browser.request(), 'acme', options)
    }
    expect(vendor.calls()).toBe(1)
  })

  it('is refused what any other is refused', async () => {
    const { app, browser } = await signedIn(strategy, 3600)
    expect((await app.auth.getSession(browser.request(), readOnly)).session).toBeNull()
    expect(await refusalOf(app.auth.requireSession(browser.request(), {}, readOnly))).toBe('auth/session_required')
    expect(await refusalOf(app.auth.getAccessToken(browser.request(), 'acme', readOnly))).toBe('auth/session_required')
  })
})
