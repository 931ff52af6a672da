import { describe, expect, it } from 'vitest'
import type { SessionOptions } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp, exampleSecret, refusalOf, summaryOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

const session: SessionOptions = { strategy: 'cookie', idleSeconds: 100, absoluteSeconds: 250 }

/** Asks for the session as an app does, keeps what the answer sets, and tells when the session ends. */
async function use(app: ReturnType<typeof createApp>, browser: Browser): Promise<number | undefined> {
  const { session: found, headers } = await app.auth.getSession(browser.request())
  browser.keep(headers)
  return found?.expiresAt
}

describe('a session', () => {
  it('ends when it was not used for its idle time, whatever the browser kept', async () => {
    const app = createApp({ session })
    const browser = app.browser()
    await browser.signIn()
    const kept = browser.copy()
    app.clock.now += 99
    expect(await usersOf(kept)).toEqual({ acme: 'ada' })
    app.clock.now += 1
    expect(await usersOf(kept)).toEqual({})
    expect(await refusalOf(app.auth.requireSession(kept.request()))).toBe('auth/session_required')
    expect(browser.names()).toEqual([])
  })

  it('is prolonged by use, and never past its absolute end', async () => {
    const app = createApp({ session })
    const browser = app.browser()
    const start = app.clock.now
    await browser.signIn()
    const ends: (number | undefined)[] = []
    while (app.clock.now < start + 300) {
      ends.push(await use(app, browser))
      app.clock.now += 30
    }
    const expected = [100, 100, 160, 160, 220, 220, 250, 250, 250]
    expect(ends).toEqual([...expected.map((seconds) => start + seconds), undefined])
    app.clock.now = start + 250
    expect(browser.names()).toEqual([])
  })

  it('is sealed again only when half of its idle time is gone', async () => {
    const app = createApp({ session })
    const browser = app.browser()
    await browser.signIn()
    app.clock.now += 50
    const early = await app.auth.getSession(browser.request())
    expect(early.headers).toEqual([
      ['cache-control', 'private, no-store'],
      ['vary', 'Cookie'],
    ])
    app.clock.now += 1
    const late = await app.auth.requireSession(browser.request())
    expect(late.headers.filter(([name]) => name === 'set-cookie')).toHaveLength(1)
    browser.keep(late.headers)
    const { session: prolonged } = await app.auth.requireSession(browser.request())
    expect(prolonged).toEqual(late.session)
    expect(prolonged.expiresAt).toBe(app.clock.now + 100)
  })

  it('is never written where no header can be set', async () => {
    const app = createApp({ session })
    const browser = app.browser()
    await browser.signIn()
    app.clock.now += 90
    for (const { headers } of [
      await app.auth.getSession(browser.request(), { readOnly: true }),
      await app.auth.requireSession(browser.request(), {}, { readOnly: true }),
    ]) {
      expect(headers.map(([name]) => name)).not.toContain('set-cookie')
    }
  })

  it('is not prolonged by a request that is refused', async () => {
    const app = createApp({ session })
    const browser = app.browser()
    await browser.signIn()
    app.clock.now += 90
    const refused = app.auth.requireSession(browser.request(), { provider: 'beta' })
    expect(await refusalOf(refused)).toBe('auth/step_up_required')
  })

  it('keeps its end when another provider is linked, and gets a new one by the user that it began with', async () => {
    const app = createApp({ session, onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }) })
    const browser = app.browser()
    const start = app.clock.now
    await browser.signIn()
    app.clock.now += 90
    await browser.signIn({ subject: 'wink-of-ada' }, 'beta')
    app.clock.now += 90
    await browser.signIn({ subject: 'wink-of-ada' }, 'beta')
    expect((await summaryOf(browser)).expiresAt).toBe(start + 250)
    await browser.signIn()
    app.clock.now += 90
    await use(app, browser)
    expect((await summaryOf(browser)).expiresAt).toBe(app.clock.now + 100)
  })
})

describe('the audience of a session', () => {
  it('is the host of the app: another app with the same secret does not know it', async () => {
    const secret = exampleSecret()
    const [here, there] = [createApp({ secret }), createApp({ secret, baseUrl: 'https://other.example' })]
    const browser = here.browser()
    await browser.signIn()
    const moved = there.browser()
    moved.plant('__Host-latchkey', browser.value())
    expect(await usersOf(moved)).toEqual({})
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('is the origin: another port of one host has sessions of its own', async () => {
    const secret = exampleSecret()
    const here = createApp({ secret, baseUrl: 'http://localhost:3000' })
    const there = createApp({ secret, baseUrl: 'http://localhost:3001' })
    const browser = here.browser()
    await browser.signIn()
    const moved = there.browser()
    moved.plant('__Host-latchkey', browser.value())
    expect(await usersOf(moved)).toEqual({})
  })

  it('holds for logins too', async () => {
    const secret = exampleSecret()
    const providers = [acme('acme', { careless: true })]
    const [here, there] = ['https://app.example', 'https://other.example'].map((baseUrl) =>
      createApp({ secret, baseUrl, providers }).browser(),
    )
    const state = (await here?.begin()) ?? ''
    for (const name of here?.names() ?? []) there?.plant(name, here?.value(name) ?? '')
    const response = await there?.finish(state)
    expect(await response?.json()).toMatchObject({ code: 'acme/missing_login_state' })
    expect((await here?.finish(state))?.status).toBe(303)
  })
})

describe('the secrets', () => {
  const [older, newer] = [exampleSecret(), exampleSecret()]
  const moveTo = (browser: Browser, secrets: readonly [string, ...string[]]): Browser => {
    const moved = createApp({ secret: secrets }).browser()
    for (const name of browser.names()) moved.plant(name, browser.value(name))
    return moved
  }

  it('may change: an older one still opens', async () => {
    const browser = createApp({ secret: older }).browser()
    await browser.signIn()
    expect(await usersOf(moveTo(browser, [newer, older]))).toEqual({ acme: 'ada' })
  })

  it('seal with the newest alone', async () => {
    const browser = createApp({ secret: [newer, older] }).browser()
    await browser.signIn()
    expect(await usersOf(moveTo(browser, [newer]))).toEqual({ acme: 'ada' })
    expect(await usersOf(moveTo(browser, [older]))).toEqual({})
  })

  it('sign everyone out when they are gone', async () => {
    const browser = createApp({ secret: older }).browser()
    await browser.signIn()
    expect(await usersOf(moveTo(browser, [newer]))).toEqual({})
  })

  it('move a session to the newest when it is sealed again', async () => {
    const app = createApp({ session, secret: older })
    const browser = app.browser()
    await browser.signIn()
    const rotated = createApp({ session, secret: [newer, older] })
    rotated.clock.now += 60
    const { headers } = await rotated.auth.getSession(browser.request())
    browser.keep(headers)
    expect(await usersOf(moveTo(browser, [newer]))).toEqual({ acme: 'ada' })
  })
})
