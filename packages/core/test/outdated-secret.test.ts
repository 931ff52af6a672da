import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { type App, createApp, exampleSecret, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

const [older, newer] = [exampleSecret(), exampleSecret()]
const store = createMemoryStore()

const uses = ({ events }: App): readonly unknown[] => events.filter(({ type }) => type === 'secret.outdated')

function moveTo(app: App, browser: Browser): Browser {
  const moved = app.browser()
  for (const name of browser.names()) moved.plant(name, browser.value(name))
  return moved
}

describe.each(['cookie', 'store'] as const)('the use of an older secret, by a session in a %s', (strategy) => {
  const withSecrets = (...secrets: [string, ...string[]]): App =>
    createApp({ session: { strategy }, secret: secrets, store })

  it('is an event, which says what to do and nothing else, until the session was sealed again', async () => {
    const before = withSecrets(older)
    const browser = before.browser()
    await browser.signIn()
    expect(uses(before)).toEqual([])

    const between = withSecrets(newer, older)
    const moved = moveTo(between, browser)
    expect(await usersOf(moved)).toEqual({ acme: 'ada' })
    const hint = 'Keep the older secret in the list while this is reported.'
    expect(between.events).toEqual([{ at: between.clock.now, type: 'secret.outdated', hint }])

    between.clock.now += 1801
    moved.keep((await between.auth.getSession(moved.request())).headers)
    const seen = uses(between).length
    expect(await usersOf(moved)).toEqual({ acme: 'ada' })
    expect(uses(between)).toHaveLength(seen)
    expect(await usersOf(moveTo(withSecrets(newer), moved))).toEqual({ acme: 'ada' })
  })

  it('is none while the new secret is only added last: what either seals, both open', async () => {
    const [old, added] = [withSecrets(older), withSecrets(older, newer)]
    const [first, second] = [old.browser(), added.browser()]
    await first.signIn()
    await second.signIn()
    expect(await usersOf(moveTo(added, first))).toEqual({ acme: 'ada' })
    expect(await usersOf(moveTo(old, second))).toEqual({ acme: 'ada' })
    const moved = withSecrets(newer, older)
    const third = moved.browser()
    await third.signIn()
    expect(await usersOf(moveTo(added, third))).toEqual({ acme: 'ada' })
    expect([uses(old), uses(added).length > 0]).toEqual([[], true])
  })

  it('is an event for a login that is under way', async () => {
    const browser = withSecrets(older).browser()
    const state = await browser.begin()
    const after = withSecrets(newer, older)
    const moved = moveTo(after, browser)
    expect((await moved.finish(state)).headers.get('location')).toBe('/')
    expect(uses(after)).toHaveLength(1)
  })
})
