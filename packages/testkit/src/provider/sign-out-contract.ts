import { assertEqual } from '../assertion.ts'
import type { TestAnswer, TestBrowser } from '../browser/test-browser.ts'
import { expectNobody } from './expectations.ts'
import type { ProviderApp } from './provider-app.ts'
import type { ProviderTest } from './provider-test.ts'

/** The way out: the session ends whatever the vendor says. */
export const signOutContract: readonly ProviderTest[] = [
  {
    title: 'ends the session, and ends where it was asked to, by way of the vendor or not',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      await app.signIn(browser)
      const answer = await signOut(app, browser)
      await expectNobody(app, browser, 'after a sign-out')
      assertEqual(await endOf(app, browser, answer), '/bye', 'where a sign-out ends')
      assertEqual(failuresOf(app), [], 'what failed at the vendor')
    },
  },
  {
    title: 'ends the session where the vendor cannot be reached',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      await app.signIn(browser)
      app.break(() => {
        throw new TypeError('fetch failed')
      })
      const answer = await signOut(app, browser)
      await expectNobody(app, browser, 'after a sign-out that the vendor did not hear of')
      assertEqual(await endOf(app, browser, answer), '/bye', 'where a sign-out ends that the vendor did not hear of')
      assertEqual(
        failuresOf(app).includes(withoutCode),
        false,
        'whether the provider breaks where the vendor cannot be reached',
      )
    },
  },
  {
    title: 'needs no tokens',
    async run(start) {
      const app = await start()
      const browser = await app.browserWithoutTokens()
      assertEqual((await app.session(browser)) === null, false, 'whether nobody is signed in before')
      const answer = await signOut(app, browser)
      await expectNobody(app, browser, 'after a sign-out without tokens')
      assertEqual(await endOf(app, browser, answer), '/bye', 'where a sign-out without tokens ends')
      assertEqual(failuresOf(app).includes(withoutCode), false, 'whether the provider breaks where it has no tokens')
    },
  },
]

function signOut(app: ProviderApp, browser: TestBrowser): Promise<TestAnswer> {
  return browser.submit('/auth/logout', { return_url: '/bye' }, { from: app.browser().request('/').url })
}

/** Where the browser ends: the vendor's own page sends it back to where the sign-out goes on. */
async function endOf(app: ProviderApp, browser: TestBrowser, { location }: TestAnswer): Promise<string> {
  const own = new URL(app.browser().request('/').url).origin
  if (location === null || location.origin === own) return pathOf(location)
  assertEqual(
    location.protocol === 'https:' || /^(?:.*\.)?localhost$|^127\./.test(location.hostname),
    true,
    `whether a browser may be sent to ${location.origin}`,
  )
  return pathOf((await browser.open('/auth/logout/next', { from: location })).location)
}

function pathOf(location: URL | null): string {
  return location === null ? 'nowhere' : location.pathname + location.search
}

/** What core reports of a sign-out that threw what is no coded error, or took longer than it may. */
const withoutCode = 'no code'

function failuresOf(app: ProviderApp): readonly unknown[] {
  return app.events.flatMap((event) =>
    event.type === 'provider.sign_out_failed' ? [event['code'] ?? withoutCode] : [],
  )
}
