import { afterEach, describe, expect, it, vi } from 'vitest'
import { type AuthOptions, createMemoryStore } from '../src/index.ts'
import { systemClock } from '../src/model/time.ts'
import { acme } from './acme-provider.ts'
import { type App, codeOf, createApp, exampleSecret, usersOf } from './app.ts'
import { Browser } from './browser.ts'
import { createGate } from './gate.ts'
import { at } from './strategies.ts'

interface Fleet {
  readonly clock: { now: number }
  readonly apps: readonly [App, App]
}

/**
 * Two apps of one secret: the same process twice, as bundlers make it, or two processes that share a store. Copies in one
 * process share what goes by the time of the system, so that stands still here.
 */
function createFleet(where: string, options: Partial<AuthOptions> = {}): Fleet {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
  const clock = {
    get now() {
      return systemClock()
    },
    set now(seconds) {
      vi.setSystemTime(seconds * 1000)
    },
  }
  const secret = exampleSecret()
  const store = where === 'in one process' ? undefined : createMemoryStore()
  const createOne = (): App => {
    const { auth, ...heard } = createApp({ secret, store, clock: undefined, ...options })
    return { auth, ...heard, clock, browser: () => new Browser(auth, systemClock) }
  }
  return { clock, apps: [createOne(), createOne()] }
}

afterEach(() => void vi.useRealTimers())

const signIns = ({ apps }: Fleet): number =>
  apps.flatMap(({ events }) => events).filter(({ type }) => type === 'sign_in.succeeded').length

async function plain(response: Response): Promise<unknown> {
  return [response.status, [...response.headers], await response.text()]
}

describe.each(['in one process', 'across processes that share a store'])('a callback that comes again, %s', (where) => {
  it('with the same cookies within 30 seconds gets the same answer and session, and is one sign-in', async () => {
    const fleet = createFleet(where)
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const [again, late] = [at(fleet.apps[1], browser), at(fleet.apps[1], browser)]
    const answer = await plain(await browser.finish(state))
    expect(await plain(await again.finish(state))).toEqual(answer)
    fleet.clock.now += 29
    expect(await plain(await late.finish(state))).toEqual(answer)
    expect(again.header()).toBe(browser.header())
    expect(await usersOf(again)).toEqual({ acme: 'ada' })
    expect(signIns(fleet)).toBe(1)
  })

  it('while the first is under way waits for its answer', async () => {
    const gate = createGate()
    const onSignIn: AuthOptions['onSignIn'] = async () => {
      await gate.pass()
      return { action: 'new' }
    }
    const fleet = createFleet(where, { onSignIn })
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const again = at(fleet.apps[1], browser)
    const first = browser.finish(state)
    await gate.reached
    const second = again.finish(state)
    gate.open()
    expect(await plain(await second)).toEqual(await plain(await first))
    expect(again.value()).toBe(browser.value())
    expect(signIns(fleet)).toBe(1)
  })

  it('after a refusal is refused alike', async () => {
    const fleet = createFleet(where, { onSignIn: () => ({ action: 'deny' }) })
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const again = at(fleet.apps[1], browser)
    for (const one of [browser, again]) {
      const refused = await one.finish(state)
      expect(refused.headers.get('content-type')).toBe('application/problem+json')
      expect(await codeOf(refused)).toBe('auth/sign_in_refused')
    }
  })

  it('after 30 seconds is refused: a login is redeemed once', async () => {
    const fleet = createFleet(where)
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const again = at(fleet.apps[1], browser)
    await browser.finish(state)
    fleet.clock.now += 31
    expect(await codeOf(await again.finish(state))).toBe('auth/login_replayed')
    expect(again.names()).toEqual([])
  })

  it.each([
    ['with another query', (_browser: Browser) => ({ subject: 'eve' })],
    [
      'from another browser, with a session of its own',
      (browser: Browser) => (browser.plant('__Host-latchkey', 'x'), {}),
    ],
  ])('but %s is another callback', async (_what, change) => {
    const fleet = createFleet(where)
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const again = at(fleet.apps[1], browser)
    const assertion = change(again)
    await browser.finish(state)
    expect(await codeOf(await again.finish(state, assertion))).toBe('auth/login_replayed')
  })

  it('without the cookie of the login is nothing, however soon', async () => {
    const fleet = createFleet(where)
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    await browser.finish(state)
    const stranger = fleet.apps[1].browser()
    expect((await stranger.finish(state)).headers.get('location')).toContain('restart=1')
    expect(stranger.names()).toEqual([])
  })

  it('after the session has gone on does not bring it back as it was', async () => {
    const fleet = createFleet(where, { session: { strategy: where === 'in one process' ? 'cookie' : 'store' } })
    const [app] = fleet.apps
    const browser = app.browser()
    const state = await browser.begin()
    const sentBefore = at(fleet.apps[1], browser)
    await browser.finish(state)
    const { headers } = await app.auth.updateSession(
      browser.request('/api', { method: 'POST', headers: { origin: 'https://app.example' } }),
      { basket: 'full' },
    )
    browser.keep(headers)
    const late = await sentBefore.finish(state)
    expect([late.status, late.headers.get('location')]).toEqual([303, '/'])
    browser.keep(late.headers)
    expect((await app.auth.requireSession(browser.request())).session.data).toEqual({ basket: 'full' })
  })

  it('after a sign-out and another sign-in leaves the new session', async () => {
    const fleet = createFleet(where)
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const sentBefore = at(fleet.apps[1], browser)
    await browser.finish(state)
    await browser.submit('/auth/logout')
    await browser.signIn({ subject: 'eve' })
    browser.keep((await sentBefore.finish(state)).headers)
    expect(await usersOf(browser)).toEqual({ acme: 'eve' })
  })

  it('after a sign-out signs no one in', async () => {
    const fleet = createFleet(where, { session: { strategy: where === 'in one process' ? 'cookie' : 'store' } })
    const browser = fleet.apps[0].browser()
    const state = await browser.begin()
    const again = at(fleet.apps[1], browser)
    await browser.finish(state)
    await browser.submit('/auth/logout')
    await again.finish(state)
    expect(await usersOf(again)).toEqual({})
  })
})

