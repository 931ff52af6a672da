import { launchBrowser } from '@latchkey/tool-test-support'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ReactApp, startReactApp } from './react-app.ts'
import { describeWithReactSdk, reactPageScript } from './react-sdk.ts'

type Browser = Awaited<ReturnType<typeof launchBrowser>>
type Page = Awaited<ReturnType<Browser['newPage']>>

describeWithReactSdk('Wristband’s own React SDK, as it is, on our routes', () => {
  let browser: Browser
  let app: ReactApp
  let page: Page
  beforeAll(async () => {
    browser = await launchBrowser()
    app = await startReactApp(await reactPageScript())
  })
  beforeEach(async () => {
    app.breakStore(false)
    page = await (await browser.newContext()).newPage()
  })
  afterEach(() => page.context().close())
  afterAll(async () => {
    await browser.close()
    await app.close()
  })

  const user = () => app.wristband.users.ada

  /** Opens the page: the SDK sends a user who is signed out to the login by itself, and back to where they were. */
  async function signIn(path = '/'): Promise<void> {
    const { givenName, familyName } = user()
    await page.goto(app.origin + path)
    await page.click(`text=Sign in as ${givenName} ${familyName}`)
    await page.waitForSelector('#status:text("AUTHENTICATED")')
  }

  const textOf = (id: string) => page.textContent(`#${id}`)

  async function tokenText(): Promise<string | null> {
    await page.click('#get-token')
    await page.waitForSelector('#token:not(:empty)')
    return textOf('token')
  }

  it('signs in, comes back to the page it was at, and shows who is signed in', async () => {
    await signIn('/?tab=a&page=2')
    expect(page.url()).toBe(`${app.origin}/?tab=a&page=2`)
    const { subject, givenName, familyName } = user()
    const { id } = app.wristband.tenants.acme
    expect(await textOf('user')).toBe(`${subject} of ${id}, ${givenName} ${familyName}`)
  })

  it('gets the access token', async () => {
    await signIn()
    expect(await tokenText()).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it('gets no token with a CSRF-TOKEN that a sibling planted', async () => {
    await signIn()
    await page.context().addCookies([{ name: 'CSRF-TOKEN', value: 'planted', domain: '.app.localhost', path: '/auth' }])
    await page.context().clearCookies({ name: 'CSRF-TOKEN', domain: 'app.localhost' })
    await page.context().addCookies([{ name: 'CSRF-TOKEN', value: 'planted', domain: '.app.localhost', path: '/' }])
    expect(await tokenText()).toBe('TOKEN_FETCH_FAILED')
  })

  it('signs out, at Wristband too', async () => {
    await signIn()
    await page.click('#sign-out')
    await page.waitForURL(`${app.origin}/bye`)
    await page.goto(app.origin)
    await page.waitForSelector('text=Sign in as')
  })

  it('survives a store that is away: nobody is signed out, and each tab begins at most one login', async () => {
    await signIn()
    const context = page.context()
    const tabs = [page, await context.newPage(), await context.newPage()]
    const begun = () => app.asked.filter((path) => path === '/auth/wristband/login').length
    const before = begun()
    app.breakStore(true)
    for (const tab of tabs) {
      await tab.goto(app.origin, { waitUntil: 'commit' })
      await tab.waitForURL(/\/auth\/wristband\/login/)
    }
    expect(begun() - before).toBeLessThanOrEqual(tabs.length)
    // As versions before 2.0.0 answer an outage.
    await page.evaluate(() => location.assign('/auth/wristband/sdk/logout'))
    await page.waitForURL(/\/sdk\/logout$/)
    app.breakStore(false)
    for (const tab of tabs) {
      await tab.goto(app.origin)
      await tab.waitForSelector('#status:text("AUTHENTICATED")')
    }
    expect(begun() - before).toBeLessThanOrEqual(tabs.length)
  })
})
