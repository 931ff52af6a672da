import { describe, expect, it } from 'vitest'
import { contextOf } from '../src/context/auth-context.ts'
import { createMemoryStore, type Session, userKey } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { type App, codeOf, createApp, exampleSecret, refusalOf, usersOf } from './app.ts'
import { accessTokenOf, createBearerVendor, withBearer } from './bearer-vendor.ts'
import { at, type Strategy, strategies } from './strategies.ts'

const ada = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }

const bothSignedIn = [{ acme: 'ada' }, { acme: 'ada' }]

/** Two processes on one store, one clock so many seconds off the other. */
function twoProcesses(strategy: Strategy, skewSeconds: number) {
  const shared = { secret: exampleSecret(), store: createMemoryStore(), session: { strategy } as const }
  const here = createApp(shared)
  const there = createApp(shared)
  there.clock.now += skewSeconds
  return { here, there }
}

describe.each(strategies)('an end of all sign-ins, with sessions in a %s', (strategy) => {
  it.each([-60, -20, -1, 0, 1, 20, 60])(
    'holds for earlier sign-ins and no later one, clocks %i s apart',
    async (skew) => {
      const { here, there } = twoProcesses(strategy, skew)
      const before = here.browser()
      await before.signIn()
      await there.auth.revokeSessions(ada)
      expect([await usersOf(before), await usersOf(at(there, before))]).toEqual([{}, {}])

      const after = here.browser()
      await after.signIn()
      expect([await usersOf(after), await usersOf(at(there, after))]).toEqual([{ acme: 'ada' }, { acme: 'ada' }])

      await here.auth.revokeSessions(ada)
      expect([await usersOf(after), await usersOf(at(there, after))]).toEqual([{}, {}])
    },
  )

  it('holds for a sign-in that was redeemed before it and is written after it', async () => {
    const store = createMemoryStore()
    let revoke: () => Promise<void> = async () => {}
    const app = createApp({
      store,
      session: { strategy },
      providers: [
        {
          name: 'acme',
          mount: (host) => {
            const mounted = acme('acme').mount(host)
            const routes = mounted.routes.map((route) => ({
              ...route,
              async handle(...given: Parameters<typeof route.handle>) {
                const outcome = await route.handle(...given)
                if (route.path === '/callback') await revoke()
                return outcome
              },
            }))
            return { ...mounted, routes }
          },
        },
      ],
    })
    const browser = app.browser()
    await browser.signIn()
    await app.auth.revokeSessions(ada)
    revoke = () => app.auth.revokeSessions(ada)
    const state = await browser.begin()
    expect(await codeOf(await browser.finish(state))).toBe('auth/sign_in_refused')
    expect(await usersOf(browser)).toEqual({})
    revoke = async () => {}
    await browser.signIn()
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('holds in every tenant if it names none, and in one alone if it names that', async () => {
    const { here } = twoProcesses(strategy, 0)
    const [one, two] = [here.browser(), here.browser()]
    await one.signIn({ tenant: { id: 'one' } })
    await two.signIn({ tenant: { id: 'two' } })
    await here.auth.revokeSessions({ ...ada, tenant: 'one' })
    expect([await usersOf(one), await usersOf(two)]).toEqual([{}, { acme: 'ada' }])
    await here.auth.revokeSessions(ada)
    expect(await usersOf(two)).toEqual({})
  })

  it('holds while secrets rotate, whichever is first', async () => {
    const [old, fresh] = [exampleSecret(), exampleSecret()]
    const store = createMemoryStore()
    const app = (secret: string | [string, ...string[]]) => createApp({ secret, store, session: { strategy } })
    const first = app(old)
    const browser = first.browser()
    await browser.signIn()
    await first.auth.revokeSessions(ada)
    for (const secret of [
      [old, fresh],
      [fresh, old],
    ] as const)
      expect(await usersOf(at(app([...secret]), browser))).toEqual({})
  })

  it('is for the user of a session as `userKey` names them', async () => {
    const { here } = twoProcesses(strategy, 0)
    const browser = here.browser()
    await browser.signIn({ tenant: { id: 'one' } })
    const { session } = await here.auth.getSession(browser.request())
    await here.auth.revokeSessions(userKey((session as Session).user))
    expect(await usersOf(browser)).toEqual({})
  })
})

describe('an access token of a user who was revoked', () => {
  const vendor = createBearerVendor('acme')
  const start = () => createApp({ providers: [vendor.provider] })
  const token = (iat: number | undefined, kind: 'user' | 'machine' = 'user') =>
    withBearer(accessTokenOf('acme', { kind, claims: iat === undefined ? {} : { iat } }))

  it('is refused if it was issued before, or does not say when', async () => {
    const { auth, clock } = start()
    const request = (iat?: number) => auth.requireBearer(token(iat))
    await request(clock.now)
    await auth.revokeSessions(ada)
    for (const iat of [clock.now - 60, clock.now, clock.now + 10, undefined]) {
      expect(await refusalOf(request(iat))).toBe('auth/bearer_revoked')
    }
    expect(await refusalOf(request(clock.now + 11))).toBe('not refused')
    const refused = await request(clock.now).catch((error: unknown) => error)
    const answer = auth.errorResponse(refused, token(clock.now))
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
  })

  it('is not looked up for machines', async () => {
    const { auth, clock } = start()
    await auth.revokeSessions(ada)
    const machine = auth.requireBearer(token(clock.now - 60, 'machine'), { kind: 'machine' })
    expect(await refusalOf(machine)).toBe('not refused')
  })
})

describe('an end of sign-ins in a process without a store', () => {
  it.each([
    ['of the user in every tenant', (app: App) => app.auth.revokeSessions(ada), [{}, {}]],
    ['of the user in one', (app: App) => app.auth.revokeSessions({ ...ada, tenant: 'one' }), [{}, { acme: 'ada' }]],
    [
      'of a session of the vendor',
      (app: App) => contextOf(app.auth)?.revocations.revokeSid({ ...ada, sid: 'sid-of-one' }),
      [{}, { acme: 'ada' }],
    ],
    ['of another user', (app: App) => app.auth.revokeSessions({ ...ada, subject: 'bob' }), bothSignedIn],
    [
      'of another session of the vendor',
      (app: App) => contextOf(app.auth)?.revocations.revokeSid({ ...ada, sid: 'other' }),
      bothSignedIn,
    ],
  ])('is the end %s', async (_whose, revoke, expected) => {
    const app = createApp()
    const browsers = ['one', 'two'].map((id) => ({ id, browser: app.browser() }))
    for (const { id, browser } of browsers) await browser.signIn({ tenant: { id }, sid: `sid-of-${id}` })
    await revoke(app)
    expect(await Promise.all(browsers.map(({ browser }) => usersOf(browser)))).toEqual(expected)
  })
})

describe('an end of all sign-ins in one of two processes without a store', () => {
  it('does not shut out a user who signs in again at the other', async () => {
    const secret = exampleSecret()
    const [here, there] = [createApp({ secret }), createApp({ secret })]
    const before = here.browser()
    await before.signIn()
    await here.auth.revokeSessions(ada)
    for (const { clock } of [here, there]) clock.now += 1
    const after = there.browser()
    await after.signIn()
    expect([await usersOf(before), await usersOf(at(here, after))]).toEqual([{}, { acme: 'ada' }])
  })
})
