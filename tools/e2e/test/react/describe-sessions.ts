import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type App, idleSeconds, type PageHost, startApp } from './app.ts'
import { type Browser, closeTabs, hasAsked, openTab, signIn, type Tab } from './tab.ts'

/** How a page is made, and what of it differs. */
export interface SessionPage {
  readonly react: string
  /** Whether the server renders the first state. */
  readonly isRendered: boolean
  /** Builds the page. */
  open(): Promise<{ readonly host: PageHost; close(): void }>
}

/** What a page with `@latchkey/react` does in Chromium, however it is made. */
export function describeSessions(title: string, { react, isRendered, open }: SessionPage): void {
  describeWithBrowser(title, () => {
    let browser: Browser
    let context: Awaited<ReturnType<Browser['newContext']>>
    let built: Awaited<ReturnType<typeof open>>
    let app: App
    beforeAll(async () => {
      built = await open()
    })
    beforeEach(async () => {
      app = await startApp(built.host)
      context = await browser.newContext()
    })
    afterEach(async () => {
      await closeTabs(context)
      await app.close()
    })
    afterAll(() => built?.close())
    shareBrowser((shared) => {
      browser = shared
    })

    const first = isRendered ? [] : ['loading nobody']

    it('shows who is signed in, and what the app adds, from the first paint that can know it', async () => {
      const tab = await openTab(context, app)
      await tab.shows('signed-out nobody')
      expect(await tab.shown()).toEqual([...first, 'signed-out nobody'])
      await signIn(tab)
      expect(await tab.shown()).toEqual([...first, 'signed-in Ada'])
      await tab.page.locator('p', { hasText: new RegExp(`^React ${react}.*, {"initial":"A"}$`) }).waitFor()
      // By way of the vendor, whose sign-on ends too.
      const back = tab.page.waitForResponse((response) => response.url() === `${app.origin}/session`)
      await tab.click('Sign out')
      await back
      await tab.shows('signed-out nobody')
      expect(await tab.shown()).toEqual([...first, 'signed-out nobody'])
      expect(tab.complaints).toEqual([])
    })

    it('holds no token, anywhere that a script can look', async () => {
      const tab = await openTab(context, app)
      await signIn(tab)
      const found = await tab.page.evaluate(() =>
        JSON.stringify([
          document.documentElement.outerHTML,
          { ...localStorage },
          { ...sessionStorage },
          document.cookie,
        ]),
      )
      expect(found).toContain('signed-in Ada')
      expect(found).not.toMatch(/example-canary|__Host-/)
    })

    it('keeps the last known session while the back end fails, and says so', async () => {
      const tab = await openTab(context, app)
      await signIn(tab)
      app.fail(true)
      await tab.click('Ask again')
      await tab.shows('error Ada')
      app.fail(false)
      await tab.click('Ask again')
      await tab.shows('signed-in Ada')
    })

    it('asks again when it gets the focus', async () => {
      const tab = await openTab(context, app)
      await tab.shows('signed-out nobody')
      await hasAsked(tab, 1)
      const before = tab.asked()
      await tab.page.evaluate(() => void window.dispatchEvent(new Event('focus')))
      await hasAsked(tab, before + 1)
    })

    it('signs out in one tab, which the other shows by the event alone', async () => {
      const [one, other] = await twoTabs()
      await other.page.evaluate(() => Object.assign(window, { isSamePage: true }))
      await one.click('Sign out')
      await other.shows('signed-out nobody')
      expect(await other.page.evaluate(() => 'isSamePage' in window)).toBe(true)
      await one.shows('signed-out nobody')
    })

    it('shows another user as soon as another tab has signed one in', async () => {
      const [one, other] = await twoTabs()
      app.vendor.user = 'Bob'
      await signIn(one, 'Bob')
      await other.shows('signed-in Bob')
    })

    it('believes no message: a forged one has it ask, and changes nothing', async () => {
      const [tab] = await twoTabs()
      const [shown, asked] = [await tab.shown(), tab.asked()]
      const forger = await context.newPage()
      await forger.goto(`${app.origin}/auth/session`)
      await forger.evaluate(() => {
        const channel = new BroadcastChannel('latchkey /auth')
        const eve = { provider: 'acme', subject: 'eve', name: 'Eve' }
        for (const said of ['signed-out', null, { signedIn: false, identities: {} }, { signedIn: true, user: eve }]) {
          channel.postMessage(said)
        }
      })
      await hasAsked(tab, asked + 1)
      await tab.click('Ask again')
      await hasAsked(tab, asked + 2)
      expect(await tab.shown()).toEqual(shown)
    })

    it('shows the end of the session without a reload', async () => {
      const tab = await openTab(context, app, app)
      await signIn(tab)
      await tab.pass(idleSeconds - 31)
      expect((await tab.shown()).at(-1)).toBe('signed-in Ada')
      await tab.pass(40)
      await tab.shows('signed-out nobody')
      expect(await tab.shown()).toEqual([...first, 'signed-in Ada', 'signed-out nobody'])
    })

    it('is not kept alive by a page that asks every half minute for an hour', async () => {
      const tab = await openTab(context, app, app)
      await signIn(tab)
      const before = tab.asked()
      for (let asked = 1; asked <= 120; asked++) {
        await tab.pass(30)
        const count = tab.asked()
        await tab.click('Ask again')
        await hasAsked(tab, count + 1)
        // Ten minutes after the sign-in, and not later.
        if (asked === idleSeconds / 30 - 1) expect((await tab.shown()).at(-1)).toBe('signed-in Ada')
        if (asked === idleSeconds / 30 + 1) await tab.shows('signed-out nobody')
      }
      expect(tab.asked() - before).toBeGreaterThanOrEqual(120)
      expect((await tab.shown()).at(-1)).toBe('signed-out nobody')
    })

    async function twoTabs(): Promise<readonly [Tab, Tab]> {
      const one = await openTab(context, app)
      await signIn(one)
      const other = await openTab(context, app)
      await other.shows('signed-in Ada')
      return [one, other]
    }
  })
}
