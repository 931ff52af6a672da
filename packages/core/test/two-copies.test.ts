import { describe, expect, it, vi } from 'vitest'
import { createAuth } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { codeOf, exampleSecret, usersOf } from './app.ts'
import { Browser } from './browser.ts'

/** Core once more, as a bundle or an installed second copy evaluates it. */
async function copyOfCore(): Promise<typeof createAuth> {
  vi.resetModules()
  const copy = await import('../src/index.ts')
  return copy.createAuth
}

/** Two auths of one app, each made by a copy of core. */
async function twoCopies(): Promise<readonly [Browser, Browser]> {
  const options = { baseUrl: 'https://app.example', secret: exampleSecret(), providers: [acme('acme')] }
  const copy = await copyOfCore()
  expect(copy).not.toBe(createAuth)
  const now = (): number => Math.floor(Date.now() / 1000)
  return [new Browser(createAuth(options), now), new Browser(copy(options), now)]
}

function move(from: Browser, to: Browser): void {
  for (const name of from.names()) to.plant(name, from.value(name))
}

describe('two copies of core in one process', () => {
  it('are one process: what was redeemed or signed out in one is over in the other', async () => {
    const [here, there] = await twoCopies()
    const state = await here.begin()
    move(here, there)
    const thief = here.copy()
    const [first, again] = [await here.finish(state), await there.finish(state)]
    expect([first.status, again.status, there.value()]).toEqual([303, 303, here.value()])
    move(thief, there)
    there.plant('__Host-latchkey.other', 'a cookie that the first browser did not have')
    expect(await codeOf(await there.finish(state))).toBe('auth/login_replayed')
    move(here, there)
    expect(await usersOf(there)).toEqual({ acme: 'ada' })
    await there.submit('/auth/logout')
    expect(await usersOf(here)).toEqual({})
  })

  it('of two versions share nothing and break nothing', async () => {
    const older = Symbol.for('latchkey/1')
    const newer = Symbol.for('latchkey/3')
    const state = Object.freeze({ marks: 'of another shape' })
    const holder = globalThis as { [key: symbol]: unknown }
    holder[older] = state
    holder[newer] = state
    try {
      const [here, there] = await twoCopies()
      await here.signIn()
      move(here, there)
      await there.submit('/auth/logout')
      expect(await usersOf(here)).toEqual({})
      expect([holder[older], holder[newer]]).toEqual([state, state])
    } finally {
      delete holder[older]
      delete holder[newer]
    }
  })
})
