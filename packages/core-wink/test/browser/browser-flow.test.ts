import { describeWithBrowser, listen } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ChromiumVisitor, openChromiumVisitor } from './chromium-visitor.ts'
import { type RunningApp, startApp } from './running-app.ts'

describeWithBrowser("Wink's own SDK in Chromium", () => {
  let browser: Browser
  let app: RunningApp
  let visitor: ChromiumVisitor
  let page: Page
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.close())
  shareBrowser((shared) => {
    browser = shared
  })
  beforeEach(async () => {
    app.wink.clearFaults()
    app.wink.journal.clear()
    Object.assign(app.wink.switches, { cancel: 'cancel-url', nonceInAccessToken: true })
    visitor = await openChromiumVisitor(browser, app)
    page = visitor.page
  })
  afterEach(() => visitor.context.close())

  it.each([true, false])(
    'signs in by the callback page, with the nonce in the access token: %s',
    async (inAccessToken) => {
      app.wink.switches.nonceInAccessToken = inAccessToken
      expect(await visitor.signIn()).toEqual({ kind: 'signed-in' })
      expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken, name: 'Ada Lovelace' })
      expect(app.wink.journal.count('session')).toBe(1)
      expect(app.wink.journal.count('verify-client')).toBe(1)
      expect(await visitor.cookieNames()).not.toContain('wink_id_token')
      expect(new URL(page.url()).hash).toBe('')
    },
  )

  it('is one attempt however often the button is pressed', async () => {
    await page.evaluate(() => void Promise.all([window.wink.signIn(), window.wink.signIn(), window.wink.signIn()]))
    await visitor.press({ user: 'ada' })
    expect(await visitor.result()).toEqual({ kind: 'signed-in' })
    expect(app.wink.journal.count('session')).toBe(1)
  })

  it('asks for biometrics though Wink still knows the user', async () => {
    await visitor.signIn()
    await visitor.leave()
    expect(new URL(page.url()).searchParams.get('prompt')).toBe('login')
    await visitor.press({ user: 'bob' })
    expect(await visitor.result()).toEqual({ kind: 'signed-in' })
    expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.bob.winkToken })
  })

  it('signs in by the overlay, and the page is never left', async () => {
    const frame = await visitor.openOverlay()
    await visitor.press({ user: 'ada' }, frame)
    expect(await visitor.result()).toEqual({ kind: 'signed-in' })
    expect(page.url()).toBe(`${app.url}/`)
    expect(await page.$('dialog')).toBeNull()
    expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken })
  })

  it('lets Wink alone use the camera in the overlay, and not take the page away', async () => {
    await visitor.openOverlay()
    const frame = await page.$eval('dialog iframe', (element) => ({
      allow: element.getAttribute('allow'),
      sandbox: element.getAttribute('sandbox'),
    }))
    for (const name of ['camera', 'microphone', 'publickey-credentials-get']) {
      expect(frame.allow?.split('; ')).toContain(`${name} ${app.wink.authUrl}`)
    }
    expect(frame.allow).not.toContain('*')
    expect(frame.sandbox).not.toContain('top-navigation')
  })

  it('shows the whole width of its frame on a narrow screen, whatever padding the app gives it', async () => {
    await page.setViewportSize({ width: 390, height: 700 })
    await visitor.openOverlay()
    const { inner, scroll, frame } = await page.$eval('dialog', (dialog) => {
      Object.assign(dialog.style, { boxSizing: 'border-box', padding: '24px' })
      return {
        inner: dialog.clientWidth,
        scroll: dialog.scrollWidth,
        frame: dialog.querySelector('iframe')?.clientWidth ?? 0,
      }
    })
    expect(scroll).toBe(inner)
    expect(frame).toBe(inner - 2 * 24)
  })

  it.each(['cancel', 'deny', 'escape', 'close'] as const)(
    'tells that the user gave up in the overlay: %s',
    async (way) => {
      const frame = await visitor.openOverlay()
      if (way === 'escape') await page.keyboard.press('Escape')
      else if (way === 'close') await page.click('dialog button')
      else await visitor.press(way, frame)
      expect(await visitor.result()).toEqual({ kind: 'cancelled' })
      expect(await page.$('dialog')).toBeNull()
      expect(await visitor.identity()).toBeUndefined()
    },
  )

  it('prolongs by silent SSO, and moves no proof', async () => {
    await visitor.signIn()
    const before = await visitor.identity()
    app.wink.clock.advance(200)
    await page.goto(app.url)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    expect((await visitor.identity())?.['authenticatedAt']).toBe(before?.['authenticatedAt'])
    expect(await visitor.cookieNames()).not.toContain('wink_id_token')
    expect(app.wink.journal.count('verify-client')).toBe(2)
  })

  it('prolongs by refreshed tokens', async () => {
    await visitor.signIn()
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    expect(app.wink.journal.count('token')).toBe(3)
  })

  it('signs nobody in by silent SSO', async () => {
    await visitor.signIn()
    await visitor.context.clearCookies({ name: '__Host-latchkey' })
    await page.goto(app.url)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
    expect(await visitor.identity()).toBeUndefined()
    expect(app.events.at(-1)).toMatchObject({ code: 'wink/nonce_missing' })
  })

  it('prolongs nothing when Wink knows nobody', async () => {
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
    expect(app.wink.journal.count('verify-client')).toBe(0)
  })

  it('signs out of our session, then of Wink, and deletes nothing of the app', async () => {
    await visitor.signIn()
    await page.evaluate(() => {
      localStorage.setItem('my_session_preference', 'kept')
      document.cookie = 'app_token=kept; path=/'
      document.cookie = 'wink_id_token=left; path=/'
      void window.wink.signOut('/')
    })
    await page.waitForURL(`${app.url}/`)
    expect(await visitor.identity()).toBeUndefined()
    expect(await page.evaluate(() => localStorage.getItem('my_session_preference'))).toBe('kept')
    expect(await visitor.cookieNames()).toContain('app_token')
    expect(await visitor.cookieNames()).not.toContain('wink_id_token')
    expect(app.wink.journal.count('logout')).toBe(1)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
  })

  it('signs out of Wink also where our session had ended before', async () => {
    await visitor.signIn()
    await visitor.context.clearCookies({ name: '__Host-latchkey' })
    await page.evaluate(() => void window.wink.signOut('/'))
    await page.waitForURL(`${app.url}/`)
    expect(app.wink.journal.count('logout')).toBe(1)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
  })

  it('tells that the user gave up, by the cancel URL and by access_denied', async () => {
    await visitor.leave()
    await visitor.press('cancel')
    await page.waitForURL(`${app.url}/`)
    app.wink.switches.cancel = 'access-denied'
    for (const button of ['cancel', 'deny'] as const) {
      await visitor.leave()
      await visitor.press(button)
      expect(await visitor.result()).toEqual({ kind: 'cancelled' })
      expect(new URL(page.url()).hash).toBe('')
    }
    expect(await visitor.identity()).toBeUndefined()
  })

  it.each([
    ['authentication-expired', 'authentication_expired'],
    ['login-session-state', 'login_session_state'],
  ] as const)('does not begin again by itself after %s', async (interruption, reason) => {
    app.wink.interruptCapture(interruption)
    expect(await visitor.signIn()).toEqual({ kind: 'interrupted', reason })
    expect(app.wink.journal.count('authorize')).toBe(1)
    expect(await visitor.signIn()).toEqual({ kind: 'signed-in' })
  })

  it('tells that the Wink session expired on the way, and mints a new one for the next attempt', async () => {
    await page.route('**/auth/wink/session', async (route) => {
      const response = await route.fetch()
      app.wink.clock.advance(301)
      await route.fulfill({ response })
    })
    await page.evaluate(() => void window.wink.signIn())
    expect(await visitor.result()).toEqual({ kind: 'interrupted', reason: 'invalid_request' })
    await page.unroute('**/auth/wink/session')
    expect(await visitor.signIn()).toEqual({ kind: 'signed-in' })
    expect(app.wink.journal.count('session')).toBe(2)
  })

  it('tells that a code came too late', async () => {
    app.wink.expireCode()
    expect(await visitor.signIn()).toEqual({ kind: 'interrupted', reason: 'exchange_failed' })
    expect(await visitor.identity()).toBeUndefined()
  })

  it('is told why when Wink gives no session', async () => {
    app.wink.fail('session', { status: 500 })
    const result = await page.evaluate(() => window.wink.signIn())
    expect(result).toEqual({ kind: 'refused', code: 'wink/session_unavailable' })
    expect(page.url()).toBe(`${app.url}/`)
  })

  it('is refused with another nonce in the tokens', async () => {
    app.wink.mutateAccessToken('wrong-nonce')
    app.wink.mutateIdToken('wrong-nonce')
    expect(await visitor.signIn()).toEqual({ kind: 'refused', code: 'wink/nonce_mismatch' })
    expect(await visitor.identity()).toBeUndefined()
    expect(app.wink.journal.count('verify-client')).toBe(0)
  })

  it('finds out when the app has initialised the SDK itself', async () => {
    const message = await page.evaluate(async () => {
      await window.sdk.winkInit()
      return window.wink.signIn().then(String, String)
    })
    expect(message).toContain('leave winkInit of this client to createWinkBrowser')
    expect(page.url()).toBe(`${app.url}/`)
  })

  it("runs its pages in no frame of another site's, whatever the frame is called", async () => {
    const evil = await listen(({ url = '/' }, response) =>
      response
        .setHeader('content-type', 'text/html')
        .end(`<!doctype html><iframe name="wink-login-popup" src="${app.url}${url}"></iframe>`),
    )
    // The page has loaded before its frame is refused, so the frame's address is awaited.
    const frameOf = async (path: string): Promise<string> => {
      await page.goto(evil.origin + path)
      await expect.poll(() => page.frames()[1]?.url() ?? '').not.toBe('')
      return page.frames()[1]?.url() ?? ''
    }
    for (const path of ['/wink/callback', '/auth/wink/silent-check-sso.html', '/']) {
      expect(await frameOf(path)).toMatch(/^chrome-error:/)
    }
    // So that the above means something: a page that says nothing about frames loads.
    expect(await frameOf('/page.js')).toBe(`${app.url}/page.js`)
    await evil.close()
  })
})
