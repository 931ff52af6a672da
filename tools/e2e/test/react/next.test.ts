import { describeWithBrowser, launchBrowser } from '@latchkey/tool-test-support'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, startApp } from './app.ts'
import { describeSessions } from './describe-sessions.ts'
import { nextHost } from './next-host.ts'
import type { Browser } from './tab.ts'

describeSessions('a page of Next 16, whose first state the server has rendered', {
  react: '19',
  isRendered: true,
  open: async () => ({ host: nextHost, close() {} }),
})

describeWithBrowser('without JavaScript', () => {
  let browser: Browser
  let app: App
  beforeAll(async () => {
    browser = await launchBrowser()
    app = await startApp(nextHost)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  it('the page shows the first state, and its link and its form sign in and out', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const state = page.locator('output')
    const answer = await page.goto(`${app.origin}/session`)
    expect([await state.textContent(), answer?.headers()['cache-control']]).toEqual([
      'signed-out nobody',
      expect.stringMatching(/private.*no-store/),
    ])
    const signedIn = page.waitForResponse((response) => response.url() === `${app.origin}/session`)
    await page.getByText('Sign in', { exact: true }).click()
    expect((await signedIn).headers()['cache-control']).toMatch(/private.*no-store/)
    await state.filter({ hasText: 'signed-in Ada' }).waitFor()
    await page.getByText('Sign out', { exact: true }).click()
    await state.filter({ hasText: 'signed-out nobody' }).waitFor()
    await context.close()
  })
})