it('a callback that is not done in 10 seconds is given up, before its lock ends and another process takes over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const inner = acme('acme')
  const hanging: typeof inner = {
    ...inner,
    mount(host) {
      const mounted = inner.mount(host)
      const routes = mounted.routes.map((route) =>
        route.path === '/callback' ? { ...route, handle: () => new Promise<never>(() => {}) } : route,
      )
      return { ...mounted, routes }
    },
  }
  const browser = createApp({ providers: [hanging], store: createMemoryStore() }).browser()
  const answered = vi.fn()
  const answer = browser.finish(await browser.begin())
  void answer.then(answered)
  await vi.advanceTimersByTimeAsync(9900)
  expect(answered).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(answered).toHaveBeenCalledTimes(1)
  const response = await answer
  expect([response.status, await codeOf(response)]).toEqual([504, 'core/vendor_timeout'])
  expect(browser.names()).not.toContain('__Host-latchkey')
})

it('says nothing in the store of the callback or its answer', async () => {
  const memory = createMemoryStore()
  const written: string[] = []
  const store: typeof memory = {
    ...memory,
    add: (...entry) => (written.push(entry.join(' ')), memory.add(...entry)),
    set: (...entry) => (written.push(entry.join(' ')), memory.set(...entry)),
  }
  const browser = createApp({ store }).browser()
  const state = await browser.begin()
  const assertion = { profile: { name: 'canary' }, tokens: { accessToken: 'canary' } }
  await browser.finish(state, assertion)
  expect(written.join('\n')).toMatch(/^result:/m)
  for (const secret of ['canary', state, browser.value(), 'location']) expect(written.join('\n')).not.toContain(secret)
})
