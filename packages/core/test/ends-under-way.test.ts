import { describe, expect, it } from 'vitest'
import { createRequestScope } from '../src/adapter.ts'
import { createMemoryStore, type InstalledProvider, type Store } from '../src/index.ts'
import type { RefreshResult, Tokens } from '../src/provider.ts'
import { acme } from './acme-provider.ts'
import { type App, createApp, refusalOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createGate, type Gate } from './gate.ts'
import { createStoredApp, type Strategy, setsCookie, strategies } from './strategies.ts'

const ada = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' } as const

const link = ({ current }: { readonly current: unknown }) => ({ action: current === null ? 'new' : 'link' }) as const

interface Vendor {
  readonly provider: InstalledProvider
  readonly calls: { refresh: number }
  readonly signedOut: (string | undefined)[]
}

/** A vendor whose refreshes answer as the test says. */
function vendorOf(name: string, answer: (tokens: Tokens) => RefreshResult | Promise<RefreshResult>): Vendor {
  const calls = { refresh: 0 }
  const signedOut: (string | undefined)[] = []
  const provider: InstalledProvider = {
    name: name as 'acme',
    mount: (host) => ({
      ...acme(name).mount(host),
      async refresh(tokens) {
        calls.refresh++
        return answer(tokens)
      },
      async signOut(tokens) {
        signedOut.push(tokens?.refreshToken)
        return {}
      },
    }),
  }
  return { provider, calls, signedOut }
}

function tokensAt(now: number, name: string): Tokens {
  return {
    accessToken: `access-${name}`,
    refreshToken: `refresh-${name}`,
    expiresAt: now + 1800,
    refreshAt: now + 1740,
  }
}

interface Held {
  readonly app: App
  readonly browser: Browser
  readonly vendor: Vendor
  readonly gate: Gate
  /** The readings that wait for the vendor. */
  readonly readings: readonly Promise<unknown>[]
}

/** A user whose tokens are due, and each way to read the session while the vendor takes its time. */
async function refreshing(strategy: Strategy): Promise<Held> {
  const gate = createGate()
  const vendor = vendorOf('acme', async () => {
    await gate.pass()
    return { kind: 'refreshed', tokens: tokensAt(app.clock.now, 'new') }
  })
  const app: App = createStoredApp(strategy, { providers: [vendor.provider] })
  const browser = app.browser()
  await browser.signIn({ tokens: tokensAt(app.clock.now, 'old') })
  app.clock.now += 1800
  const { auth } = app
  const readings = [
    auth.getSession(browser.request()).then(({ session }) => session?.user.subject ?? null),
    refusalOf(auth.requireSession(browser.request())),
    refusalOf(auth.getAccessToken(browser.request(), 'acme')),
    refusalOf(auth.updateSession(browser.request(), { theme: 'dark' })),
  ]
  await gate.reached
  return { app, browser, vendor, gate, readings }
}

const gone = [null, 'auth/session_required', 'auth/session_required', 'auth/session_required']

describe.each(strategies)('a session in a %s that ends while its tokens are refreshed', (strategy) => {
  it('is over for every request that waited, where it was signed out', async () => {
    const { browser, gate, readings } = await refreshing(strategy)
    const elsewhere = browser.copy()
    await browser.submit('/auth/logout')
    gate.open()
    expect(await Promise.all(readings)).toEqual(gone)
    expect(await usersOf(elsewhere)).toEqual({})
  })

  it('is over for every request that waited, where the user was revoked, and the vendor takes the new tokens back', async () => {
    const { app, browser, vendor, gate, readings } = await refreshing(strategy)
    await app.auth.revokeSessions(ada)
    gate.open()
    expect(await Promise.all(readings)).toEqual(gone)
    expect(new Set(vendor.signedOut)).toEqual(new Set(['refresh-new']))
    expect(await usersOf(browser)).toEqual({})
  })

  it('is none for a route of a provider that has asked for its tokens', async () => {
    const { browser, gate } = await refreshing(strategy)
    const asked = browser.copy().fetch('/auth/acme/context')
    await browser.submit('/auth/logout')
    gate.open()
    expect(await (await asked).json()).toMatchObject({ session: null, tokens: null })
  })

  it('goes on without a linked identity that was revoked', async () => {
    const gate = createGate()
    const beta = vendorOf('beta', async () => {
      await gate.pass()
      return { kind: 'refreshed', tokens: tokensAt(app.clock.now, 'new') }
    })
    const app: App = createStoredApp(strategy, { providers: [acme('acme'), beta.provider], onSignIn: link })
    const browser = app.browser()
    await browser.signIn()
    await browser.signIn({ subject: 'face', tokens: tokensAt(app.clock.now, 'old') }, 'beta')
    app.clock.now += 1800
    const reading = app.auth.getSession(browser.request())
    await gate.reached
    await app.auth.revokeSessions({ provider: 'beta', issuer: 'https://beta.example', subject: 'face' })
    gate.open()
    const { session, headers } = await reading
    browser.keep(headers)
    expect(Object.keys(session?.identities ?? {})).toEqual(['acme'])
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
    expect(beta.signedOut).toEqual(['refresh-new'])
  })
})

