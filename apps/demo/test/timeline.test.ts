import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWatchedPage, signInAtAcme, stepUp } from './browsing.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

describeWithBrowser('the timeline', () => {
  let demo: DemoProcess
  let browser: Browser
  let page: Page
  /** What the browser and the addresses carried. */
  const secrets = new Set<string>()

  beforeAll(async () => {
    demo = await startDemoProcess()
  })
  afterAll(() => demo?.stop())
  shareBrowser((shared) => {
    browser = shared
  })
  beforeAll(async () => {
    const context = await browser.newContext()
    ;({ page } = await openWatchedPage(context))
    page.on('request', (request) => {
      for (const name of ['code', 'state', 'nonce', 'sessionId', 'jwtToken', 'code_challenge']) {
        const value = new URL(request.url()).searchParams.get(name)
        if (value) secrets.add(value)
      }
    })
    await signInAtAcme(page, demo.url)
    await stepUp(page, demo.url)
    for (const { value } of await context.cookies()) secrets.add(value)
    await page.goto(demo.url)
    await page.click('text="Open Wise"')
    await page.waitForURL(/classes/)
    await page.goto(demo.url)
  })

  const lines = (): Promise<readonly string[]> => page.locator('.timeline .wire').allTextContents()

  it('tells what the browser did, what the app asked, and what came of it, in their order', async () => {
    const told = (await lines()).toReversed()
    const position = (part: string): number => told.findIndex((line) => line.includes(part))
    const order = [
      '/api/v1/oauth2/authorize',
      'GET acme.localhost',
      '/api/v1/oauth2/token → 200',
      '/api/v1/oauth2/userinfo → 200',
      'sign_in.succeeded',
      '/wink/v1/session → 200',
      'openid-connect/auth → 200',
      'login-actions',
      'verify-client → 200',
      '/identity-based-login → 30',
      '/student/classes → 200',
    ].map(position)
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((one, other) => one - other))
    expect(await page.textContent('.timeline')).toContain('grant_type=authorization_code')
  })

  it("tells what a page did with Wink's SDK, and what the app did", async () => {
    const { page: visitor } = await openWatchedPage(await browser.newContext())
    await visitor.goto(demo.url)
    await visitor.click('text="Sign in with Wink’s SDK"')
    await visitor.click('button[value=ada]')
    await visitor.waitForURL(`${demo.url}/`)
    await visitor.click('text="Ask Wink silently"')
    await visitor.waitForSelector('text=/^Wink still knows you/')
    await visitor.reload()
    const told = (await visitor.locator('.timeline .wire').allTextContents()).toReversed()
    expect(told.map((line) => line.replaceAll(/localhost:\d+/g, 'wink'))).toEqual([
      'POST /auth/wink/session',
      'POST wink/wink/v1/session → 200',
      'GET wink/realms/wink/protocol/openid-connect/auth → 200',
      'POST wink/realms/wink/login-actions/authenticate → 302',
      'POST wink/realms/wink/protocol/openid-connect/token → 200',
      'POST /auth/wink/token',
      'POST wink/api/ConfidentialClient/verify-client → 200',
      'sign_in.succeeded',
      'GET /auth/wink/silent-check-sso.html',
      'POST wink/realms/wink/protocol/openid-connect/token → 200',
      'POST /auth/wink/token',
      'POST wink/api/ConfidentialClient/verify-client → 200',
    ])
    const content = (await visitor.textContent('.timeline')) ?? ''
    expect(content).toContain('the page holds the tokens now')
    expect(content).not.toMatch(/eyJ/)
  })

  it('shows no secret', async () => {
    expect(secrets.size).toBeGreaterThan(10)
    const content = await page.textContent('.timeline')
    expect([...secrets].filter((secret) => content?.includes(secret))).toEqual([])
    expect(content).not.toMatch(/eyJ|lovelace|@acme/i)
  })

  it('is that of one browser alone', async () => {
    const other = await (await browser.newContext()).newPage()
    await other.goto(demo.url)
    expect(await other.locator('.timeline li').count()).toBe(0)
    await signInAtAcme(other, demo.url, 'bob')
    const content = await other.textContent('.timeline')
    expect(content).toContain('sign_in.succeeded')
    expect(content).not.toContain('/wink/v1/session')
    await page.reload()
    expect((await lines()).filter((line) => line.includes('sign_in.succeeded'))).toHaveLength(2)
  })

  it('leaves out the pages of a system at which several browsers are', async () => {
    const visitors = await Promise.all(
      [0, 1].map(async () => {
        const visitor = await (await browser.newContext()).newPage()
        await visitor.goto(`${demo.url}/auth/wristband/login?tenant_name=acme&return_url=%2F`)
        return visitor
      }),
    )
    for (const visitor of visitors) {
      await visitor.click('button[value=ada]')
      await visitor.waitForURL(`${demo.url}/`)
    }
    const pages = await visitors[0]?.locator('.timeline li:has-text("You, at Wristband")').allTextContents()
    expect(pages?.some((text) => text.includes('POST'))).toBe(false)
    expect(await visitors[0]?.textContent('.timeline')).toContain('sign_in.succeeded')
  })
})
