import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { createApp, exampleSecret, refusalOf } from './app.ts'
import { createRefreshingVendor, lifetimeSeconds } from './refreshing-vendor.ts'
import { at } from './strategies.ts'

describe('a browser that lost the one answer with its new tokens', () => {
  it('goes on at another process that shares the store, for five minutes; then an event says why it ended', async () => {
    const clock = { now: 1_800_000_000 }
    const time = { clock: () => clock.now }
    const vendor = createRefreshingVendor()
    const shared = { secret: exampleSecret(), store: createMemoryStore(time), providers: [vendor.provider], ...time }
    const [here, there, elsewhere] = [createApp(shared), createApp(shared), createApp(shared)]
    const browser = here.browser()
    await browser.signIn({ tokens: vendor.issue(clock.now) })
    clock.now += lifetimeSeconds
    expect((await here.auth.getAccessToken(browser.copy().request(), 'acme')).accessToken).toBe('access-2')

    clock.now += 299
    const reloaded = at(there, browser)
    const { accessToken, headers } = await there.auth.getAccessToken(reloaded.request(), 'acme')
    reloaded.keep(headers)
    expect(accessToken).toBe('access-2')
    expect((await there.auth.getAccessToken(reloaded.request(), 'acme')).accessToken).toBe('access-2')
    expect(there.events.filter(({ type }) => type === 'session.ended')).toEqual([])

    clock.now += 2
    const late = at(elsewhere, browser)
    expect(await refusalOf(elsewhere.auth.getAccessToken(late.request(), 'acme'))).toBe('auth/session_required')
    expect(elsewhere.events.filter(({ type }) => type === 'session.ended')).toMatchObject([{ reason: 'tokens_lost' }])
    expect(vendor.calls()).toBe(1)
  })
})
