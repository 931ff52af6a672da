import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Framework } from '../src/framework.ts'
import { signInAtAcme, stepUp } from './browsing.ts'
import type { DemoProcess } from './demo-process.ts'
import { shareDemo } from './share-demo.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const paths = [
  '/',
  '/wink/callback',
  '/payroll',
  '/sign-in?code=auth/step_up_required',
  '/error?code=wink/cancelled',
  '/reports',
]

describeWithBrowser('for everyone', () => {
  let demo: DemoProcess
  let browser: Browser

  shareDemo((shared) => {
    demo = shared
  })
  shareBrowser((shared) => {
    browser = shared
  })

  describe.each<Framework>(['Next', 'Fastify', 'Nest'])('on %s', (framework) => {
    it.each([
      [1280, 'light'],
      [390, 'dark'],
    ] as const)('axe finds nothing serious, nothing is cut off: %i px, %s', async (width, colorScheme) => {
      const url = demo.urls[framework]
      // The page's own policy would not let a test's script in.
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
      const page = await context.newPage()
      const findings = async (path: string): Promise<readonly string[]> => {
        await page.goto(url + path)
        return [...(await seriousFindings(page)), ...(await overflow(page))].map((finding) => `${path}: ${finding}`)
      }
      const found = [...(await findings('/')), ...(await findings('/sign-in')), ...(await findings('/nowhere'))]
      await signInAtAcme(page, url)
      await stepUp(page, url)
      for (const path of [...paths, '/trouble?made=outage']) found.push(...(await findings(path)))
      expect(found).toEqual([])
      await context.close()
    })

    it.each([
      [1280, 'dark'],
      [390, 'light'],
    ] as const)("axe finds nothing serious around Wink's SDK: %i px, %s", async (width, colorScheme) => {
      const url = demo.urls[framework]
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
      const page = await context.newPage()
      await page.goto(url)
      await page.click('text="Sign in in an overlay"')
      const user = page.frameLocator('dialog iframe').locator('button[value=ada]')
      await user.waitFor()
      const found = [...(await seriousFindings(page)), ...(await overflow(page))]
      await user.click()
      await page.waitForSelector('text="You at Wink"')
      await page.click('text="Ask Wink silently"')
      await page.waitForSelector('text=/^Wink still knows you/')
      found.push(...(await seriousFindings(page)), ...(await overflow(page)))
      expect(found).toEqual([])
      await context.close()
    })

    it("chooses Wink's browser flow by the keyboard alone, and gets the focus back from the overlay", async () => {
      const url = demo.urls[framework]
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(url)
      await pressUntilFocused(page, 'Sign in in an overlay')
      await page.keyboard.press('Enter')
      await page.waitForSelector('dialog iframe')
      await page.keyboard.press('Escape')
      await page.waitForSelector('text="You cancelled the sign-in."')
      expect(await page.locator(':focus').textContent()).toBe('Sign in in an overlay')

      await page.keyboard.press('Shift+Tab')
      expect(await page.locator(':focus').textContent()).toBe('Sign in with Wink’s SDK')
      await page.keyboard.press('Enter')
      await page.waitForURL(/openid-connect/)
      await pressUntilFocused(page, 'Ada Lovelace')
      await page.keyboard.press('Enter')
      await page.waitForURL(`${url}/`)
      await pressUntilFocused(page, 'Ask Wink silently')
      await page.keyboard.press('Enter')
      await page.waitForSelector('text=/^Wink still knows you/')
      await context.close()
    })

    it('can be used by the keyboard alone, with a focus that shows', async () => {
      const url = demo.urls[framework]
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(url)
      await pressUntilFocused(page, 'Sign in at acme')
      await page.keyboard.press('Enter')
      await page.waitForURL(/acme\.localhost/)
      await pressUntilFocused(page, 'Ada Lovelace')
      await page.keyboard.press('Enter')
      await page.waitForURL(`${url}/`)
      await pressUntilFocused(page, 'Open Wise')
      await page.goto(url)
      await pressUntilFocused(page, 'Sign out')
      await page.keyboard.press('Enter')
      await page.waitForSelector('text="Sign in at acme"')
      await context.close()
    })
  })
})

async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated, for Chromium would compile a script element of the page anew on each page.
  await page.evaluate(axe)
  // What passes is neither looked at nor sent.
  const violations = await page.evaluate<AxeResults['violations']>(
    `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)
}

async function overflow(page: Page): Promise<readonly string[]> {
  const isCut = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
  return isCut ? ['wider than the screen'] : []
}

/** Presses Tab until the control with this text has the focus, which must be seen on every one on the way. */
async function pressUntilFocused(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    const outline = await focused.evaluate((element) => getComputedStyle(element).outlineStyle)
    expect(outline).not.toBe('none')
    if ((await focused.textContent())?.includes(text)) return
  }
  throw new Error(`No Tab reached ${text}`)
}
