import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../src/model/time.ts'
import { maxMarks } from '../src/vault/marks.ts'
import { openVault } from '../src/vault/vault.ts'
import { codeOf, createApp, exampleSecret, usersOf } from './app.ts'
import { Browser } from './browser.ts'

afterEach(() => void vi.useRealTimers())

describe('a login that was redeemed', () => {
  it('stays redeemed after more logins than a process remembers, and a login that begins then is good', async () => {
    // What copies in one process share goes by the time of the system: that stands still here.
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    const secret = exampleSecret()
    const { auth } = createApp({ secret, clock: undefined })
    const browser = new Browser(auth, systemClock)
    const state = await browser.begin()
    const thief = browser.copy()
    expect((await browser.finish(state)).status).toBe(303)

    const others = openVault({ secrets: [secret], store: undefined, clock: systemClock })
    for (let index = 0; index <= maxMarks; index++) await others.markUsed('transaction', `of another ${index}`, 600)
    vi.advanceTimersByTime(31_000)

    expect(await codeOf(await thief.finish(state))).toBe('auth/login_replayed')
    const fresh = new Browser(auth, systemClock)
    expect((await fresh.signIn()).status).toBe(303)
    expect(await usersOf(fresh)).toEqual({ acme: 'ada' })
  })

  it('is refused for no flood of another kind', async () => {
    const secret = exampleSecret()
    const vault = openVault({ secrets: [secret], store: undefined, clock: systemClock })
    for (let index = 0; index <= maxMarks; index++) await vault.markUsed('provider wink', `token ${index}`, 3600)
    expect(await vault.markUsed('provider wink', 'token of now', 60)).toBe(false)
    expect(await vault.markUsed('transaction', 'of another', 600)).toBe(true)
  })
})
