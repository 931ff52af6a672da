import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../src/model/time.ts'
import { acme } from './acme-provider.ts'
import { codeOf, createApp, usersOf } from './app.ts'
import { Browser } from './browser.ts'
import { createStoredApp, type StoredApp, strategies } from './strategies.ts'

afterEach(() => void vi.useRealTimers())

const madeUpSession = 'A'.repeat(43)

/** The commands that callbacks cost in the store, by their answers. */
async function costOf(app: StoredApp, callbacks: readonly (() => Promise<Response>)[]): Promise<[string[], number]> {
  const before = app.commands()
  const answers: string[] = []
  for (const callback of callbacks) {
    const response = await callback()
    answers.push(response.headers.get('location') ?? (await codeOf(response)))
  }
  return [answers, app.commands() - before]
}

const beganAgain = '/auth/acme/login?return_url=%2F&restart=1'

describe.each(strategies)('a callback by nobody, with sessions in a %s', (strategy) => {
  it('with a forged state reads nothing of the store, whatever session comes along', async () => {
    const app = createStoredApp(strategy)
    const browser = app.browser()
    browser.plant('__Host-latchkey', madeUpSession)
    browser.plant('__Host-latchkey.acme.AAAAAAAAAAA', 'made-up')
    expect(await costOf(app, [() => browser.finish('forged')])).toEqual([['acme/invalid_state'], 0])
  })

  it('with one genuine state and made-up cookies costs the store nothing, however often it comes', async () => {
    const app = createStoredApp(strategy)
    const state = await app.browser().begin()
    const forged = Array.from({ length: 20 }, (_, index) => () => {
      const browser = app.browser()
      browser.plant('__Host-latchkey', madeUpSession)
      browser.plant(`__Host-latchkey.acme.${`${index}`.padStart(11, 'A')}`, 'made-up')
      return browser.finish(state, { subject: `user-${index}` })
    })
    expect(await costOf(app, forged)).toEqual([forged.map(() => beganAgain), 0])
  })

  it('with a made-up cookie under the name of the login of its state costs the store nothing', async () => {
    const app = createStoredApp(strategy)
    const browser = app.browser()
    const state = await browser.begin()
    const [name = ''] = browser.names()
    const forger = app.browser()
    forger.plant(name, 'made-up')
    forger.plant('__Host-latchkey', madeUpSession)
    expect(await costOf(app, [() => forger.finish(state)])).toEqual([[beganAgain], 0])
  })

  it('with a login of before its time was over costs the store nothing', async () => {
    const app = createStoredApp(strategy)
    const browser = app.browser()
    const state = await browser.begin()
    const kept = browser.copy()
    kept.plant('__Host-latchkey', madeUpSession)
    app.clock.now += 600
    expect(await costOf(app, [() => kept.finish(state)])).toEqual([['auth/login_expired'], 0])
  })

  it('at another origin of ours than its login began at costs the store nothing', async () => {
    const app = createStoredApp(strategy, { baseUrl: ['https://app.example', 'https://other.example'] })
    const browser = app.browser()
    const state = await browser.begin()
    browser.plant('__Host-latchkey', madeUpSession)
    const url = `https://other.example/auth/acme/callback?state=${state}`
    const request = () =>
      browser.answer(new Request(url, { headers: { cookie: browser.header(), host: 'other.example' } }))
    expect(await costOf(app, [request])).toEqual([['acme/invalid_state'], 0])
  })

  it('of one login, each time with another code, costs the store something once', async () => {
    const app = createStoredApp(strategy, { onSignIn: () => ({ action: 'deny' }) })
    const browser = app.browser()
    const state = await browser.begin()
    const copies = Array.from({ length: 20 }, () => browser.copy())
    await browser.finish(state)
    const again = copies.map((copy, index) => () => copy.finish(state, { subject: `user-${index}` }))
    expect(await costOf(app, again)).toEqual([again.map(() => 'auth/login_replayed'), 0])
  })

  it('that the app’s limit refuses costs the store nothing', async () => {
    const app = createStoredApp(strategy, { rateLimit: ({ kind }) => kind !== 'callback' })
    const browser = app.browser()
    const state = await browser.begin()
    browser.plant('__Host-latchkey', madeUpSession)
    expect(await costOf(app, [() => browser.finish(state)])).toEqual([['core/rate_limited'], 0])
  })
})

it('asks the app’s limit once about each callback', async () => {
  const asked: string[] = []
  const app = createApp({ rateLimit: ({ kind }) => (asked.push(kind), true) })
  const browser = app.browser()
  const state = await browser.begin()
  await app.browser().finish(state)
  await browser.finish(state)
  expect(asked).toEqual(['login', 'callback', 'callback'])
})

it('keeps the session of a user who comes with another login than that of the state', async () => {
  const app = createApp()
  const browser = app.browser()
  await browser.signIn()
  const strange = await app.browser().begin()
  await browser.begin()
  expect((await browser.finish(strange)).headers.get('location')).toBe(beganAgain)
  expect(await usersOf(browser)).toEqual({ acme: 'ada' })
})

it('signs nobody in for a provider that asks for no login, for no session was looked for', async () => {
  const issuer = 'https://acme.example'
  const careless = acme('acme')
  const provider: typeof careless = {
    ...careless,
    mount: (host) => ({
      ...careless.mount(host),
      routes: [
        {
          method: 'GET',
          path: '/callback',
          accepts: 'provider-callback',
          handle: async () => ({
            kind: 'signed-in',
            identity: { issuer, subject: 'mallory', profile: {} },
            returnTo: null,
          }),
        },
      ],
    }),
  }
  const browser = createApp({ providers: [provider] }).browser()
  expect(await codeOf(await browser.finish('any'))).toBe('acme/invalid_state')
  expect(browser.names()).toEqual([])
})

it('gives the first answer again to one who signed in, after 10,001 logins that others began and were refused', async () => {
  // What copies in one process share goes by the time of the system: that stands still here.
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  const { auth } = createApp({ clock: undefined })
  const open = (): Browser => new Browser(auth, systemClock)
  const browser = open()
  const state = await browser.begin()
  const again = browser.copy()
  const first = await browser.finish(state)
  for (let index = 0; index <= 10_000; index++) {
    const other = open()
    const refused = await other.open(`/auth/acme/callback?state=${await other.begin()}&error=access_denied`)
    if (refused.status !== 403) throw new Error(`answered ${refused.status}`)
  }
  const repeated = await again.finish(state)
  expect(repeated.headers.getSetCookie()).toEqual(first.headers.getSetCookie())
  expect(await usersOf(again)).toEqual({ acme: 'ada' })
})
