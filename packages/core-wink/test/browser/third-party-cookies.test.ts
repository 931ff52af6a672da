import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ChromiumVisitor, openChromiumVisitor } from './chromium-visitor.ts'
import { type RunningApp, startApp } from './running-app.ts'

describeWithBrowser('where the browser keeps no third-party cookies', () => {
  let browser: Browser
  let app: RunningApp
  let visitor: ChromiumVisitor
  beforeAll(async () => {
    // Another site than the app's localhost: its cookies stay out of frames.
    app = await startApp('127.0.0.1')
  })
  afterAll(() => app.close())
  shareBrowser((shared) => {
    browser = shared
  })
  beforeEach(async () => {
    visitor = await openChromiumVisitor(browser, app)
  })
  afterEach(() => visitor.context.close())

  it('signs in by the callback page', async () => {
    expect(await visitor.signIn()).toEqual({ kind: 'signed-in' })
    expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken })
  })

  it('signs in by the overlay, which needs no silent SSO after it', async () => {
    const frame = await visitor.openOverlay()
    await visitor.press({ user: 'ada' }, frame)
    expect(await visitor.result()).toEqual({ kind: 'signed-in' })
    expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken })
  })

  it('knows nobody silently, and keeps the session that it has', async () => {
    await visitor.signIn()
    await visitor.page.goto(app.url)
    expect(await visitor.page.evaluate(() => window.wink.prolong())).toBe(false)
    expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken })
  })

  it("signs in where Wink's cookie page does not load, which would cost the SDK 10 seconds and the login", async () => {
    await visitor.context.route('**/3p-cookies/**', (route) => route.abort())
    expect(await visitor.signIn()).toEqual({ kind: 'signed-in' })
  })
})
