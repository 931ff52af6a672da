import { afterEach, describe, expect, it } from 'vitest'
import { type Identity, userKey } from '../src/index.ts'
import { createApp, summaryOf } from './app.ts'
import { strategies } from './strategies.ts'

const { Promise: native } = globalThis

// What async functions give is no instance of it.
class ReplacedPromise<Value> extends native<Value> {}

afterEach(() => {
  globalThis.Promise = native
})

describe.each(strategies)('an app with another class in the place of Promise, and its sessions in a %s', (strategy) => {
  it('signs in, reads the session, and finds it revoked', async () => {
    const { auth, ...app } = createApp({ session: { strategy } })
    globalThis.Promise = ReplacedPromise
    const browser = app.browser()
    await browser.signIn()
    expect((await summaryOf(browser)).signedIn).toBe(true)
    const { session } = await auth.requireSession(browser.request())
    await auth.revokeSessions(userKey(session.identities.acme as Identity))
    expect((await summaryOf(browser)).signedIn).toBe(false)
  })
})
