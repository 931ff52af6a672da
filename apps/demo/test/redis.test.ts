import {
  describeWithBrowser,
  describeWithRedis,
  launchBrowser,
  type RedisProcess,
  startRedis,
} from '@latchkey/tool-test-support'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
      browser = await launchBrowser()
    })
    afterAll(async () => {
      await browser?.close()
      await demo?.stop()
      await redis?.stop()
    })

    it('says where sessions are', () => {
      expect(demo.output()).toContain('in Redis')
    })

    /** Each server has a session of its own; Wristband knows the user from the first on. */
    const signInEverywhere = async (page: Page): Promise<void> => {
      await signInAtAcme(page, demo.urls.Fastify)
      for (const url of [demo.urls.Next, demo.urls.Nest]) {
        await page.goto(url)
        await page.click('text="Sign in at acme"')
        await page.waitForSelector('text="Sign out"')
      }
    }

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
      const cookie = (await context.cookies(demo.url)).map(({ name, value }) => `${name}=${value}`).join('; ')
      await page.goto(demo.url)
      await page.click('button:text-is("Sign out")')
      await page.waitForSelector('text="Sign in at acme"')
      expect((await fetch(`${demo.url}/api/me`, { headers: { cookie } })).status).toBe(401)
      expect((await fetch(`${demo.urls.Fastify}/api/me`, { headers: { cookie } })).status).toBe(200)
      expect(complaints).toEqual([])
      await context.close()
    })

    it('sign out everywhere: in the other browser, on another framework', async () => {
      const [here, elsewhere] = [await browser.newContext(), await browser.newContext()]
      const [page, other] = [await here.newPage(), await elsewhere.newPage()]
      await signInAtAcme(page, demo.urls.Next)
      await signInAtAcme(other, demo.urls.Nest)
      await page.click('button:text-is("Sign out everywhere")')
      await page.waitForSelector('text="Sign in at acme"')
      expect((await api(other, `${demo.urls.Nest}/api/me`)).status).toBe(401)
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
