import { describe, expect, it } from 'vitest'
import { createApp, exampleSecret, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { type Strategy, strategies } from './strategies.ts'

/** A browser that is signed in to two auths of one host, and has begun a login at each. */
async function atBoth(strategy: Strategy): Promise<Record<'app' | 'staff', Browser>> {
  const secret = exampleSecret()
  const app = createApp({ secret, session: { strategy } }).browser()
  const cookieName = '__Host-latchkey-staff'
  const staff = createApp({ secret, session: { strategy, cookieName } }).browser()
  await app.signIn({ subject: 'ada' })
  await staff.signIn({ subject: 'grace' })
  await app.begin('beta')
  await staff.begin('beta')
  return { app, staff }
}

/** Gives one browser what another one has, as they are the same. */
function share(from: Browser, to: Browser): void {
  for (const name of from.names()) to.plant(name, from.value(name))
}

describe.each(strategies)('of two auths on one host whose cookies begin alike, with sessions in a %s', (strategy) => {
  it.each([
    ['app', 'staff'],
    ['staff', 'app'],
  ] as const)('a sign-out of %s touches no cookie of %s', async (own, other) => {
    const browsers = await atBoth(strategy)
    const kept = browsers[other].names()
    expect(kept).toHaveLength(2)
    share(browsers[other], browsers[own])
    const response = await browsers[own].submit('/auth/logout')
    const touched = response.headers.getSetCookie().map((line) => line.split('=', 1)[0])
    expect(touched).toHaveLength(2)
    expect(touched.filter((name) => kept.includes(name ?? ''))).toEqual([])
    expect(browsers[own].names().toSorted()).toEqual(kept.toSorted())
    expect(Object.values(await usersOf(browsers[other]))).toEqual([other === 'app' ? 'ada' : 'grace'])
  })

  it('a session and a login of one are none of the other', async () => {
    const { app, staff } = await atBoth(strategy)
    const state = await app.begin()
    share(app, staff)
    expect(await usersOf(staff)).toEqual({ acme: 'grace' })
    expect((await staff.finish(state)).headers.get('location')).toContain('/auth/acme/login')
  })
})
