import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeWithBrowser } from '@latchkey/tool-test-support'
import { type Browser, shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmulatedWristband, type Emulator, startEmulator } from '../src/index.ts'
import { authorizeUrl } from './wristband-journey.ts'

describeWithBrowser("Wristband's pages in Chromium", () => {
  let browser: Browser
  let emulator: Emulator<'wink' | 'wise'>
  let wristband: EmulatedWristband
  let application: Server
  let redirectUri: string

  beforeAll(async () => {
    emulator = await startEmulator({ wink: false, wise: false })
    wristband = emulator.wristband
    application = createServer((_request, response) => void response.end('The application.'))
    await new Promise<void>((resolve) => application.listen(0, 'localhost', resolve))
    redirectUri = `http://localhost:${(application.address() as AddressInfo).port}/callback`
    wristband.registerRedirectUri(redirectUri)
    wristband.application.authorizationRequests = true
  })
  afterAll(async () => {
    await emulator.close()
    application.closeAllConnections()
    application.close()
  })
  shareBrowser((shared) => {
    browser = shared
  })

  it('lead over tenant and user to the application, and the next time over the tenant alone', async () => {
    const page = await browser.newPage()
    const start = new URL(authorizeUrl(wristband, { redirect_uri: redirectUri }))
    start.host = wristband.applicationDomain
    await page.goto(start.href)
    await page.getByRole('button', { name: 'Acme School' }).click()
    expect(new URL(page.url()).host).toBe(`acme.${wristband.applicationDomain}`)
    await page.getByRole('button', { name: 'Sign in as Ada Lovelace' }).click()
    await page.waitForURL(`${redirectUri}?code=*`)
    await page.goto(start.href)
    await page.getByRole('button', { name: 'Acme School' }).click()
    await page.waitForURL(`${redirectUri}?code=*`)
    await page.close()
  })

  it.each([1280, 390])('fit a window of %i pixels', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    for (const path of ['/login', '/signup', '/nothing']) {
      await page.goto(`${wristband.url}${path}`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    }
    await page.close()
  })
})
