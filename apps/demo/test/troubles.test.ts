import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Framework } from '../src/framework.ts'
import { api, openWatchedPage, signInAtAcme, stepUp } from './browsing.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

describeWithBrowser('the buttons that make trouble', () => {
  let demo: DemoProcess
  let browser: Browser

  beforeAll(async () => {
    demo = await startDemoProcess()
  })
  afterAll(() => demo?.stop())
  shareBrowser((shared) => {
    browser = shared
  })

  describe.each<Framework>(['Next', 'Fastify', 'Nest'])('on %s', (framework) => {
    let url: string
    let context: BrowserContext
    let page: Page
    let complaints: readonly string[]

    beforeEach(async () => {
      url = demo.urls[framework]
      context = await browser.newContext()
      ;({ page, complaints } = await openWatchedPage(context))
    })
    afterEach(async () => {
      expect(complaints).toEqual([])
      await context.close()
    })

    const make = async (title: string): Promise<void> => {
      await page.goto(`${url}/trouble`)
      await page.click(`button:text-is("${title}")`)
    }
    const meet = async (link: string, user: string): Promise<void> => {
      await page.click(`text="${link}"`)
      await page.click(`button[value=${user}]`)
      await page.waitForURL((address) => address.origin === url && !address.pathname.startsWith('/auth/'))
    }
    /** The error page names the code, and says what the log says about it. */
    const expectFailure = async (code: string, hint: RegExp): Promise<void> => {
      expect(new URL(page.url()).pathname).toBe('/error')
      const text = (await page.textContent('main')) ?? ''
      expect(text).toContain(code)
      expect(text).toMatch(hint)
    }

    it.each([
      ['Expired token', 'oidc/token_expired', /exp/],
      ['Outage', 'oidc/token_request_failed', /token endpoint/],
      ['Code of another tenant', 'wristband/tenant_mismatch', /another tenant/],
    ])('%s: refuses the sign-in with %s, and works again afterwards', async (title, code, hint) => {
      await make(title)
      await meet('Sign in at acme now', 'ada')
      await expectFailure(code, hint)
      expect((await api(page, `${url}/api/me`)).status).toBe(401)
      await page.goto(`${url}/auth/wristband/login?tenant_name=acme&return_url=%2F`)
      await page.waitForURL(`${url}/`)
      expect((await api(page, `${url}/api/me`)).status).toBe(200)
    })

    it('Rotated key: signs in all the same', async () => {
      await make('Rotated key')
      await meet('Sign in at acme now', 'ada')
      expect(await page.textContent('h1')).toBe('Hello, Ada Lovelace')
    })

    it("Another user's face: is refused, and the session is as it was", async () => {
      await signInAtAcme(page, url)
      await stepUp(page, url)
      await make("Another user's face")
      await meet('Step up with Wink', 'bob')
      await expectFailure('auth/sign_in_refused', /onSignIn/)
      expect(await api(page, `${url}/api/payroll`)).toMatchObject({ status: 200 })
    })

    it('Refused refresh: ends the session at the next page', async () => {
      await signInAtAcme(page, url)
      await make('Refused refresh')
      await page.waitForURL(`${url}/`)
      await page.waitForSelector('text="Sign in at acme"')
      expect((await api(page, `${url}/api/me`)).status).toBe(401)
      await page.goto(demo.url)
      expect(await page.locator('.timeline .wire').allTextContents()).toContain('session.ended invalid_grant')
    })

    it('half an hour later refreshes the tokens, and goes on', async () => {
      await signInAtAcme(page, url)
      await page.goto(url)
      await page.click('button:text-is("Let half an hour pass")')
      await page.waitForURL(`${url}/`)
      expect(await page.textContent('h1')).toBe('Hello, Ada Lovelace')
      await page.goto(demo.url)
      expect(await page.textContent('.timeline')).toContain('session.refreshed')
      expect(await page.textContent('main')).not.toContain('none was due yet')
    })

    it('is made by our own pages alone', async () => {
      const response = await page.request.post(`${url}/trouble/outage`, {
        headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
        maxRedirects: 0,
      })
      expect(response.headers().location).toBe('/error?code=core/cross_origin')
    })
  })
})
