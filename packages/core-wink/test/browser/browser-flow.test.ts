import { describeWithBrowser, launchBrowser } from '@latchkey/tool-services'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { WinkSignInResult } from '../../src/browser/index.ts'
import { type RunningApp, startApp } from './running-app.ts'

describeWithBrowser("Wink's own SDK in Chromium", () => {
  let browser: Browser
  let app: RunningApp
  let context: BrowserContext
  let page: Page
  beforeAll(async () => {
    browser = await launchBrowser()
    app = await startApp()
  })
  afterAll(async () => {
    await browser.close()
    await app.close()
  })
  beforeEach(async () => {
    app.wink.clearFaults()
    app.wink.journal.clear()
    Object.assign(app.wink.switches, { authTime: 'zero', cancel: 'cancel-url', nonceInAccessToken: true })
    context = await browser.newContext()
    page = await context.newPage()
    await page.goto(app.url)
  })
  afterEach(() => context.close())

  const press = (where: Page | Frame, name: string): Promise<void> => where.click(`button${name}`)
  const person = (name: string): string => `[name=person][value=${name}]`
  const cancel = '[name=cancel]'
  const deny = '[name=deny]'

  const leave = async (): Promise<void> => {
    await page.evaluate(() => void window.wink.signIn())
    await page.waitForURL(`${app.wink.authUrl}/**`)
  }
  const resultOf = async (): Promise<WinkSignInResult | undefined> => {
    await page.waitForFunction(() => window.result !== undefined)
    return page.evaluate(() => window.result)
  }
  const signIn = async (name = 'ada'): Promise<WinkSignInResult | undefined> => {
    await leave()
    await press(page, person(name))
    return resultOf()
  }
  /** The identity at Wink that our back end knows of this browser. */
  const identity = async () => {
    const response = await context.request.get(`${app.url}/auth/session`)
    return ((await response.json()) as { identities: { wink?: Record<string, unknown> } }).identities.wink
  }
  const cookieNames = async (): Promise<string[]> => (await context.cookies(app.url)).map(({ name }) => name)
  const overlay = async (): Promise<Frame> => {
    await page.evaluate(() => {
      delete window.result
      void window.wink.signIn({ overlay: true }).then((result) => {
        window.result = result
      })
    })
    const handle = await page.waitForSelector('dialog.latchkey-wink iframe')
    const frame = await handle.contentFrame()
    if (frame === null) throw new Error('The overlay has no page')
    await frame.waitForSelector(`button${cancel}`)
    return frame
  }

  it.each([true, false])(
    'signs in by the callback page, with the nonce in the access token: %s',
    async (inAccessToken) => {
      app.wink.switches.nonceInAccessToken = inAccessToken
      expect(await signIn()).toEqual({ kind: 'signed-in' })
      expect(await identity()).toMatchObject({ subject: app.wink.people.ada.winkToken, name: 'Ada Lovelace' })
      expect(app.wink.journal.count('session')).toBe(1)
      expect(app.wink.journal.count('verify-client')).toBe(1)
      expect(await cookieNames()).not.toContain('wink_id_token')
      expect(new URL(page.url()).hash).toBe('')
    },
  )

  it('is one attempt however often the button is pressed', async () => {
    await page.evaluate(() => void Promise.all([window.wink.signIn(), window.wink.signIn(), window.wink.signIn()]))
    await press(page, person('ada'))
    expect(await resultOf()).toEqual({ kind: 'signed-in' })
    expect(app.wink.journal.count('session')).toBe(1)
  })

  it('asks for biometrics though Wink still knows the person', async () => {
    await signIn()
    await leave()
    expect(new URL(page.url()).searchParams.get('prompt')).toBe('login')
    await press(page, person('bob'))
    expect(await resultOf()).toEqual({ kind: 'signed-in' })
    expect(await identity()).toMatchObject({ subject: app.wink.people.bob.winkToken })
  })

  it('signs in by the overlay, though the page is never left', async () => {
    const frame = await overlay()
    await press(frame, person('ada'))
    expect(await resultOf()).toEqual({ kind: 'signed-in' })
    expect(page.url()).toBe(`${app.url}/`)
    expect(await page.$('dialog')).toBeNull()
    expect(await identity()).toMatchObject({ subject: app.wink.people.ada.winkToken })
  })

  it('lets Wink alone use the camera in the overlay, and not take the page away', async () => {
    await overlay()
    const frame = await page.$eval('dialog iframe', (element) => ({
      allow: element.getAttribute('allow'),
      sandbox: element.getAttribute('sandbox'),
    }))
    expect(frame.allow).toContain(`camera ${app.wink.authUrl};`)
    expect(frame.allow).not.toContain('*')
    expect(frame.sandbox).not.toContain('top-navigation')
  })

  it.each(['cancel', 'deny', 'escape', 'close'])('tells that the person gave up in the overlay: %s', async (way) => {
    const frame = await overlay()
    if (way === 'escape') await page.keyboard.press('Escape')
    else if (way === 'close') await page.click('dialog button')
    else await press(frame, way === 'cancel' ? cancel : deny)
    expect(await resultOf()).toEqual({ kind: 'cancelled' })
    expect(await page.$('dialog')).toBeNull()
    expect(await identity()).toBeUndefined()
  })

  it('prolongs by silent SSO, and moves no proof', async () => {
    await signIn()
    const before = await identity()
    app.wink.clock.advance(200)
    await page.goto(app.url)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    expect((await identity())?.['authenticatedAt']).toBe(before?.['authenticatedAt'])
    expect(await cookieNames()).not.toContain('wink_id_token')
    expect(app.wink.journal.count('verify-client')).toBe(2)
  })

  it('prolongs by refreshed tokens, which were of no use before', async () => {
    await signIn()
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    expect(app.wink.journal.count('token')).toBe(3)
  })

  it('signs nobody in by silent SSO', async () => {
    await signIn()
    await context.clearCookies({ name: '__Host-latchkey' })
    await page.goto(app.url)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
    expect(await identity()).toBeUndefined()
    expect(app.events.at(-1)?.['code' as never]).toMatch(/^wink\/nonce_m/)
  })

  it('prolongs nothing when Wink knows nobody', async () => {
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
    expect(app.wink.journal.count('verify-client')).toBe(0)
  })

  it('signs out of our session, then of Wink, and deletes nothing of the app', async () => {
    await signIn()
    await page.evaluate(() => {
      localStorage.setItem('my_session_preference', 'kept')
      document.cookie = 'app_token=kept; path=/'
      document.cookie = 'wink_id_token=left; path=/'
    })
    await page.evaluate(() => void window.wink.signOut('/'))
    await page.waitForURL(`${app.url}/`)
    expect(await identity()).toBeUndefined()
    expect(await page.evaluate(() => localStorage.getItem('my_session_preference'))).toBe('kept')
    expect(await cookieNames()).toContain('app_token')
    expect(await cookieNames()).not.toContain('wink_id_token')
    expect(app.wink.journal.count('logout')).toBe(1)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
  })

  it('signs out of Wink also where our session had ended before', async () => {
    await signIn()
    await context.clearCookies({ name: '__Host-latchkey' })
    await page.evaluate(() => void window.wink.signOut('/'))
    await page.waitForURL(`${app.url}/`)
    expect(app.wink.journal.count('logout')).toBe(1)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(false)
  })

  it('tells that the person gave up, by the cancel URL and by access_denied', async () => {
    await leave()
    await press(page, cancel)
    await page.waitForURL(`${app.url}/`)
    app.wink.switches.cancel = 'access-denied'
    await leave()
    await press(page, cancel)
    expect(await resultOf()).toEqual({ kind: 'cancelled' })
    await leave()
    await press(page, deny)
    expect(await resultOf()).toEqual({ kind: 'cancelled' })
    expect(new URL(page.url()).hash).toBe('')
    expect(await identity()).toBeUndefined()
  })

  it.each([
    ['authentication-expired', 'authentication_expired'],
    ['login-session-state', 'login_session_state'],
  ] as const)('does not begin again by itself after %s', async (interruption, reason) => {
    app.wink.interruptCapture(interruption)
    expect(await signIn()).toEqual({ kind: 'interrupted', reason })
    expect(app.wink.journal.count('authorize')).toBe(1)
    expect(await signIn()).toEqual({ kind: 'signed-in' })
  })

  it('tells that a code came too late', async () => {
    app.wink.expireCode()
    expect(await signIn()).toEqual({ kind: 'interrupted', reason: 'exchange_failed' })
    expect(await identity()).toBeUndefined()
  })

  it('is told why when Wink cannot be reached for a session', async () => {
    app.wink.fail('session', { status: 500 })
    expect(await page.evaluate(() => window.wink.signIn())).toEqual({
      kind: 'refused',
      code: 'wink/session_unavailable',
    })
    expect(page.url()).toBe(`${app.url}/`)
  })

  it('is refused with another nonce in the tokens', async () => {
    app.wink.mutateAccessToken('wrong-nonce')
    app.wink.mutateIdToken('wrong-nonce')
    expect(await signIn()).toEqual({ kind: 'refused', code: 'wink/nonce_mismatch' })
    expect(await identity()).toBeUndefined()
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

  it('takes no tokens that the page around a frame would hand to others', async () => {
    const other = await context.newPage()
    await other.route('http://evil.localhost/**', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe name="wink-login-popup" src="${app.url}/wink/callback">`,
      }),
    )
    await other.goto('http://evil.localhost/')
    expect(other.frames()[1]?.url()).toMatch(/^chrome-error:/)
    for (const path of ['/auth/wink/silent-check-sso.html', '/']) {
      const response = await context.request.get(app.url + path)
      expect(response.headers()['content-security-policy']).toMatch(
        path === '/' ? /frame-ancestors 'none'/ : /frame-ancestors 'self'/,
      )
    }
  })
})
