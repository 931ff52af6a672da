import { describe, expect, it } from 'vitest'
import { createMemoryStore, type UserKey } from '../src/index.ts'
import { codeOf, createApp, exampleSecret, refusalOf, usersOf } from './app.ts'
import { at, createStoredApp, strategies } from './strategies.ts'

const ada: UserKey = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }

describe.each(strategies)('an end of all sign-ins, with sessions in a %s', (strategy) => {
  it('of a hundred users at once ends each of them', async () => {
    const app = createStoredApp(strategy)
    const subjects = Array.from({ length: 100 }, (_, index) => `user-${index}`)
    const browsers = await Promise.all(
      subjects.map(async (subject) => {
        const browser = app.browser()
        await browser.signIn({ subject })
        return browser
      }),
    )
    await Promise.all(subjects.map((subject) => app.auth.revokeSessions({ ...ada, subject })))
    expect(await Promise.all(browsers.map(usersOf))).toEqual(subjects.map(() => ({})))
  })

  it('holds where sessions were longer when it was begun: they end with those that begin now', async () => {
    const clock = { now: 1_800_000_000 }
    const shared = {
      clock: () => clock.now,
      secret: exampleSecret(),
      store: createMemoryStore({ clock: () => clock.now }),
    }
    const thirtyDays = 2_592_000
    const long = { strategy, idleSeconds: thirtyDays, absoluteSeconds: thirtyDays } as const
    const browser = createApp({ ...shared, session: long }).browser()
    await browser.signIn()
    const now = createApp({ ...shared, session: { strategy } })
    const moved = at(now, browser)
    expect((await now.auth.getSession(moved.request())).session).not.toBeNull()
    await now.auth.revokeSessions(ada)
    expect((await now.auth.getSession(moved.request())).session).toBeNull()
    clock.now += 43_201
    expect((await now.auth.getSession(moved.request())).session).toBeNull()
  })

  it('of long ago keeps nobody out, where auths of other lifetimes share the store', async () => {
    const clock = { now: 1_800_000_000 }
    const shared = {
      clock: () => clock.now,
      secret: exampleSecret(),
      store: createMemoryStore({ clock: () => clock.now }),
    }
    const long = createApp({ ...shared, session: { strategy, absoluteSeconds: 2_592_000 } })
    const session = { strategy, cookieName: '__Host-staff', idleSeconds: 600, absoluteSeconds: 3600 } as const
    const short = createApp({ ...shared, session, basePath: '/staff' })
    await long.auth.revokeSessions(ada)
    await short.auth.revokeSessions({ ...ada, subject: 'bob' })
    clock.now += 7201
    const browser = long.browser()
    const response = await browser.signIn()
    expect([response.status, response.status === 303 ? '' : await codeOf(response)]).toEqual([303, ''])
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it.each([
    [{ ...ada, provider: 'nowhere' }],
    [{ ...ada, provider: 'constructor' }],
    [{ ...ada, issuer: 'https://acme.example/' }],
    [{ ...ada, subject: undefined }],
    [{ ...ada, subject: 42 }],
    [{ ...ada, subject: '' }],
    [{ ...ada, tenant: '' }],
    [{ ...ada, tenant: 42 }],
    [null],
    [undefined],
  ])('is refused for whom no session can hold: %j', async (user) => {
    const { auth } = createStoredApp(strategy)
    expect(await refusalOf((auth.revokeSessions as (given: unknown) => Promise<void>)(user))).toBe(
      'core/invalid_option',
    )
  })
})

it('an end of all sign-ins holds after a clock was set back, without a store', async () => {
  const app = createApp()
  const browser = app.browser()
  await browser.signIn()
  await usersOf(browser)
  app.clock.now -= 100
  await app.auth.revokeSessions(ada)
  expect(await usersOf(browser)).toEqual({})
})
