import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { systemClock } from '../src/model/time.ts'
import { createApp } from './app.ts'
import { createRefreshingVendor, lifetimeSeconds } from './refreshing-vendor.ts'

setFlagsFromString('--allow-natives-syntax')

/** Whether V8 keeps two objects by the same hidden class. */
// oxlint-disable-next-line no-implied-eval -- the only way to V8's own functions
const haveSameMap = new Function('one', 'other', 'return %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean

describe('what is read for a request', () => {
  it('has one shape for all requests: a hidden class of each would cost more than the session', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ tokens: { accessToken: 'access' } })
    const calls = [
      () => auth.requireSession(browser.request()),
      () => auth.getSession(browser.request()),
      () => auth.getAccessToken(browser.request(), 'acme'),
    ]
    for (const call of calls) expect(haveSameMap(await call(), await call())).toBe(true)
    expect(haveSameMap(await auth.requireSession(browser.request()), await auth.getSession(browser.request()))).toBe(
      false,
    )
  })

  it('takes its headers along where it is copied, and nothing that it does not show', async () => {
    const vendor = createRefreshingVendor()
    const { auth, clock, browser: open } = createApp({ providers: [vendor.provider] })
    const browser = open()
    await browser.signIn({ tokens: vendor.issue(clock.now) })
    clock.now += lifetimeSeconds
    const result = await auth.requireSession(browser.request())
    const { headers } = result
    expect(headers.filter(([name]) => name === 'set-cookie')).toHaveLength(1)
    expect({ ...result }).toEqual({ kind: 'session', session: result.session, headers })
    expect(Object.keys(result)).toEqual(['kind', 'session', 'headers'])
    expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify({ ...result })))
  })
})

describe('reading a session', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    syncBuiltinESMExports()
  })

  it('decodes no token for a request that asks for none', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn({ tokens: { accessToken: 'head.body.sign', refreshToken: 'once' } })
    const toText = vi.spyOn(Buffer.prototype, 'toString')
    const decoded = (): number => toText.mock.calls.filter(([encoding]) => encoding === 'base64url').length
    await auth.requireSession(browser.request())
    await auth.getSession(browser.request())
    expect(decoded()).toBe(0)
    expect((await auth.getAccessToken(browser.request(), 'acme')).accessToken).toBe('head.body.sign')
    expect(decoded()).toBe(4)
  })

  it.each([
    ['without a store', undefined, undefined, 0],
    ['without a store, of a tenant', undefined, 'north', 0],
    ['with a store', createMemoryStore(), undefined, 1],
    ['with a store, of a tenant', createMemoryStore(), 'north', 2],
  ])('makes no more MACs than the names of its marks need: %s', async (_what, store, tenant, count) => {
    const { auth, browser: open } = createApp({ clock: systemClock, ...(store !== undefined && { store }) })
    const browser = open()
    await browser.signIn(tenant === undefined ? {} : { tenant: { id: tenant } })
    await auth.requireSession(browser.request())
    const hash = vi.spyOn(crypto, 'hash')
    syncBuiltinESMExports()
    await auth.requireSession(browser.request())
    // A MAC is made of two.
    expect(hash).toHaveBeenCalledTimes(2 * count)
  })
})
