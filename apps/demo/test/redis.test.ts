import {
  describeWithBrowser,
  describeWithRedis,
  launchBrowser,
  type RedisProcess,
  startRedis,
} from '@latchkey/tool-test-support'
import type { Browser } from 'playwright-core'
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

    it('share a session, and a sign-out: a copied cookie is refused by all', async () => {
      const context = await browser.newContext()
      const { page, complaints } = await openWatchedPage(context)
      await signInAtAcme(page, demo.urls.Fastify)
      await stepUp(page, demo.urls.Nest)
      for (const url of Object.values(demo.urls)) {
        expect((await api(page, `${url}/api/payroll`)).status).toBe(200)
        await page.goto(url)
        expect(await page.textContent('main')).toContain('in Redis')
      }
      const cookie = (await context.cookies(demo.url)).map(({ name, value }) => `${name}=${value}`).join('; ')
      await page.goto(demo.url)
      await page.click('button:text-is("Sign out")')
      await page.waitForSelector('text="Sign in at acme"')
      for (const url of Object.values(demo.urls)) {
        expect((await fetch(`${url}/api/me`, { headers: { cookie } })).status).toBe(401)
      }
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
      await signInAtAcme(page, demo.urls.Next)
      await stepUp(page, demo.urls.Fastify, 'bob')
      expect(page.url()).toContain('/error?code=auth%2Fsign_in_refused')
      await stepUp(page, demo.urls.Nest, 'ada')
      expect(page.url()).toBe(`${demo.urls.Nest}/`)
    })
  })
})
