import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../src/index.ts'
import { type App, createApp, exampleSecret } from './app.ts'
import type { Browser } from './browser.ts'
import { createRefreshingVendor, lifetimeSeconds } from './refreshing-vendor.ts'
import { at } from './strategies.ts'

type Secrets = readonly [string, ...string[]]

/** How the lists of two processes differ while a secret is replaced. */
const lists: Readonly<Record<string, (older: string, newer: string) => readonly [here: Secrets, there: Secrets]>> = {
  'in another order': (older, newer) => [
    [older, newer],
    [newer, older],
  ],
  'with one more': (older, newer) => [[older], [older, newer]],
  'with one less': (older, newer) => [[newer], [newer, older]],
}

async function subjectAt({ auth }: App, browser: Browser): Promise<string | undefined> {
  return (await auth.getSession(browser.request())).session?.user.subject
}

describe.each(Object.entries(lists))('two processes that list the secrets %s', (_what, listsOf) => {
  it.each(['cookie', 'store'] as const)(
    'refresh tokens that are due at both once, with the session in a %s, and the user stays signed in',
    async (strategy) => {
      const clock = { now: 1_800_000_000 }
      const vendor = createRefreshingVendor()
      const time = { clock: () => clock.now }
      const common = { store: createMemoryStore(time), session: { strategy }, providers: [vendor.provider], ...time }
      const [here, there] = listsOf(exampleSecret(), exampleSecret()).map((secret) =>
        createApp({ ...common, secret }),
      ) as [App, App]
      const browser = here.browser()
      await browser.signIn({ tokens: vendor.issue(clock.now) })
      clock.now += lifetimeSeconds
      const subjects = await Promise.all([here, there].map((app) => subjectAt(app, at(app, browser))))
      expect([subjects, vendor.calls()]).toEqual([['ada', 'ada'], 1])
      expect([await subjectAt(there, at(there, browser)), vendor.calls()]).toEqual(['ada', 1])
    },
  )
})
