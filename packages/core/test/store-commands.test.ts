import { beforeEach, describe, expect, it } from 'vitest'
import { contextOf } from '../src/context/auth-context.ts'
import { type AuthOptions, createMemoryStore, type OnSignIn, type Store } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { type App, createApp, exampleSecret, refusalOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createRefreshingVendor, lifetimeSeconds } from './refreshing-vendor.ts'
import { at, type Strategy } from './strategies.ts'

const cookieName = '__Host-latchkey'
const ada = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada', tenant: 'north' }
const inTenant = { subject: 'ada', tenant: { id: 'north' }, sid: 'vendor-session' }
const link: OnSignIn = ({ current }) => ({ action: current === null ? 'new' : 'link' })

/** A store that says what it was asked for. */
interface WatchedStore extends Store {
  /** The names of the commands since the last look, in their order. */
  take(): readonly string[]
  /** The keys of each reading since the last look. */
  takeKeys(): readonly (readonly string[])[]
}

function watchedStore(changed: Partial<Store> = {}): WatchedStore {
  const memory = createMemoryStore()
  const commands: string[] = []
  const readings: (readonly string[])[] = []
  const known: Required<Store> = {
    ...memory,
    getMany: async (keys) => (readings.push(keys), Promise.all(keys.map((key) => memory.get(key)))),
    get: async (key) => (readings.push([key]), memory.get(key)),
    ...changed,
  }
  const watched = Object.fromEntries(
    Object.entries(known).map(([name, method]: [string, (...given: never[]) => unknown]) => [
      name,
      (...given: never[]) => (commands.push(name), method(...given)),
    ]),
  ) as unknown as Store
  return { ...watched, take: () => commands.splice(0), takeKeys: () => readings.splice(0) }
}

function createWatchedApp(
  strategy: Strategy,
  options: Partial<AuthOptions> = {},
): App & { readonly store: WatchedStore } {
  const store = watchedStore()
  return { ...createApp({ session: { strategy }, store, onSignIn: link, ...options }), store }
}

/** Ada in a tenant with what the vendor calls the session, and a linked eve: five marks. */
async function signedIn({ browser: open, store }: ReturnType<typeof createWatchedApp>): Promise<Browser> {
  const browser = open()
  await browser.signIn(inTenant)
  await browser.signIn({ subject: 'eve', tenant: { id: 'north' } }, 'beta')
  store.take()
  store.takeKeys()
  return browser
}

describe('what a session costs its store', () => {
  it('is one reading, marks of all identities included, in a store', async () => {
    const app = createWatchedApp('store')
    const browser = await signedIn(app)
    await app.auth.requireSession(browser.request())
    expect(app.store.take()).toEqual(['getMany'])
    const [keys = []] = app.store.takeKeys()
    expect(keys.map((key) => key.split(':', 1)[0])).toEqual(['session', ...Array.from({ length: 5 }, () => 'revoked')])
  })

  it('is one reading of the marks, in a cookie', async () => {
    const app = createWatchedApp('cookie')
    const browser = await signedIn(app)
    await app.auth.requireSession(browser.request())
    expect(app.store.take()).toEqual(['getMany'])
    expect(app.store.takeKeys().map((keys) => keys.length)).toEqual([5])
  })

  it.each(['store', 'cookie'] as const)('is one wait where the store has no `getMany`, in a %s', async (strategy) => {
    let waits = 0
    let waiting: Promise<void> | null = null
    const memory = createMemoryStore()
    const get = async (key: string): Promise<string | null> => {
      waiting ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waits += 1
        waiting = null
      })
      await waiting
      return memory.get(key)
    }
    const app = createApp({ session: { strategy }, store: { ...memory, get }, onSignIn: link })
    const browser = app.browser()
    await browser.signIn(inTenant)
    await browser.signIn({ subject: 'eve', tenant: { id: 'north' } }, 'beta')
    waits = 0
    await app.auth.requireSession(browser.request())
    expect(waits).toBe(1)
  })

  it.each(['store', 'cookie'] as const)('is that and one more for a change, in a %s', async (strategy) => {
    const app = createWatchedApp(strategy)
    const browser = await signedIn(app)
    await app.auth.updateSession(browser.request(), { text: 'more' })
    expect(app.store.take()).toEqual(strategy === 'store' ? ['getMany', 'replace'] : ['getMany'])
    app.clock.now += 1801
    await app.auth.getSession(browser.request())
    expect(app.store.take()).toEqual(strategy === 'store' ? ['getMany', 'replace'] : ['getMany'])
  })

  it.each(['store', 'cookie'] as const)(
    'is six more for a refresh, and one for what is written, in a %s',
    async (strategy) => {
      const vendor = createRefreshingVendor()
      const app = createWatchedApp(strategy, { providers: [vendor.provider] })
      const browser = app.browser()
      await browser.signIn({ ...inTenant, tokens: vendor.issue(app.clock.now) })
      app.clock.now += lifetimeSeconds - 1
      app.store.take()
      browser.keep((await app.auth.requireSession(browser.request())).headers)
      expect(vendor.calls()).toBe(1)
      // Another's result, the lock, the result once more, the result of this one, the lock again, and what ended meanwhile.
      const ofRefresh = ['get', 'add', 'get', 'add', 'remove', 'getMany']
      expect(app.store.take()).toEqual(['getMany', ...ofRefresh, ...(strategy === 'store' ? ['replace'] : [])])
    },
  )
})