describe.each(strategies)('two tabs of a user whose session is in a %s', (strategy) => {
  it('can each link somebody: the second goes on from what the first has made', async () => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    await browser.signIn()
    const [one, two] = [await browser.begin('acmetwo'), await browser.begin('beta')]
    expect((await browser.finish(one, { subject: 'badge' }, 'acmetwo')).status).toBe(303)
    expect((await browser.finish(two, { subject: 'face' }, 'beta')).status).toBe(303)
    expect(await usersOf(browser)).toEqual({ acme: 'ada', acmetwo: 'badge', beta: 'face' })
  })

  it('can each prove again who they are', async () => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    await browser.signIn()
    await browser.signIn({ subject: 'face' }, 'beta')
    const [one, two] = [await browser.begin(), await browser.begin()]
    expect([(await browser.finish(one)).status, (await browser.finish(two)).status]).toEqual([303, 303])
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'face' })
  })

  it('cannot where another user took the place of the first meanwhile', async () => {
    const browser = createStoredApp(strategy, { onSignIn: link }).browser()
    await browser.signIn()
    const state = await browser.begin('beta')
    await browser.signIn({ subject: 'bob' })
    expect((await browser.finish(state, { subject: 'face' }, 'beta')).status).toBe(409)
    expect(await usersOf(browser)).toEqual({ acme: 'bob' })
  })
})

it('a sign-in that links keeps what another tab has written to a session in a store meanwhile', async () => {
  const gate = createGate()
  const app = createStoredApp('store', {
    async onSignIn({ current }) {
      if (current === null) return { action: 'new' }
      await gate.pass()
      return { action: 'link' }
    },
  })
  const browser = app.browser()
  await browser.signIn({ tokens: { accessToken: 'a' } })
  const state = await browser.begin('beta')
  const elsewhere = browser.copy()
  const linking = browser.finish(state, { subject: 'face' }, 'beta')
  await gate.reached
  await app.auth.updateSession(elsewhere.request(), { theme: 'dark' })
  gate.open()
  expect((await linking).status).toBe(303)
  const { session } = await app.auth.requireSession(browser.request())
  expect([Object.keys(session.identities), session.data]).toEqual([['acme', 'beta'], { theme: 'dark' }])
})

describe('a call of a request that fails after it has refreshed the session', () => {
  it('leaves the refreshed cookie to the response, though the app goes on', async () => {
    const vendor = vendorOf('acme', () => ({ kind: 'refreshed', tokens: tokensAt(app.clock.now, 'new') }))
    const app: App = createStoredApp('cookie', { providers: [vendor.provider, acme('beta')] })
    const browser = app.browser()
    await browser.signIn({ tokens: tokensAt(app.clock.now, 'old') })
    app.clock.now += 1800
    const scope = createRequestScope(browser.request())
    const asked = scope.call((request) => app.auth.getAccessToken(request, 'beta'))
    expect(await refusalOf(asked)).toBe('auth/tokens_missing')
    expect(setsCookie(scope.headers())).toBe(true)
    browser.keep(scope.headers())
    app.clock.now += 60
    expect((await app.auth.getAccessToken(browser.request(), 'acme')).accessToken).toBe('access-new')
    expect(vendor.calls.refresh).toBe(1)
  })
})

