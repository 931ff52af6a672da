import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RefreshResult, Tokens } from '../src/provider.ts'
import type { Browser } from './browser.ts'
import { type AppProcess, createFleet } from './process/fleet.ts'

const lifetimeSeconds = 1800
let vendor: Vendor
let now = 1_800_000_000
const fleet = createFleet((refreshToken) => vendor.refresh(refreshToken))
let here: AppProcess
let there: AppProcess
let others: readonly AppProcess[]

beforeAll(async () => {
  const [first, second, ...more] = await Promise.all([fleet.start(), fleet.start(), fleet.start(), fleet.start()])
  here = first
  there = second
  others = more
})
afterAll(() => fleet.close())

interface Vendor {
  /** The refresh tokens that it was shown. */
  readonly shown: string[]
  issue(): Tokens
  refresh(refreshToken: string): RefreshResult
}

/** The vendor of all processes: it rotates refresh tokens; with `detectsReuse` a token seen twice ends it all. */
function createVendor({ detectsReuse }: { readonly detectsReuse: boolean }): Vendor {
  const shown: string[] = []
  const id = crypto.randomUUID()
  let count = 0
  const issue = (): Tokens => {
    const expiresAt = now + lifetimeSeconds
    count++
    return { accessToken: `access-${count}`, refreshToken: `${id}-${count}`, expiresAt, refreshAt: expiresAt - 60 }
  }
  return {
    shown,
    issue,
    refresh(refreshToken) {
      shown.push(refreshToken)
      const isReused = new Set(shown).size !== shown.length
      return detectsReuse && isReused
        ? { kind: 'ended', reason: 'invalid_grant' }
        : { kind: 'refreshed', tokens: issue() }
    },
  }
}

/** A browser that is signed in by the first process, with a vendor of its own. */
async function signedIn(options = { detectsReuse: false }): Promise<Browser> {
  vendor = createVendor(options)
  const browser = here.browser()
  await browser.signIn({ tokens: vendor.issue() })
  return browser
}

function pass(seconds: number): void {
  now += seconds
  fleet.pass(seconds)
}

/** The same browser, answered by another process. */
function at(process: AppProcess, browser: Browser): Browser {
  const other = process.browser()
  for (const name of browser.names()) other.plant(name, browser.value(name))
  return other
}

describe('a sealed cookie, in several processes without a store, does not promise', () => {
  it('one refresh per token: four processes make four, one each, for 400 requests', async () => {
    const browser = await signedIn()
    pass(lifetimeSeconds)
    const subjects = await Promise.all(
      [here, there, ...others].flatMap((each) => Array.from({ length: 100 }, () => each.ask(browser.copy()))),
    )
    expect(subjects).toEqual(Array.from({ length: 400 }, () => 'ada'))
    expect([vendor.shown.length, new Set(vendor.shown).size]).toEqual([4, 1])
  })

  it('to stay signed in then, at a vendor that detects reuse', async () => {
    const browser = await signedIn({ detectsReuse: true })
    pass(lifetimeSeconds)
    const elsewhere = browser.copy()
    expect(await here.ask(browser)).toBe('ada')
    expect(await there.ask(elsewhere)).toBeNull()
    pass(lifetimeSeconds)
    expect(await here.ask(browser)).toBeNull()
  })

  it('to serve requests that come late without another refresh', async () => {
    const browser = await signedIn()
    pass(lifetimeSeconds)
    const late = browser.copy()
    await here.ask(browser)
    pass(10)
    await there.ask(late)
    expect([vendor.shown.length, new Set(vendor.shown).size]).toEqual([2, 1])
  })

  it('that what was signed out stays so, by a request that was under way elsewhere', async () => {
    const browser = await signedIn()
    pass(lifetimeSeconds)
    const slow = await there.hold(browser.copy())
    await browser.submit('/auth/logout')
    expect(browser.names()).toEqual([])
    browser.keep((await slow.release()).headers)
    expect(await there.ask(browser)).toBe('ada')
  })

  it('that a login is redeemed once, or that a repeated callback is answered alike', async () => {
    const browser = await signedIn()
    const state = await browser.begin()
    const again = at(there, browser)
    const statuses = [(await browser.finish(state)).status, (await again.finish(state)).status]
    expect(statuses).toEqual([303, 303])
    expect(again.value()).not.toBe(browser.value())
  })

  it('that a copy of the cookie is dead after a sign-out, or after a new sign-in', async () => {
    const browser = await signedIn()
    const copy = browser.copy()
    await browser.signIn({ subject: 'eve' })
    expect([await here.ask(copy), await there.ask(copy)]).toEqual([null, 'ada'])
    const second = browser.copy()
    await browser.submit('/auth/logout')
    expect([await here.ask(second), await there.ask(second)]).toEqual([null, 'eve'])
  })

  it('any of it over a restart', async () => {
    const browser = await signedIn()
    const state = await browser.begin()
    const redeemed = browser.copy()
    await browser.finish(state)
    const copy = browser.copy()
    await browser.submit('/auth/logout')
    const restarted = await fleet.start()
    expect(await restarted.ask(copy)).toBe('ada')
    expect((await at(restarted, redeemed).finish(state)).status).toBe(303)
  })
})
