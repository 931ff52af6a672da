import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ChromiumVisitor, openChromiumVisitor } from './chromium-visitor.ts'
import { type RunningApp, startApp } from './running-app.ts'

describeWithBrowser('the server flow in Chromium', () => {
  let browser: Browser
  let app: RunningApp
  let visitor: ChromiumVisitor
  let page: Page
  beforeAll(async () => {
    app = await startApp('localhost', { storeTokens: true })
  })
  afterAll(() => app.close())
  shareBrowser((shared) => {
    browser = shared
  })
  beforeEach(async () => {
    app.wink.clearFaults()
    app.wink.journal.clear()
    app.wink.switches.cancel = 'cancel-url'
    visitor = await openChromiumVisitor(browser, app)
    page = visitor.page
  })
  afterEach(() => visitor.context.close())

  const leave = async (): Promise<void> => {
    await page.goto(`${app.url}/error`)
    await page.click('#server-flow')
    await page.waitForURL(`${app.wink.authUrl}/**`)
  }

  it('shows no token to the browser: in no URL, page, storage or cookie that a script can read', async () => {
    const seen: string[] = []
    page.on('request', (request) =>
      seen.push(request.url(), JSON.stringify(request.postData()), request.headers()['referer'] ?? ''),
    )
    page.on('framenavigated', (frame) => seen.push(frame.url()))
    const bodies: Promise<string>[] = []
    page.on('response', (response) => {
      if (response.status() < 300) bodies.push(response.text().catch(() => ''))
    })
    await leave()
    expect(await page.evaluate(() => [...document.scripts].length)).toBe(0)
    await visitor.press({ user: 'ada' })
    await page.waitForURL(`${app.url}/`)
    expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken })

    const inPage = await page.evaluate(() => [
      location.href,
      document.referrer,
      document.cookie,
      document.documentElement.outerHTML,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(performance.getEntries().map(({ name }) => name)),
      JSON.stringify(history.state),
    ])
    expect(await page.evaluate(() => document.cookie)).toBe('')
    const everything = [...seen, ...inPage, ...(await Promise.all(bodies))].join('\n')
    // Three parts in base64url, the first a JSON object: what every token of Wink looks like.
    const jwt = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/
    expect(everything.replaceAll(/name="req" value="[^"]*"/g, '').replaceAll(/req=[^"&]*/g, '')).not.toMatch(jwt)
    expect(app.wink.journal.count('token')).toBe(1)
    for (const cookie of await visitor.context.cookies(app.url)) {
      if (!cookie.name.startsWith('latchkey-emulator')) expect(cookie).toMatchObject({ httpOnly: true, secure: true })
    }
  })

  it('comes back to our cancel route, and by access_denied, with no login left over', async () => {
    for (const cancel of ['cancel-url', 'access-denied'] as const) {
      app.wink.switches.cancel = cancel
      await leave()
      await visitor.press('cancel')
      await page.waitForURL(`${app.url}/error?**`)
      expect(new URL(page.url()).searchParams.get('code')).toBe('wink/cancelled')
      expect((await visitor.cookieNames()).filter((name) => name.startsWith('__Host-latchkey'))).toEqual([])
    }
  })

  it('begins again once when Wink took too long, then explains', async () => {
    app.wink.interruptCapture('authentication-expired', { times: 2 })
    await leave()
    await visitor.press({ user: 'ada' })
    await page.waitForURL(`${app.wink.authUrl}/**/auth?**`)
    await visitor.press({ user: 'ada' })
    await page.waitForURL(`${app.url}/error?**`)
    expect(new URL(page.url()).searchParams.get('code')).toBe('wink/authentication_expired')
    expect(app.wink.journal.count('session')).toBe(2)
  })

  it('refreshes kept tokens when they are due, and ends Wink from the back end at sign-out', async () => {
    await leave()
    await visitor.press({ user: 'ada' })
    await page.waitForURL(`${app.url}/`)
    app.wink.clock.advance(250)
    expect(await visitor.ask('/api/payroll')).toEqual({ status: 200 })
    expect(app.wink.journal.count('token')).toBe(2)
    const signedOut = await page.evaluate(async () => (await fetch('/auth/logout', { method: 'POST' })).json())
    expect(signedOut).toEqual({})
    expect(app.wink.journal.count('logout')).toBe(1)
    expect(await visitor.identity()).toBeUndefined()
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
  })
})