describe('new tokens that cannot be kept', () => {
  it('of a linked identity end that identity alone, and say so', async () => {
    const memory = createMemoryStore({ clock: () => app.clock.now })
    let isDown = false
    const store: Store = {
      ...memory,
      replace: async (...given) => {
        if (isDown) throw new Error('down')
        return memory.replace(...given)
      },
    }
    const beta = vendorOf('beta', () => ({ kind: 'refreshed', tokens: tokensAt(app.clock.now, 'new') }))
    const providers = [acme('acme'), beta.provider]
    const app: App = createStoredApp('store', { store, providers, onSignIn: link })
    const browser = app.browser()
    await browser.signIn()
    await browser.signIn({ subject: 'face', tokens: tokensAt(app.clock.now, 'old') }, 'beta')
    app.clock.now += 1800
    isDown = true
    expect(await refusalOf(app.auth.getSession(browser.request()))).toBe('auth/store_unavailable')
    isDown = false
    app.clock.now += 310
    expect(Object.keys((await app.auth.requireSession(browser.request())).session.identities)).toEqual(['acme'])
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'provider.identity_ended', provider: 'beta', reason: 'tokens_lost' }),
    )
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('for lack of room in the cookie leave the session as it is, without them', async () => {
    const vendor = vendorOf('acme', () => ({
      kind: 'refreshed',
      tokens: { ...tokensAt(app.clock.now, 'new'), accessToken: 'x'.repeat(100_000) },
    }))
    const app: App = createStoredApp('cookie', { providers: [vendor.provider] })
    const browser = app.browser()
    await browser.signIn({ tokens: tokensAt(app.clock.now, 'old') })
    app.clock.now += 1800
    const { session, headers } = await app.auth.getSession(browser.request())
    browser.keep(headers)
    expect(session?.user.subject).toBe('ada')
    expect(await refusalOf(app.auth.getAccessToken(browser.request(), 'acme'))).toBe('auth/tokens_missing')
    const told = app.events.filter(({ type }) => type.startsWith('session.') && type !== 'session.refreshed')
    expect(told).toMatchObject([{ type: 'session.tokens_dropped', code: 'core/session_too_large' }])
    expect(vendor.calls.refresh).toBe(1)
  })

  it('because the new profile is too large are kept, with the profile as it was', async () => {
    const vendor = vendorOf('acme', () => ({
      kind: 'refreshed',
      tokens: tokensAt(app.clock.now, 'new'),
      profile: { name: 'x'.repeat(100_000) },
    }))
    const app: App = createStoredApp('cookie', { providers: [vendor.provider] })
    const browser = app.browser()
    await browser.signIn({ profile: { name: 'Ada' }, tokens: tokensAt(app.clock.now, 'old') })
    app.clock.now += 1800
    const { session, headers } = await app.auth.getSession(browser.request())
    browser.keep(headers)
    expect(session?.user.profile).toEqual({ name: 'Ada' })
    expect((await app.auth.getAccessToken(browser.request(), 'acme')).accessToken).toBe('access-new')
    const told = app.events.filter(({ type }) => type.startsWith('session.') && type !== 'session.refreshed')
    expect(told).toMatchObject([{ type: 'session.profile_kept', code: 'core/session_too_large' }])
    expect(vendor.calls.refresh).toBe(1)
  })
})

it.each([
  ['nothing', undefined],
  ['an unknown kind', { kind: 'done' }],
  ['no tokens', { kind: 'refreshed' }],
  ['null', null],
])('a provider whose refresh resolves %s has failed, and is asked again after a pause', async (_what, answer) => {
  const vendor = vendorOf('acme', () => answer as unknown as RefreshResult)
  const app: App = createApp({ providers: [vendor.provider] })
  const browser = app.browser()
  await browser.signIn({ tokens: tokensAt(app.clock.now, 'old') })
  app.clock.now += 1795
  for (let request = 0; request < 3; request++) await app.auth.requireSession(browser.request())
  expect(vendor.calls.refresh).toBe(1)
  const failed = { type: 'provider.refresh_failed', code: 'core/internal_error', reason: 'no result of a refresh' }
  expect(app.events).toContainEqual(expect.objectContaining(failed))
  app.clock.now += 6
  await app.auth.requireSession(browser.request())
  expect(vendor.calls.refresh).toBe(2)
})
