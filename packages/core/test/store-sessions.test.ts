import { describe, expect, it } from 'vitest'
import { contextOf } from '../src/context/auth-context.ts'
import { acme } from './acme-provider.ts'
import { codeOf, refusalOf, summaryOf, usersOf } from './app.ts'
import { createGate } from './gate.ts'
import { createRefreshingVendor, lifetimeSeconds } from './refreshing-vendor.ts'
import { createFleet, signedIn } from './store-fleet.ts'
import { at, setsCookie } from './strategies.ts'

const user = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }

describe('a session in a store', () => {
  it('has the same API, and is alive in every process', async () => {
    const fleet = createFleet()
    const [, elsewhere] = await signedIn(fleet)
    expect((await fleet.there.auth.requireSession(elsewhere.request())).session).toMatchObject({
      user: { provider: 'acme' },
      identities: { acme: { subject: 'ada' } },
      data: {},
    })
    expect((await summaryOf(elsewhere)).expiresAt).toBe(fleet.clock.now + 3600)
  })

  it('is 32 random bytes in the cookie, its hash as the key, and sealed in the store', async () => {
    const fleet = createFleet()
    const browser = fleet.here.browser()
    await browser.signIn({ profile: { name: 'canary' }, tokens: { accessToken: 'canary' } })
    expect(browser.names()).toEqual(['__Host-latchkey'])
    // Behind them stands the name of the mark by which it can end.
    expect(browser.value()).toMatch(/^[\w-]{43}\.[\w-]{43}$/)
    const [token = ''] = browser.value().split('.')
    const [entry] = [...fleet.entries].filter(([name]) => name.startsWith('session:'))
    const [key, record] = entry ?? []
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token)))
    expect(key).toBe(`session:${hash.toString('base64url')}`)
    const everything = JSON.stringify([...fleet.entries])
    for (const secret of ['canary', 'ada', token]) expect(everything).not.toContain(secret)
    expect(record?.split('.')).toHaveLength(5)
  })

  it('leaves the names of no users and of no sessions of vendors in the store, when they are revoked', async () => {
    const fleet = createFleet()
    const { revocations } = contextOf(fleet.here.auth) ?? {}
    const before = fleet.entries.size
    await revocations?.revoke(user)
    await revocations?.revokeSid({ ...user, sid: 'vendor-session' })
    expect(fleet.entries.size).toBeGreaterThanOrEqual(before + 3)
    for (const part of ['ada', 'vendor-session', 'acme']) expect(JSON.stringify([...fleet.entries])).not.toContain(part)
  })

  it('does not open where the store holds something else under its key', async () => {
    const fleet = createFleet()
    const [browser] = await signedIn(fleet)
    for (const text of ['', 'x', '{}', 'null', `{"version":1}`]) {
      const other = createFleet({}, () => ({ get: async () => text }))
      expect(await usersOf(at(other.here, browser))).toEqual({})
    }
  })

  it('does not open where the store holds a copy of the record of another under its key', async () => {
    const copies = new Map<string, string>()
    const fleet = createFleet({}, (store) => ({ get: async (key) => store.get(copies.get(key) ?? key) }))
    const [victim, mallory] = [fleet.here.browser(), fleet.here.browser()]
    await victim.signIn()
    await mallory.signIn({ subject: 'mallory' })
    expect(await usersOf(mallory)).toEqual({ acme: 'mallory' })
    const [ofVictim = '', ofMallory = ''] = [...fleet.entries.keys()].filter((key) => key.startsWith('session:'))
    copies.set(ofMallory, ofVictim)
    expect([await usersOf(victim), await usersOf(mallory)]).toEqual([{ acme: 'ada' }, {}])
  })

  it('may be larger than a cookie', async () => {
    const browser = createFleet().here.browser()
    await browser.signIn({ profile: { name: 'n'.repeat(50_000) } })
    expect((await summaryOf(browser)).identities['acme']?.name).toHaveLength(50_000)
  })

  it('ends by its idle and its absolute time, and is prolonged without a cookie', async () => {
    const fleet = createFleet({ session: { strategy: 'store', idleSeconds: 100, absoluteSeconds: 250 } })
    const [browser, elsewhere] = await signedIn(fleet)
    for (const passed of [60, 60, 60, 60]) {
      fleet.clock.now += passed
      const { session, headers } = await fleet.there.auth.getSession(elsewhere.request())
      expect([session?.expiresAt, setsCookie(headers)]).toEqual([Math.min(fleet.clock.now + 100, 1_800_000_250), false])
    }
    fleet.clock.now += 10
    expect(await usersOf(browser)).toEqual({})
    const idle = await signedIn(fleet)
    fleet.clock.now += 100
    expect(await usersOf(idle[1])).toEqual({})
  })
})

