import { describeWithBrowser, describeWithRedis, type RedisProcess, startRedis } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import { api, openWatchedPage, signInAtAcme, stepUp } from './browsing.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

describeWithRedis('three frameworks on one Redis', () => {
  describeWithBrowser('in a browser', () => {
    let redis: RedisProcess
    let demo: DemoProcess
    let browser: Browser

    beforeAll(async () => {
      redis = await startRedis()
      demo = await startDemoProcess({ REDIS_URL: redis.url })
    })
    afterAll(async () => {
      await demo?.stop()
      await redis?.stop()
    })
    shareBrowser((shared) => {
      browser = shared
    })

    it('says where sessions are', () => {
      expect(demo.output()).toContain('in Redis')
    })

    /** Each server has a session of its own; Wristband knows the user from the first on. */
    const signInEverywhere = async (page: Page, user = 'ada'): Promise<void> => {
      await signInAtAcme(page, demo.urls.Fastify, user)
      for (const url of [demo.urls.Next, demo.urls.Nest]) {
        await page.goto(url)
        await page.click('text="Sign in at acme"')
        await page.waitForSelector('text="Sign out"')
      }
    }

    /** What a thief of all cookies would send. Cookies know no port: those of all three servers. */
    const cookiesOf = async (page: Page): Promise<string> =>
      (await page.context().cookies(demo.url)).map(({ name, value }) => `${name}=${value}`).join('; ')

    it('keep a session for each of them, and a copy of one that was signed out is refused', async () => {
      const context = await browser.newContext()
      const { page, complaints } = await openWatchedPage(context)
      await signInEverywhere(page)
      for (const url of Object.values(demo.urls)) {
        await stepUp(page, url)
        expect((await api(page, `${url}/api/payroll`)).status).toBe(200)
        await page.goto(url)
        expect(await page.textContent('main')).toContain('in Redis')
      }
      const cookie = await cookiesOf(page)
      for (const name of Object.values(sessionCookies)) expect(cookie).toContain(`${name}=`)
      await page.goto(demo.url)
      await page.click('button:text-is("Sign out")')
      await page.waitForSelector('text="Sign in at acme"')
      expect((await fetch(`${demo.url}/api/me`, { headers: { cookie } })).status).toBe(401)
      expect((await fetch(`${demo.urls.Fastify}/api/me`, { headers: { cookie } })).status).toBe(200)
      expect(complaints).toEqual([])
      await context.close()
    })

    it('sign out everywhere: on all three and in every browser, whatever copies there are', async () => {
      const contexts = await Promise.all([browser.newContext(), browser.newContext(), browser.newContext()])
      const [here, elsewhere, ofBob] = await Promise.all(contexts.map((context) => context.newPage()))
      if (!here || !elsewhere || !ofBob) throw new Error('No page')
      await signInEverywhere(here)
      await signInEverywhere(elsewhere)
      await signInEverywhere(ofBob, 'bob')
      const copies = await Promise.all([here, elsewhere].map(cookiesOf))
      const urls = Object.values(demo.urls)
      const statuses = (cookie: string): Promise<readonly number[]> =>
        Promise.all(urls.map(async (url) => (await fetch(`${url}/api/me`, { headers: { cookie } })).status))
      for (const copy of copies) expect(await statuses(copy)).toEqual([200, 200, 200])

      await here.goto(demo.urls.Next)
      await here.click('button:text-is("Sign out everywhere")')
      await here.waitForSelector('text="Sign in at acme"')

      for (const copy of copies) expect(await statuses(copy)).toEqual([401, 401, 401])
      for (const url of urls) {
        await elsewhere.goto(url)
        await elsewhere.waitForSelector('text="Sign in at acme"')
      }
      expect(await statuses(await cookiesOf(ofBob))).toEqual([200, 200, 200])
      await Promise.all(contexts.map((context) => context.close()))
    })

    it('remember together whose face belongs to whom', async () => {
      const context = await browser.newContext()
      const { page } = await openWatchedPage(context)
      await signInEverywhere(page)
      await stepUp(page, demo.urls.Next, 'ada')
      await stepUp(page, demo.urls.Fastify, 'bob')
      expect(page.url()).toContain('/error?code=auth%2Fsign_in_refused')
      await stepUp(page, demo.urls.Nest, 'ada')
      expect(page.url()).toBe(`${demo.urls.Nest}/`)
    })
  })
})
