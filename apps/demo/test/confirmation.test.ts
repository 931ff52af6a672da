import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { api, expectStrictPolicyOf, openWatchedPage, signInAtAcme } from './browsing.ts'
import { type RunningDemo, signInWithWink, signInWithWristband, startRunningDemo } from './running-demo.ts'
import { openVisitor } from './visitor.ts'

describeWithBrowser('a login that no page of ours began, in the session of another user', () => {
  let demo: RunningDemo
  let browser: Browser
  beforeAll(async () => {
    demo = await startRunningDemo()
  })
  afterAll(() => demo?.close())
  shareBrowser((shared) => {
    browser = shared
  })

  it.each([
    { width: 1280, height: 800, colorScheme: 'light' },
    { width: 390, height: 844, colorScheme: 'dark' },
  ] as const)('is confirmed by one button, with the keyboard alone, at $width px', async (look) => {
    const { colorScheme, ...viewport } = look
    const context = await browser.newContext({ viewport, colorScheme })
    const { page, complaints } = await openWatchedPage(context)
    await signInAtAcme(page, demo.url)
    await page.goto(`${demo.url}/auth/wink/login?return_url=%2Fpayroll`)
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.status() === 409),
      page.click('button[value=ada]'),
    ])
    await page.waitForSelector('main[data-code="auth/sign_in_unconfirmed"]')
    const folder = process.env['SCREENSHOTS']
    if (folder !== undefined) await page.screenshot({ path: `${folder}/confirm-${viewport.width}.png` })
    expectStrictPolicyOf(answer)
    expect((await api(page, `${demo.url}/api/payroll`)).status).toBe(403)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${demo.url}/payroll`)
    expect((await api(page, `${demo.url}/api/payroll`)).status).toBe(200)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('leads to the error page where the app refuses it after the button', async () => {
    const own = openVisitor(demo)
    await signInWithWristband(demo, own, 'ada')
    await signInWithWink(demo, own, 'ada')
    const context = await browser.newContext()
    const { page, complaints } = await openWatchedPage(context)
    await signInAtAcme(page, demo.url)
    await page.goto(`${demo.url}/auth/wink/login`)
    await page.click('button[value=bob]')
    await page.waitForSelector('main[data-code="auth/sign_in_unconfirmed"]')
    await page.click('main button')
    await page.waitForURL(`${demo.url}/error?code=auth%2Fsign_in_refused`)
    expect(await page.textContent('main')).toContain('someone else')
    expect(demo.events.at(-1)).toMatchObject({ type: 'sign_in.refused', provider: 'wink' })
    expect(complaints).toEqual([])
    await context.close()
  })
})
