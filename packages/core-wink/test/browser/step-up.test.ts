import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ChromiumVisitor, openChromiumVisitor } from './chromium-visitor.ts'
import { type RunningApp, startApp } from './running-app.ts'

describeWithBrowser('step-up in Chromium, from a provider that is not Wink', () => {
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
    app.wink.switches.authTime = 'zero'
    visitor = await openChromiumVisitor(browser, app)
    page = visitor.page
  })
  afterEach(() => visitor.context.close())

  const beginSession = (user: string) => page.goto(`${app.url}/auth/first/login?user=${user}`)
  /** By a page of ours: a login that is typed in would have to be confirmed in somebody's session. */
  const beginByLink = async (): Promise<void> => {
    await page.goto(app.url)
    await Promise.all([
      page.waitForURL((url) => url.origin !== new URL(app.url).origin),
      page.evaluate(() => location.assign('/auth/wink/login')),
    ])
  }
  const open = { status: 200 }
  const shut = { status: 403, code: 'auth/step_up_required' }

  const flows = {
    server: async (user: string): Promise<void> => {
      await beginByLink()
      await visitor.press({ user })
      await page.waitForURL(`${app.url}/**`)
    },
    browser: async (user: string): Promise<void> => {
      await page.goto(app.url)
      await visitor.signIn(user)
    },
  }

  it.each(['server', 'browser'] as const)('opens payroll for 5 minutes, by the %s flow', async (flow) => {
    await beginSession(`one-of-${flow}`)
    expect(await visitor.ask('/api/payroll')).toEqual(shut)
    await flows[flow]('ada')
    expect(await visitor.ask('/api/payroll')).toEqual(open)
    app.wink.clock.advance(301)
    expect(await visitor.ask('/api/payroll')).toEqual(shut)
  })

  it.each(['server', 'browser'] as const)(
    "stays shut for another user's biometrics on an open session, by the %s flow",
    async (flow) => {
      const user = `other-of-${flow}`
      await beginSession(user)
      await flows[flow]('ada')
      app.wink.clock.advance(301)
      await flows[flow]('mallory')
      expect(app.events.at(-1)).toMatchObject({ code: 'auth/sign_in_refused' })
      expect(await visitor.ask('/api/payroll')).toEqual(shut)
      expect(await visitor.identity()).toMatchObject({ subject: app.wink.users.ada.winkToken })
    },
  )

  it('is not reached by silent SSO', async () => {
    await beginSession('silent')
    await flows.browser('ada')
    app.wink.clock.advance(290)
    await page.goto(app.url)
    expect(await page.evaluate(() => window.wink.prolong())).toBe(true)
    app.wink.clock.advance(20)
    expect(await visitor.ask('/api/payroll')).toEqual(shut)
  })

  /** Signs in again while Wink knows the user, who takes `prompt=login` out of the address. */
  const passWithoutPrompt = async (flow: 'server' | 'browser'): Promise<void> => {
    if (flow === 'server') await beginByLink()
    else await page.goto(app.url).then(visitor.leave)
    const url = new URL(page.url())
    expect(url.searchParams.get('prompt')).toBe('login')
    url.searchParams.delete('prompt')
    await page.goto(url.href)
    if (flow === 'browser') expect(await visitor.result()).toEqual({ kind: 'signed-in' })
  }

  it.each(['server', 'browser'] as const)(
    'says honestly what it rests on when the user takes prompt=login away, in the %s flow',
    async (flow) => {
      await beginSession(`honest-of-${flow}`)
      await flows[flow]('ada')
      app.wink.clock.advance(900)
      const captures = app.wink.journal.count('capture')
      await passWithoutPrompt(flow)
      expect(app.wink.journal.count('capture')).toBe(captures)

      // Wink signed no time: all that we know is what we asked for, and that is what the authTimeSource says.
      const identities = await (await visitor.context.request.get(`${app.url}/api/payroll`)).json()
      expect(identities.wink).toMatchObject({ authTimeSource: 'requested' })
      expect(await visitor.ask('/api/proven-payroll')).toEqual(shut)

      // Where Wink signs it, the old moment is what counts.
      app.wink.switches.authTime = 'real'
      app.wink.clock.advance(5)
      await passWithoutPrompt(flow)
      expect(await visitor.ask('/api/payroll')).toEqual(shut)
      expect(await visitor.ask('/api/proven-payroll')).toEqual(shut)
    },
  )

  it('is proven where Wink signs when it was', async () => {
    app.wink.switches.authTime = 'real'
    await beginSession('proven')
    await flows.browser('ada')
    expect(await visitor.ask('/api/proven-payroll')).toEqual(open)
  })
})
