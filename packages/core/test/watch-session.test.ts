import { EventEmitter, getEventListeners, once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type SessionRequirement, type WatchOptions, watchSession } from '../src/adapter.ts'
import { createMemoryStore, type RequestLike, type Store } from '../src/index.ts'
import { refusalOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createStoredApp, type StoredApp, strategies } from './strategies.ts'

const everySeconds = 0.005
const ada = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }

/** The handshake of a socket that a page opens. */
function handshake(browser: Browser, origin = 'https://app.example'): RequestLike {
  const headers: Readonly<Record<string, string>> = { cookie: browser.header(), upgrade: 'websocket', origin }
  return { method: 'GET', url: '/live', headers: { get: (name) => headers[name] ?? null } }
}

interface Watched {
  readonly app: StoredApp
  readonly browser: Browser
  /** The reason for which the socket is to be closed. */
  readonly ends: Promise<string>
  readings(): number
  /** Resolves when the session has been read once more, and was good. */
  nextReading(): Promise<void>
  close(): void
  readonly signal: AbortSignal
}

/** A user with a socket, once it has been opened. */
async function watch(
  app: StoredApp,
  { requirement = {} }: { readonly requirement?: SessionRequirement } = {},
): Promise<Watched> {
  const browser = app.browser()
  await browser.signIn({ authenticatedAt: app.clock.now, authTimeSource: 'auth_time' })
  let readings = 0
  const heard = new EventEmitter()
  const where = (): boolean => {
    readings += 1
    heard.emit('reading')
    return true
  }
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const options: WatchOptions = { everySeconds, requirement: { where, ...requirement } }
  const first = once(heard, 'reading')
  const ends = watchSession(app.auth, handshake(browser), { ...options, signal: controller.signal })
  await Promise.race([first, ends])
  return {
    app,
    browser,
    ends: ends.then(({ reason }) => reason),
    readings: () => readings,
    async nextReading() {
      await once(heard, 'reading')
    },
    close: () => controller.abort(),
    signal: controller.signal,
  }
}

describe.each(strategies)('a watched session in a %s', (strategy) => {
  it('ends with a sign-out in another tab', async () => {
    const { browser, ends, nextReading } = await watch(createStoredApp(strategy))
    await nextReading()
    await browser.submit('/auth/logout')
    expect(await ends).toBe('auth/session_required')
  })

  it('ends when the user is revoked', async () => {
    const { app, ends, nextReading } = await watch(createStoredApp(strategy))
    await nextReading()
    await app.auth.revokeSessions(ada)
    expect(await ends).toBe('auth/session_required')
  })

  it('ends when another user signs in in its place', async () => {
    const { browser, ends, nextReading } = await watch(createStoredApp(strategy))
    await nextReading()
    await browser.signIn({ subject: 'grace' })
    expect(await ends).toBe('auth/session_required')
  })

  it('ends at the absolute end, however often it is prolonged', async () => {
    const app = createStoredApp(strategy, { session: { strategy, idleSeconds: 3600, absoluteSeconds: 7200 } })
    const { browser, ends, nextReading } = await watch(app)
    for (let half = 0; half < 3; half++) {
      app.clock.now += 1801
      const { headers } = await app.auth.getSession(browser.request())
      browser.keep(headers)
      await nextReading()
    }
    app.clock.now += 1797
    expect(await ends).toBe('auth/session_required')
  })

  it('ends when what it must prove is too long ago', async () => {
    const { app, ends, nextReading } = await watch(createStoredApp(strategy), {
      requirement: { maxAuthAgeSeconds: 300 },
    })
    await nextReading()
    app.clock.now += 301
    expect(await ends).toBe('auth/step_up_required')
  })

  it('writes, refreshes and prolongs nothing', async () => {
    const app = createStoredApp(strategy)
    const { browser, nextReading, ends, close } = await watch(app)
    const written = app.writes()
    app.clock.now += 3599
    await nextReading()
    await nextReading()
    close()
    expect([await ends, app.writes() - written]).toEqual(['closed', 0])
    app.clock.now += 1
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
  })

  it('is read no more once the connection is closed', async () => {
    const { app, ends, nextReading, readings, close } = await watch(createStoredApp(strategy))
    await nextReading()
    close()
    expect(await ends).toBe('closed')
    const read = readings()
    const other = await watch(app)
    await other.nextReading()
    await other.nextReading()
    expect(readings()).toBe(read)
  })

  it('has ended at once for a page of another origin, or without a session', async () => {
    const app = createStoredApp(strategy)
    const browser = app.browser()
    const ended = { reason: 'auth/session_required' }
    expect(await watchSession(app.auth, handshake(browser))).toEqual(ended)
    await browser.signIn()
    expect(await watchSession(app.auth, handshake(browser, 'https://evil.app.example'))).toEqual(ended)
    const tenant = { requirement: { tenant: 'other' } }
    expect(await watchSession(app.auth, handshake(browser), tenant)).toEqual({ reason: 'auth/tenant_required' })
    const failing = { where: () => JSON.parse('') as boolean }
    expect(await watchSession(app.auth, handshake(browser), { requirement: failing })).toEqual({
      reason: 'core/internal_error',
    })
  })
})

