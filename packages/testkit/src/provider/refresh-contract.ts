import { assertEqual } from '../assertion.ts'
import type { TestBrowser } from '../browser/test-browser.ts'
import { codeOfRejection, expectNobody } from './expectations.ts'
import type { ProviderApp } from './provider-app.ts'
import type { ProviderTest } from './provider-test.ts'
import { failures } from './refusal-contract.ts'

/** Tokens that are kept, and what becomes of them when they are due. */
export const refreshContract: readonly ProviderTest[] = [
  {
    title: 'are kept for the app alone, or not at all',
    async run(start) {
      const { app, browser, isKept } = await signedIn(start)
      if (!isKept) {
        assertEqual(
          await codeOfRejection(app.accessToken(browser)),
          'auth/tokens_missing',
          'the code where the provider keeps no tokens',
        )
        return
      }
      const { accessToken } = await app.accessToken(browser)
      const shown = [JSON.stringify(await app.session(browser)), (await browser.fetch('/auth/session')).text]
      assertEqual(
        shown.map((text) => text.includes(accessToken)),
        [false, false],
        'whether the session shows an access token',
      )
    },
  },
  {
    title: 'are replaced when they are due, for the same user, and prove nothing new',
    async run(start) {
      const { app, browser, isKept, untilDue } = await signedIn(start)
      if (!isKept) return
      const before = await app.session(browser)
      const { accessToken } = await app.accessToken(browser)
      await app.vendor.planRefresh?.('refreshed')
      await untilDue()
      const after = await app.accessToken(browser)
      assertEqual(after.accessToken === accessToken, false, 'whether the access token is the one before')
      const user = (await app.session(browser))?.user
      assertEqual(
        [user?.subject, user?.issuer, user?.authenticatedAt, user?.authTimeSource],
        [before?.user.subject, before?.user.issuer, before?.user.authenticatedAt, before?.user.authTimeSource],
        'who the user is after a refresh, and when they authenticated',
      )
      assertEqual(typesOf(app, 'session.refreshed'), 1, 'the number of refreshes that are reported')
    },
  },
  {
    title: 'that cannot be refreshed for now sign nobody out, and are refreshed later',
    async run(start) {
      const { app, browser, isKept, untilDue } = await signedIn(start)
      if (!isKept) return
      await app.vendor.planRefresh?.('failed')
      await untilDue()
      assertEqual(
        await codeOfRejection(app.accessToken(browser)),
        'auth/tokens_unavailable',
        'the code for tokens that have expired and cannot be refreshed',
      )
      assertEqual((await app.session(browser)) === null, false, 'whether a failure signed the user out')
      assertEqual(typesOf(app, 'session.ended'), 0, 'the number of ends that are reported')
      await app.vendor.planRefresh?.('refreshed')
      app.pass(300)
      assertEqual(await codeOfRejection(app.accessToken(browser)), null, 'the code of a refresh that is made later')
    },
  },
  ...['cannot be reached', 'fails with 500', 'has too much to do'].map(
    (how): ProviderTest => ({
      title: `whose vendor ${how} sign nobody out`,
      async run(start) {
        const { app, browser, isKept, untilDue } = await signedIn(start)
        if (!isKept) return
        await untilDue()
        app.break(failures[how] ?? null)
        await codeOfRejection(app.accessToken(browser))
        assertEqual((await app.session(browser)) === null, false, `whether the user is signed out: the vendor ${how}`)
        assertEqual(typesOf(app, 'session.ended'), 0, 'the number of ends that are reported')
      },
    }),
  ),
  {
    title: 'that the vendor has ended end the identity, with a reason',
    async run(start) {
      const { app, browser, isKept, untilDue } = await signedIn(start)
      if (!isKept) return
      await app.vendor.planRefresh?.('ended')
      await untilDue()
      assertEqual(
        await codeOfRejection(app.accessToken(browser)),
        'auth/session_required',
        'the code where the vendor has ended the sign-in',
      )
      await expectNobody(app, browser, 'whose sign-in the vendor has ended')
      const ended = app.events.find(({ type }) => type === 'session.ended') as { readonly reason?: string } | undefined
      assertEqual(/^[a-z0-9_]+$/.test(ended?.reason ?? ''), true, `whether a word says why it ended: ${ended?.reason}`)
    },
  },
]

function typesOf(app: ProviderApp, type: string): number {
  return app.events.filter((event) => event.type === type).length
}

async function signedIn(start: () => Promise<ProviderApp>): Promise<{
  readonly app: ProviderApp
  readonly browser: TestBrowser
  readonly isKept: boolean
  /** Lets the time pass at which the access token is over, and so due. */
  untilDue(): Promise<void>
}> {
  const app = await start()
  const browser = app.browser()
  await app.signIn(browser)
  return {
    app,
    browser,
    isKept: app.vendor.planRefresh !== undefined,
    async untilDue() {
      const { expiresAt = app.now() } = await app.accessToken(browser)
      app.pass(expiresAt - app.now() + 1)
    },
  }
}
