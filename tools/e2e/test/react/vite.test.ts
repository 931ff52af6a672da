import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './app.ts'
import { describeSessions } from './describe-sessions.ts'
import { type Browser, hasAsked, openTab, signIn } from './tab.ts'
import { buildVitePage, type VitePage, viteHost } from './vite-host.ts'

describe.each([18, 19] as const)('React %i', (react) => {
  describeSessions('a page that Vite has built', {
    react: String(react),
    isRendered: false,
    async open() {
      const page = await buildVitePage(react)
      return { host: viteHost(page), close: page.remove }
    },
  })

  describeWithBrowser('the provider', () => {
    let browser: Browser
    let built: VitePage
    let app: App
    beforeAll(async () => {
      built = await buildVitePage(react)
      app = await startApp(viteHost(built))
    })
    afterAll(async () => {
      await app?.close()
      built?.remove()
    })
    shareBrowser((shared) => {
      browser = shared
    })

    it('may be taken away while it asks, and be brought back', async () => {
      const tab = await openTab(await browser.newContext(), app)
      await signIn(tab)
      const { page } = tab
      await page.route('**/auth/session', () => new Promise(() => {}))
      const before = tab.asked()
      await tab.click('Ask again')
      await hasAsked(tab, before + 1)
      const aborted = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/auth/session'))
      await tab.click('Take away or bring back')
      await aborted
      await page.evaluate(() => void window.dispatchEvent(new Event('focus')))
      expect(tab.asked()).toBe(before + 1)
      await page.unroute('**/auth/session')
      await tab.click('Take away or bring back')
      await tab.shows('signed-in Ada')
      expect(tab.complaints).toEqual([])
      await page.context().close()
    })
  })
})
