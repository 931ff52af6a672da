import { describeWithBrowser, launchBrowser } from '@latchkey/tool-services'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

describeWithBrowser('the journey through all three systems', () => {
  let demo: DemoProcess
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let copiedCookies: string

  beforeAll(async () => {
    demo = await startDemoProcess()
    browser = await launchBrowser()
    context = await browser.newContext()
    page = await context.newPage()
    page.setDefaultTimeout(5000)
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  const api = async (path: string) => {
    const response = await page.request.get(demo.url + path, { headers: { accept: 'application/json' } })
    return { status: response.status(), body: (await response.json()) as Record<string, unknown> }
  }

  it('prints where to click', () => {
    expect(demo.output()).toContain(`Open ${demo.url}`)
  })

  it('signs in with Wristband at the tenant acme', async () => {
    await page.goto(demo.url)
    await page.click('text="Sign in at acme"')
    await page.waitForURL(/acme\.localhost/)
    await page.click('button[value=ada]')
    await page.waitForURL(`${demo.url}/`)
    expect(await page.textContent('main')).toContain('Ada Lovelace, tenant acme')
    expect(await api('/api/me')).toMatchObject({ status: 200, body: { primary: 'wristband' } })
  })

  it('keeps payroll shut until Wink has seen the person', async () => {
    expect(await api('/api/payroll')).toMatchObject({ status: 403, body: { code: 'auth/step_up_required' } })
    await page.click('text="Open payroll"')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await page.click('text="Prove it with Wink"')
    await page.click('button[value=ada]')
    await page.waitForURL(`${demo.url}/payroll`)
    expect(await page.textContent('main')).toContain('Wink saw Ada Lovelace')
    expect(await api('/api/payroll')).toMatchObject({ status: 200, body: { salary: '4200.00' } })
  })

  it('opens Wise signed in as the mapped learner', async () => {
    await page.goto(demo.url)
    await page.click('text="Open Wise"')
    await page.waitForURL(`${demo.wiseUrl}/student/classes`)
    const text = await page.textContent('main')
    expect(text).toContain('Ada Lovelace')
    expect(text).toContain('vendorUserId')
    expect(text).not.toContain('eyJ')
  })

  it('signs out here, at Wristband and at Wink', async () => {
    copiedCookies = (await context.cookies(demo.url)).map(({ name, value }) => `${name}=${value}`).join('; ')
    await page.goto(demo.url)
    await page.click('button:text-is("Sign out")')
    await page.waitForSelector('text="Sign in at acme"')
    expect(page.url()).toBe(`${demo.url}/`)
    expect((await api('/api/me')).status).toBe(401)
    // Wise offers no sign-out that another system could ask for.
    expect((await context.cookies()).map(({ name }) => name)).toEqual(['latchkey-emulator-wise-session'])
  })

  it('asks both vendors again afterwards', async () => {
    await page.click('text="Sign in at acme"')
    await page.waitForSelector('button[value=ada]')
    await page.goto(`${demo.url}/auth/wink/login`)
    await page.waitForSelector('button[value=ada]')
  })

  it('refuses a copied cookie after the sign-out, in the process that saw it', async () => {
    const response = await fetch(`${demo.url}/api/me`, { headers: { cookie: copiedCookies } })
    expect(response.status).toBe(401)
  })

  it('stops when it is told to', async () => {
    expect(await demo.stop()).toBe(0)
    await expect(fetch(demo.url)).rejects.toThrow()
  })
})
