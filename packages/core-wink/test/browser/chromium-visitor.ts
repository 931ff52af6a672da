import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import type { WinkSignInResult } from '../../src/page/index.ts'
import type { RunningApp } from './running-app.ts'

/** What a user does on Wink's page. */
export type Press = { readonly user: string } | 'cancel' | 'deny'

/** A user in a Chromium of their own, on the app's first page. */
export interface ChromiumVisitor {
  readonly context: BrowserContext
  readonly page: Page
  press(what: Press, where?: Page | Frame): Promise<void>
  /** Begins the browser flow, as far as Wink's page. */
  leave(): Promise<void>
  /** How the sign-in went, as the page knows it. */
  result(): Promise<WinkSignInResult | undefined>
  /** The browser flow, whole. */
  signIn(user?: string): Promise<WinkSignInResult | undefined>
  /** Begins the browser flow in the overlay; gives Wink's page in it. */
  openOverlay(): Promise<Frame>
  /** The identity at Wink that our back end knows of this browser. */
  identity(): Promise<Record<string, unknown> | undefined>
  cookieNames(): Promise<readonly string[]>
  /** The status of a page of the app, and the code where it is refused. */
  ask(path: string): Promise<{ readonly status: number; readonly code?: string }>
}

export async function openChromiumVisitor(browser: Browser, app: RunningApp): Promise<ChromiumVisitor> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(app.url)
  const visitor: ChromiumVisitor = {
    context,
    page,
    press: (what, where = page) =>
      where.click(typeof what === 'string' ? `button[name=${what}]` : `button[name=user][value=${what.user}]`),
    async leave() {
      await page.evaluate(() => void window.wink.signIn())
      await page.waitForURL(`${app.wink.authUrl}/**`)
    },
    async result() {
      await page.waitForFunction(() => window.result !== undefined)
      return page.evaluate(() => window.result)
    },
    async signIn(user = 'ada') {
      await visitor.leave()
      await visitor.press({ user })
      return visitor.result()
    },
    async openOverlay() {
      await page.evaluate(() => {
        delete window.result
        void window.wink.signIn({ overlay: true }).then((result) => {
          window.result = result
        })
      })
      const handle = await page.waitForSelector('dialog.latchkey-wink iframe')
      const frame = await handle.contentFrame()
      if (frame === null) throw new Error('The overlay has no page')
      await frame.waitForSelector('button[name=cancel]')
      return frame
    },
    async identity() {
      const response = await context.request.get(`${app.url}/auth/session`)
      return ((await response.json()) as { identities: { wink?: Record<string, unknown> } }).identities.wink
    },
    cookieNames: async () => (await context.cookies(app.url)).map(({ name }) => name),
    async ask(path) {
      const response = await context.request.get(app.url + path)
      const { code } = (await response.json().catch(() => ({}))) as { code?: string }
      return { status: response.status(), ...(code !== undefined && { code }) }
    },
  }
  return visitor
}