it('in a cookie outlives the idle end of the cookie that came with the handshake, and in a store does not', async () => {
  const cookie = await watch(createStoredApp('cookie'))
  cookie.app.clock.now += 3601
  await cookie.nextReading()
  const store = await watch(createStoredApp('store'))
  store.app.clock.now += 3601
  expect(await store.ends).toBe('auth/session_required')
})

it('is asked about every 30 seconds where nothing else is said', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const app = createStoredApp('cookie')
  const browser = app.browser()
  await browser.signIn()
  let end: string | undefined
  const ends = watchSession(app.auth, handshake(browser)).then(({ reason }) => {
    end = reason
  })
  await vi.advanceTimersByTimeAsync(29_999)
  await app.auth.revokeSessions(ada)
  expect(end).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  await ends
  expect(end).toBe('auth/session_required')
})

it('ends when the store does not say whether it has', async () => {
  const memory = createMemoryStore()
  let isDown = false
  const { set, add, replace, remove } = memory
  const get: Store['get'] = (key) => (isDown ? Promise.reject(new Error('down')) : memory.get(key))
  const store: Store = { get, set, add, replace, remove }
  const { ends, nextReading } = await watch(createStoredApp('store', { store }))
  await nextReading()
  isDown = true
  expect(await ends).toBe('auth/store_unavailable')
})

it('keeps neither the process alive nor more than one listener', async () => {
  const app = createStoredApp('cookie')
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const { nextReading, close, ends, signal } = await watch(app)
  await nextReading()
  await nextReading()
  const started = timers.mock.calls.flatMap(([, after], index) =>
    after === everySeconds * 1000 ? [timers.mock.results[index]?.value as NodeJS.Timeout] : [],
  )
  timers.mockRestore()
  expect(started.length).toBeGreaterThan(1)
  expect(started.filter((timer) => timer.hasRef())).toEqual([])
  expect(getEventListeners(signal, 'abort').length).toBeLessThan(2)
  close()
  await ends
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

describe('watchSession', () => {
  const app = createStoredApp('cookie')
  const request = handshake(app.browser())

  it.each([
    ['everySeconds', 0],
    ['everySeconds', 3601],
    ['everySeconds', undefined],
    ['requirement', undefined],
    ['requirement', { tenant: undefined }],
    ['requirement', { provider: 'foreign' }],
    ['every', 1],
  ])('refuses an option that is not valid: %s, %j', async (name, value) => {
    expect(await refusalOf(watchSession(app.auth, request, { [name]: value }))).toBe('core/invalid_option')
  })

  it('refuses what is no auth of ours, and sessions that are kept elsewhere', async () => {
    expect(await refusalOf(watchSession({ ...app.auth }, request))).toBe('core/invalid_option')
    const external = createStoredApp('cookie', { session: { strategy: 'external', onSignedIn: () => {} } })
    expect(await refusalOf(watchSession(external.auth, request))).toBe('core/sessions_external')
  })
})
