import { once } from 'node:events'
import { connect } from 'node:net'
import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Framework } from '../src/framework.ts'
import { api, expectStrictPolicy, openWatchedPage, signInAtAcme } from './browsing.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

const frameworks: readonly Framework[] = ['Next', 'Fastify', 'Nest']

describeWithBrowser('the journey through all three systems', () => {
  let demo: DemoProcess
  let browser: Browser

  beforeAll(async () => {
    demo = await startDemoProcess()
  })
  afterAll(() => demo?.stop())
  shareBrowser((shared) => {
    browser = shared
  })

  it('prints where to click, and what is emulated', () => {
    expect(demo.output()).toContain(`Open ${demo.url}`)
    expect(demo.output().match(/emulated here/g)).toHaveLength(3)
  })

  describe.each(frameworks)('on %s', (framework) => {
    let url: string
    let context: BrowserContext
    let page: Page
    let complaints: readonly string[]
    let copiedCookies: string

    beforeAll(async () => {
      url = demo.urls[framework]
      context = await browser.newContext()
      ;({ page, complaints } = await openWatchedPage(context))
    })
    afterAll(() => context?.close())

    it('signs in with Wristband at the tenant acme', async () => {
      await signInAtAcme(page, url)
      const text = await page.textContent('main')
      expect(text).toContain('Hello, Ada Lovelace')
      expect(text).toContain('acme')
      expect(text).toContain('auth_time')
      expect(await api(page, `${url}/api/me`)).toMatchObject({
        status: 200,
        body: { user: { provider: 'wristband' }, data: { startedOn: framework } },
      })
    })

    it('refuses payroll until the user has authenticated with Wink', async () => {
      expect(await api(page, `${url}/api/payroll`)).toMatchObject({
        status: 403,
        body: { code: 'auth/step_up_required' },
      })
      await page.click('text="Open payroll"')
      await page.waitForURL(`${url}/sign-in?**`)
      await page.click('text="Step up with Wink"')
      await page.click('button[value=ada]')
      await page.waitForURL(`${url}/payroll`)
      expect(await page.textContent('main')).toContain('Ada Lovelace authenticated with Wink')
      expect(await api(page, `${url}/api/payroll`)).toMatchObject({ status: 200, body: { salary: '4200.00' } })
    })

    it('has a session of its own: the other frameworks sign in by what Wristband knows already', async () => {
      const elsewhere = await browser.newContext()
      const { page: visitor } = await openWatchedPage(elsewhere)
      await signInAtAcme(visitor, url)
      for (const other of frameworks.filter((name) => name !== framework)) {
        expect((await api(visitor, `${demo.urls[other]}/api/me`)).status).toBe(401)
        await visitor.goto(demo.urls[other])
        await visitor.click('text="Sign in at acme"')
        await visitor.waitForSelector('text="Hello, Ada Lovelace"')
        expect((await api(visitor, `${url}/api/me`)).status).toBe(200)
      }
      await elsewhere.close()
    })

    it('opens Wise signed in as the mapped learner', async () => {
      await page.goto(url)
      await page.click('text="Open Wise"')
      await page.waitForURL(`${demo.wiseUrl}/student/classes`)
      const text = await page.textContent('main')
      expect(text).toContain('Ada Lovelace')
      expect(text).toContain('vendorUserId')
      expect(text).not.toContain('eyJ')
    })

    it('calls the API as a machine, as the user and as nobody', async () => {
      await page.goto(url)
      await page.click('text="Call the API"')
      await page.waitForURL(`${url}/reports`)
      const text = (await page.textContent('main')) ?? ''
      expect(text).toContain('"kind": "machine"')
      expect(text).toContain('"kind": "user"')
      expect(text).toContain('auth/bearer_required')
      expect(text).not.toContain('eyJ')
    })

    it('answers programs with documents and never with a redirect', async () => {
      const stranger = await browser.newContext()
      const other = await stranger.newPage()
      for (const [path, code] of [
        ['/api/me', 'auth/session_required'],
        ['/api/payroll', 'auth/session_required'],
        ['/api/reports', 'auth/bearer_required'],
      ]) {
        expect(await api(other, url + path)).toMatchObject({ status: 401, body: { code } })
      }
      await stranger.close()
    })

    it('has a strict policy on every page', async () => {
      for (const path of ['/', '/payroll', '/sign-in', '/error', '/reports', '/trouble', '/nowhere']) {
        await expectStrictPolicy(page, url + path)
      }
    })

    it('signs out here, at Wristband and at Wink', async () => {
      copiedCookies = (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ')
      await page.goto(url)
      await page.click('button:text-is("Sign out")')
      await page.waitForSelector('text="Sign in at acme"')
      expect(page.url()).toBe(`${url}/`)
      expect((await api(page, `${url}/api/me`)).status).toBe(401)
      // Wise offers no sign-out that another system could ask for, and the journey is told until the browser closes.
      const left = (await context.cookies()).map(({ name }) => name)
      expect(left.toSorted()).toEqual(['latchkey-demo-journey', 'latchkey-emulator-wise-session'])
    })

    it('shows no private page when the user goes back', async () => {
      for (let steps = 0; steps < 4; steps++) {
        await page.goBack().catch(() => null)
        expect(await page.textContent('body')).not.toContain('Hello, Ada')
      }
    })

    it('asks both vendors again afterwards', async () => {
      await page.goto(url)
      await page.click('text="Sign in at acme"')
      await page.waitForSelector('button[value=ada]')
      await page.goto(`${url}/auth/wink/login`)
      await page.waitForSelector('button[value=ada]')
    })

    it('refuses a copied cookie after the sign-out, in the process that saw it', async () => {
      const response = await fetch(`${url}/api/me`, { headers: { cookie: copiedCookies } })
      expect(response.status).toBe(401)
    })

    it('signs out everywhere, so that the other browser is signed out too', async () => {
      const elsewhere = await browser.newContext()
      const { page: other } = await openWatchedPage(elsewhere)
      // Bob, not Ada: without a store only this process knows of it.
      await signInAtAcme(other, url, 'bob')
      await signInAtAcme(page, url, 'bob')
      await page.click('button:text-is("Sign out everywhere")')
      await page.waitForSelector('text="Sign in at acme"')
      expect((await api(other, `${url}/api/me`)).status).toBe(401)
      await elsewhere.close()
    })

    it('leaves nothing to complain about in the console', () => {
      expect(complaints).toEqual([])
    })
  })

  it('stops when it is told to, though a browser keeps connections open', async () => {
    const kept = Object.values(demo.urls).map((url) => connect(Number(new URL(url).port), 'localhost'))
    // Whatever ends it.
    for (const socket of kept) socket.on('error', () => undefined)
    await Promise.all(kept.map((socket) => once(socket, 'connect')))
    expect(await demo.stop()).toBe(0)
    for (const url of Object.values(demo.urls)) await expect(fetch(url)).rejects.toThrow()
  })
})
