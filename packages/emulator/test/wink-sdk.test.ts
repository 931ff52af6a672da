import { describeWithBrowser } from '@latchkey/tool-test-support'
import { type Browser, type BrowserContext, type Page, shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type EmulatedWink, type Emulator, startEmulator } from '../src/index.ts'
import { startWinkApplication, type WinkApplication } from './wink-application.ts'

describeWithBrowser("Wink's own browser SDK, unmodified, in Chromium", () => {
  let browser: Browser
  let emulator: Emulator<'wristband' | 'wise'>
  let wink: EmulatedWink
  let application: WinkApplication
  let context: BrowserContext
  let page: Page

  shareBrowser((shared) => {
    browser = shared
  })
  beforeEach(() => start())
  afterEach(stop)

  async function start(host: 'localhost' | '127.0.0.1' = 'localhost'): Promise<void> {
    emulator = await startEmulator({ wristband: false, wise: false, wink: { authPort: 0 }, host })
    wink = emulator.wink
    application = await startWinkApplication(wink)
    wink.registerWebOrigin(application.origin)
    wink.registerRedirectUri(`${application.origin}/*`)
    context = await browser.newContext()
    page = await context.newPage()
  }

  async function stop(): Promise<void> {
    await context.close()
    await application.close()
    await emulator.close()
  }

  const stateOf = (where: Page = page): Promise<string | null> =>
    where.locator('body').getAttribute('data-state', { timeout: 5000 })

  async function open(path = '/', where = page): Promise<void> {
    await where.goto(`${application.origin}${path}`)
    await where.waitForFunction(() => document.body.dataset['state'] !== 'starting')
  }

  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click()

  /** Waits for the callback page to have come so far. */
  const reaches = (state: string): Promise<unknown> =>
    page.waitForFunction((expected) => document.body.dataset['state'] === expected, state)

  async function signIn(): Promise<void> {
    await open()
    await page.click('#login')
    await press('Look into the camera as Ada')
    await reaches('signed in')
  }

  it('signs in over its callback page, with tokens that it can read', async () => {
    await open()
    expect(await stateOf()).toBe('signed out')
    await page.click('#login')
    expect(new URL(page.url()).origin).not.toBe(wink.apiUrl)
    await press('Look into the camera as Ada')
    await reaches('signed in')
    expect(page.url()).toBe(`${application.origin}/callback`)
    const claims = await page.evaluate(() => Reflect.get(window, 'client').tokenParsed)
    expect(claims).toMatchObject({ sub: wink.users.ada.winkToken, azp: wink.clientId, iss: wink.issuer })
    expect(wink.journal.count('third-party-cookies')).toBe(2)
    expect(wink.journal.count('token-preflight')).toBe(0)
  })

  it('signs in silently while the browser is known', async () => {
    await signIn()
    const other = await context.newPage()
    await open('/', other)
    expect(await stateOf(other)).toBe('signed in')
    expect(wink.journal.count('capture')).toBe(1)
    expect(wink.journal.count('authorize', { prompt: 'none' })).toBe(2)
  })

  it('is not known on another site, as with third-party cookies blocked', async () => {
    await stop()
    await start('127.0.0.1')
    await signIn()
    await open()
    expect(await stateOf()).toBe('signed out')
  })

  it('refreshes its tokens, and loses them when the refresh token has expired', async () => {
    await signIn()
    const refresh = (): Promise<unknown> =>
      page.evaluate(async () => {
        const client = Reflect.get(window, 'client')
        const before = client.token
        const refreshed = await client.updateToken(-1).catch(() => 'refused')
        return [refreshed, client.token === before, client.token === undefined]
      })
    expect(await refresh()).toEqual([true, false, false])
    expect(wink.journal.count('token', { grant_type: 'refresh_token' })).toBe(1)
    wink.clock.advance(1800)
    expect(await refresh()).toEqual(['refused', false, true])
  })

  it('signs out and comes back unknown', async () => {
    await signIn()
    await page.click('#logout')
    await page.waitForURL(`${application.origin}/`)
    await reaches('signed out')
    expect(wink.journal.count('logout')).toBe(1)
  })

  it('hears of access_denied, and not of a cancelUrl', async () => {
    await open()
    await page.click('#login')
    await press('Deny access')
    await reaches('failed: access_denied')
    await open()
    await page.click('#login')
    await press('Cancel')
    await page.waitForURL(`${application.origin}/cancelled`)
  })

  it.each(['authentication-expired', 'login-session-state'] as const)(
    'starts again by itself, without a session, after %s',
    async (interruption) => {
      wink.interruptCapture(interruption)
      await open()
      await page.click('#login')
      await press('Look into the camera as Ada')
      await expect.poll(() => wink.journal.count('authorize', { prompt: 'none' })).toBeGreaterThan(0)
      await press('Look into the camera as Bob')
      await reaches('signed in')
      expect(wink.journal.count('session')).toBe(1)
    },
  )

  it('refuses a wrong nonce and an expired code', async () => {
    wink.mutateIdToken('wrong-nonce')
    await open()
    await page.click('#login')
    await press('Look into the camera as Ada')
    await page.waitForFunction(() => document.body.dataset['state']?.startsWith('failed'))
    await context.clearCookies()
    wink.expireCode()
    await open()
    await page.click('#login')
    await press('Look into the camera as Ada')
    await page.waitForFunction(() => document.body.dataset['state']?.startsWith('failed'))
    expect(wink.journal.at(-1)).toMatchObject({ endpoint: 'token', error: 'invalid_grant' })
  })

  it.each([
    ['an origin that is not registered', { tokenCors: 'none' }],
    ['a wildcard, which forbids tokens', { tokenCors: 'any' }],
  ] as const)('cannot read the token endpoint under %s', async (_what, switches) => {
    Object.assign(wink.switches, switches)
    await open()
    await page.click('#login')
    await press('Look into the camera as Ada')
    await page.waitForFunction(() => document.body.dataset['state']?.startsWith('failed'))
    expect(await stateOf()).toMatch(/CORS/)
  })

  it('shows the capture page in its overlay', async () => {
    await open()
    await page.click('#overlay')
    const frame = page.frameLocator('iframe[name="wink-login-popup"]')
    await frame.getByRole('button', { name: 'Look into the camera as Ada' }).click()
    await reaches('signed in')
    expect(wink.journal.count('capture')).toBe(1)
  })

  it('watches the session in the login-status frame', async () => {
    await signIn()
    await open('/?iframe')
    expect(await stateOf()).toBe('signed in')
    const statusFor = (session: unknown): Promise<unknown> =>
      page.evaluate(
        ([clientId, sid]) =>
          new Promise((resolve) => {
            const frame = document.querySelector<HTMLIFrameElement>('iframe[src*="login-status-iframe"]')
            addEventListener('message', ({ data, source }) => source === frame?.contentWindow && resolve(data))
            frame?.contentWindow?.postMessage(`${clientId} ${sid}`, '*')
          }),
        [wink.clientId, session],
      )
    const sid = await page.evaluate(() => Reflect.get(window, 'client').tokenParsed.sid)
    expect(await statusFor(sid)).toBe('unchanged')
    expect(await statusFor('another')).toBe('changed')
    await context.clearCookies()
    expect(await statusFor(sid)).toBe('changed')
  })

  it('cannot call the API, which is for back ends', async () => {
    await open()
    const call = (url: string): Promise<string> =>
      page.evaluate(
        (address) =>
          fetch(address, { method: 'POST' }).then(
            () => 'readable',
            () => 'refused',
          ),
        url,
      )
    expect(await call(`${wink.apiUrl}/wink/v1/session`)).toBe('refused')
    expect(await call(`${wink.apiUrl}/api/ConfidentialClient/verify-client`)).toBe('refused')
  })
})
