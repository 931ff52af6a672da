import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OnSignIn } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { codeOf, createApp, usersOf } from './app.ts'
import { createStoredApp } from './strategies.ts'

const never = new Promise<never>(() => {})

describe('an `onSignIn` that', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('canary')
      },
      [500, 'core/internal_error'],
    ],
    ['rejects', () => Promise.reject(new Error('canary')), [500, 'core/internal_error']],
    ['never answers', () => never, [500, 'core/internal_error']],
    ['answers something else', () => ({ action: 'maybe' }), [403, 'auth/sign_in_refused']],
    ['denies', () => ({ action: 'deny' }), [403, 'auth/sign_in_refused']],
  ] as const)('%s writes nothing, and the tokens that were got are revoked', async (_how, onSignIn, expected) => {
    const revoked: unknown[] = []
    const provider = acme('acme', {
      signOut: async (tokens) => {
        revoked.push(tokens)
        return {}
      },
    })
    const browser = createApp({ providers: [provider], onSignIn: onSignIn as unknown as OnSignIn }).browser()
    const state = await browser.begin()
    const answered = browser.finish(state, { tokens: { refreshToken: 'an-example-token' } })
    await vi.advanceTimersByTimeAsync(5001)
    const response = await answered
    expect([response.status, await codeOf(response)]).toEqual(expected)
    expect(browser.names()).toEqual([])
    expect(revoked).toEqual([{ refreshToken: 'an-example-token' }])
  })
})

describe('a process whose clock is behind', () => {
  it('reports a session of its future, once a minute', async () => {
    const { events, clock, browser: open } = createApp()
    const browser = open()
    await browser.signIn()
    clock.now -= 11
    await usersOf(browser)
    await usersOf(browser)
    expect(events.filter(({ type }) => type === 'clock.skewed')).toMatchObject([{ aheadSeconds: 11 }])
    clock.now += 1
    await usersOf(browser)
    expect(events.filter(({ type }) => type === 'clock.skewed')).toHaveLength(1)
  })

  it('takes a proof of its near future as one of now', async () => {
    const app = createStoredApp('store')
    const browser = app.browser()
    await browser.signIn({ authenticatedAt: app.clock.now, authTimeSource: 'auth_time' })
    const outcomes: boolean[] = []
    for (const skew of [-15, -11, -10, -1, 0, 15]) {
      app.clock.now += skew
      outcomes.push(
        await app.auth.requireSession(browser.request(), { maxAuthAgeSeconds: 300 }).then(
          () => true,
          () => false,
        ),
      )
      app.clock.now -= skew
    }
    expect(outcomes).toEqual([false, false, true, true, true, true])
  })
})

it('what `onSignIn` changes in what it is given changes no session', async () => {
  const change = (given: object | undefined): object =>
    Object.assign(given ?? {}, { subject: 'eve', issuer: 'https://evil.example' })
  const app = createApp({
    onSignIn({ identity, current }) {
      change(identity)
      if (current === null) return { action: 'new' }
      Object.values(current.identities).forEach(change)
      return { action: 'link' }
    },
  })
  const browser = app.browser()
  await browser.signIn()
  await browser.signIn({ subject: 'face' }, 'beta')
  expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'face' })
})