describe('the end of a session in a store', () => {
  it('by a sign-out holds in every process at once, for copies too', async () => {
    const fleet = createFleet()
    const [browser, elsewhere] = await signedIn(fleet)
    await browser.submit('/auth/logout')
    expect(browser.names()).toEqual([])
    expect(await usersOf(elsewhere)).toEqual({})
  })

  it.each(['prolonged', 'refreshed', 'changed'])(
    'is not undone by a request that is under way and %s it',
    async (how) => {
      const gate = createGate()
      const vendor = createRefreshingVendor(how === 'refreshed' ? gate.pass : undefined)
      let held = how === 'refreshed'
      const fleet = createFleet({ providers: [vendor.provider] }, (store) => ({
        async replace(...entry) {
          if (!held) {
            held = true
            await gate.pass()
          }
          return store.replace(...entry)
        },
      }))
      const browser = fleet.here.browser()
      await browser.signIn({ tokens: how === 'refreshed' ? vendor.issue(fleet.clock.now) : {} })
      fleet.clock.now += lifetimeSeconds + 1
      const { auth } = fleet.there
      const request = at(fleet.there, browser).request()
      const slow = how === 'changed' ? auth.updateSession(request, { theme: 'dark' }) : auth.requireSession(request)
      await gate.reached
      await browser.submit('/auth/logout')
      const remaining = at(fleet.there, browser)
      gate.open()
      expect(await refusalOf(slow)).toBe('auth/session_required')
      expect(await usersOf(remaining)).toEqual({})
      expect(await usersOf(at(fleet.here, remaining))).toEqual({})
    },
  )

  it.each(['link', 'new'] as const)('is not undone by a sign-in that is under way and says %s', async (action) => {
    const gate = createGate()
    const fleet = createFleet({
      onSignIn: async ({ current }) => {
        if (current === null) return { action: 'new' }
        await gate.pass()
        return { action }
      },
    })
    const [browser, elsewhere] = await signedIn(fleet)
    const state = await elsewhere.begin('beta')
    const linking = elsewhere.finish(state, {}, 'beta')
    await gate.reached
    await browser.submit('/auth/logout')
    gate.open()
    expect(await codeOf(await linking)).toBe('auth/session_changed')
    expect(await usersOf(elsewhere)).toEqual({})
  })

  it('of a user, by the app, holds in every process and for whoever else is signed in as them', async () => {
    const fleet = createFleet()
    const [browser, elsewhere] = await signedIn(fleet)
    const [second] = await signedIn(fleet)
    const eve = fleet.there.browser()
    await eve.signIn({ subject: 'eve' })
    await fleet.here.auth.revokeSessions(user)
    for (const each of [browser, elsewhere, second]) expect(await usersOf(each)).toEqual({})
    expect(await usersOf(eve)).toEqual({ acme: 'eve' })
    fleet.clock.now += 1
    await browser.signIn()
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
    expect(await usersOf(second)).toEqual({})
  })

  it('of a user is not undone by a request that is under way', async () => {
    const gate = createGate()
    const vendor = createRefreshingVendor(gate.pass)
    const fleet = createFleet({ providers: [vendor.provider] })
    const browser = fleet.here.browser()
    await browser.signIn({ tokens: vendor.issue(fleet.clock.now) })
    fleet.clock.now += lifetimeSeconds
    const slow = fleet.there.auth.requireSession(at(fleet.there, browser).request())
    await gate.reached
    await fleet.here.auth.revokeSessions(user)
    gate.open()
    expect(await refusalOf(slow)).toBe('auth/session_required')
    expect(await usersOf(browser)).toEqual({})
  })

  it('of one of two users leaves the other signed in', async () => {
    const fleet = createFleet({ onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }) })
    const [browser] = await signedIn(fleet)
    await browser.signIn({ subject: 'face' }, 'beta')
    const elsewhere = at(fleet.there, browser)
    await fleet.there.auth.revokeSessions({ provider: 'beta', issuer: 'https://beta.example', subject: 'face' })
    expect(await usersOf(elsewhere)).toEqual({ acme: 'ada' })
    await fleet.there.auth.revokeSessions(user)
    expect(await usersOf(elsewhere)).toEqual({})
  })
})