describe('the names of marks in a cookie', () => {
  let app: ReturnType<typeof createWatchedApp>
  let browser: Browser
  let stranger: Browser
  beforeEach(async () => {
    app = createWatchedApp('store')
    browser = await signedIn(app)
    stranger = app.browser()
    await stranger.signIn({ subject: 'stranger', tenant: { id: 'south' } })
    app.store.take()
    app.store.takeKeys()
  })

  const made = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${index}`.padStart(43, 'A'))
  const changes: readonly (readonly [string, (names: readonly string[]) => readonly string[], number])[] = [
    ['as they were set', (names) => names, 1],
    ['in another order', (names) => names.toReversed(), 1],
    ['twice each', (names) => [...names, ...names], 1],
    ['cut off', () => [], 2],
    ['cut short', (names) => names.slice(1), 2],
    ['made up', () => made(5), 2],
    ['of another user', () => stranger.value().split('.').slice(1), 2],
    ['a thousand, the own last', (names) => [...made(1000), ...names], 2],
    ['a thousand, the own first', (names) => [...names, ...made(1000)], 1],
    ['none that a name can be', () => ['', 'x', 'session', '%00', 'A'.repeat(44)], 2],
  ]

  it.each(changes)('change no answer: %s', async (_how, change, readings) => {
    const [token = '', ...names] = browser.value().split('.')
    expect(names).toHaveLength(5)
    browser.plant(cookieName, [token, ...change(names)].join('.'))
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'eve' })
    expect(app.store.take()).toHaveLength(readings)
    for (const keys of app.store.takeKeys()) expect(keys.length).toBeLessThanOrEqual(17)
    const { tenant: _tenant, ...everywhere } = ada
    await app.auth.revokeSessions(everywhere)
    expect(await usersOf(browser)).toEqual({})
    expect(await usersOf(stranger)).toEqual({ acme: 'stranger' })
  })

  it.each(changes)('hide no end of the vendor’s session, nor of a linked identity: %s', async (_how, change) => {
    const [token = '', ...names] = browser.value().split('.')
    browser.plant(cookieName, [token, ...change(names)].join('.'))
    await app.auth.revokeSessions({ provider: 'beta', issuer: 'https://beta.example', subject: 'eve', tenant: 'north' })
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
    await contextOf(app.auth)?.revocations.revokeSid({ ...ada, sid: 'vendor-session' })
    expect(await usersOf(browser)).toEqual({})
  })

  it('are asked for at each reading: what ends later is over, whatever was read before', async () => {
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'eve' })
    await app.auth.revokeSessions(ada)
    expect(await usersOf(browser)).toEqual({})
  })

  it('are those of each listed secret, and others are asked for while secrets rotate', async () => {
    const store = watchedStore()
    const [older, newer] = [exampleSecret(), exampleSecret()]
    const start = (...secret: [string, ...string[]]): App =>
      createApp({ session: { strategy: 'store' }, store, secret })
    const [before, between] = [start(older), start(newer, older)]
    const old = before.browser()
    await old.signIn()
    const young = between.browser()
    await young.signIn({ subject: 'bob' })
    expect([old, young].map((each) => each.value().split('.').length)).toEqual([2, 3])
    store.take()
    expect(await usersOf(at(between, old))).toEqual({ acme: 'ada' })
    expect(store.take()).toEqual(['getMany', 'get'])
    expect(await usersOf(young)).toEqual({ acme: 'bob' })
    expect(store.take()).toEqual(['getMany'])
    for (const subject of ['ada', 'bob']) {
      await between.auth.revokeSessions({ provider: 'acme', issuer: 'https://acme.example', subject })
    }
    expect([await usersOf(at(between, old)), await usersOf(old), await usersOf(young)]).toEqual([{}, {}, {}])
  })

  it('are not set where processes share no store, and say nothing there', async () => {
    const alone = createApp({ session: { strategy: 'store' } })
    const visitor = alone.browser()
    await visitor.signIn()
    expect(visitor.value()).toMatch(/^[\w-]{43}$/)
    visitor.plant(cookieName, `${visitor.value()}.${browser.value().split('.')[1]}`)
    expect(await usersOf(visitor)).toEqual({ acme: 'ada' })
    await alone.auth.revokeSessions({ provider: 'acme', issuer: 'https://acme.example', subject: 'ada' })
    expect(await usersOf(visitor)).toEqual({})
  })

  it('are left out of what a sign-out could not end', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('down'))
    const store = watchedStore({ remove: refuse, set: refuse })
    const failing = createApp({ session: { strategy: 'store' }, store, providers: [acme('acme')] })
    const leftBy = async (change: (value: string) => string): Promise<number> => {
      const visitor = failing.browser()
      await visitor.signIn(inTenant)
      expect(visitor.value().split('.')).toHaveLength(4)
      visitor.plant(cookieName, change(visitor.value()))
      await visitor.submit('/auth/logout')
      expect(visitor.names()).not.toContain(cookieName)
      return visitor.header().length
    }
    expect(await leftBy((value) => value)).toBe(await leftBy((value) => value.slice(0, 43)))
  })
})

it.each([
  ['fewer', (values: readonly (string | null)[]) => values.slice(0, -1)],
  ['more', (values: readonly (string | null)[]) => [...values, null]],
  ['no', () => []],
])('a store whose `getMany` gives %s values than it has keys has failed', async (_how, change) => {
  const memory = createMemoryStore()
  for (const strategy of ['store', 'cookie'] as const) {
    let isBroken = false
    const getMany: Store['getMany'] = async (keys) => {
      const values = await Promise.all(keys.map((key) => memory.get(key)))
      return isBroken ? change(values) : values
    }
    const app = createApp({ session: { strategy }, store: { ...memory, getMany } })
    const browser = app.browser()
    await browser.signIn(inTenant)
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
    isBroken = true
    expect(await refusalOf(app.auth.requireSession(browser.request()))).toBe('auth/store_unavailable')
  }
})