describe('a sign-in in a browser that has a session in a store', () => {
  it('takes the old record before it adds the new', async () => {
    const calls: string[] = []
    const fleet = createFleet({}, (store) => ({
      add: (key, ...rest) => (calls.push(`add ${key.split(':')[0]}`), store.add(key, ...rest)),
      remove: (key, ...rest) => (calls.push(`remove ${key.split(':')[0]}`), store.remove(key, ...rest)),
    }))
    const [browser, elsewhere] = await signedIn(fleet)
    calls.length = 0
    await browser.signIn({ subject: 'eve' })
    expect(calls.filter((call) => call.endsWith('session'))).toEqual(['remove session', 'add session'])
    expect(await usersOf(elsewhere)).toEqual({})
    expect(await usersOf(browser)).toEqual({ acme: 'eve' })
  })

  it('signs no one in twice when two are linked at once: the old record is taken once', async () => {
    const fleet = createFleet({ onSignIn: ({ current }) => ({ action: current === null ? 'new' : 'link' }) })
    const [browser, elsewhere] = await signedIn(fleet)
    const [one, two] = [await browser.begin('beta'), await elsewhere.begin('beta')]
    const statuses = await Promise.all([browser.finish(one, {}, 'beta'), elsewhere.finish(two, {}, 'beta')])
    expect(statuses.map(({ status }) => status).sort((one, other) => one - other)).toEqual([303, 409])
  })

  it('leaves no one signed in when the store fails between the two', async () => {
    const failing = { now: false }
    const fleet = createFleet({}, (store) => ({
      add: (key, ...rest) =>
        failing.now && key.startsWith('session:') ? Promise.reject(new Error('down')) : store.add(key, ...rest),
    }))
    const [browser, elsewhere] = await signedIn(fleet)
    failing.now = true
    expect((await browser.signIn({ subject: 'eve' })).status).toBe(503)
    expect(await usersOf(elsewhere)).toEqual({})
  })
})

describe('changes of one session at once', () => {
  it('of its data all hold, from whichever process', async () => {
    const fleet = createFleet()
    const [browser, elsewhere] = await signedIn(fleet)
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 === 0 ? fleet.here : fleet.there).auth.updateSession(browser.request(), {
          [`field${index}`]: index,
        }),
      ),
    )
    const { session } = await fleet.there.auth.requireSession(elsewhere.request())
    expect(Object.keys(session.data).toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((index) => `field${index}`))
  })

  it('of its data and its tokens both hold', async () => {
    const gate = createGate()
    let held = false
    const vendor = createRefreshingVendor()
    const fleet = createFleet({ providers: [vendor.provider] }, (store) => ({
      async replace(...entry) {
        if (!held) {
          held = true
          await gate.pass()
        }
        return store.replace(...entry)
      },
    }))
    const browser = fleet.here.browser()
    await browser.signIn({ tokens: vendor.issue(fleet.clock.now) })
    fleet.clock.now += lifetimeSeconds
    const refreshing = fleet.here.auth.getAccessToken(browser.request(), 'acme')
    await gate.reached
    fleet.clock.now -= lifetimeSeconds
    await fleet.there.auth.updateSession(browser.request(), { theme: 'dark' })
    fleet.clock.now += lifetimeSeconds
    gate.open()
    await refreshing
    fleet.clock.now += 60
    const { session } = await fleet.there.auth.requireSession(browser.request())
    expect(session.data).toEqual({ theme: 'dark' })
    const { accessToken } = await fleet.there.auth.getAccessToken(browser.request(), 'acme')
    expect([accessToken, vendor.calls()]).toEqual(['access-2', 1])
  })

  it('by 100 requests in two processes at the expiry of its tokens are one', async () => {
    const vendor = createRefreshingVendor()
    const fleet = createFleet({ providers: [vendor.provider] })
    const browser = fleet.here.browser()
    await browser.signIn({ tokens: vendor.issue(fleet.clock.now) })
    fleet.clock.now += lifetimeSeconds
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const { auth } = index % 2 === 0 ? fleet.here : fleet.there
        return (await auth.getAccessToken(browser.request(), 'acme')).accessToken
      }),
    )
    expect([new Set(answers), vendor.calls()]).toEqual([new Set(['access-2']), 1])
    fleet.clock.now += lifetimeSeconds
    await fleet.there.auth.getAccessToken(browser.request(), 'acme')
    expect(vendor.calls()).toBe(2)
  })
})

it('keeps the vendor’s end of a user in the store: every process knows', async () => {
  const vendor = createRefreshingVendor()
  const fleet = createFleet({ providers: [vendor.provider, acme('beta')] })
  const browser = fleet.here.browser()
  await browser.signIn({ tokens: { ...vendor.issue(fleet.clock.now), refreshToken: 'revoked' } })
  fleet.clock.now += lifetimeSeconds
  const elsewhere = at(fleet.there, browser)
  expect(await refusalOf(fleet.here.auth.requireSession(browser.request()))).toBe('auth/session_required')
  expect(await usersOf(elsewhere)).toEqual({})
})
