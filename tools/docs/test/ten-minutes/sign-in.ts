import { deepStrictEqual, match, strictEqual } from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'

/** Who signs in: by a button of the emulator's login page. */
export interface Visitor {
  readonly fullName: string
  readonly subject: string
  readonly tenantId: string
}

/** Ada, as the emulator knows her. */
export const ada: Visitor = { fullName: 'Ada Lovelace', subject: 'usr_ada4h6j8k2m5n7', tenantId: 'tnt_acme7k2m4p6q' }

/**
 * Opens the guide's protected page, signs in on the way, sees who is signed in, and signs out.
 *
 * @throws Error when something of it does not happen.
 */
export function signInAndOut(browser: Browser, origin: string, visitor: Visitor): Promise<void> {
  return inNewPage(browser, async (page) => {
    await page.goto(`${origin}/account`)
    strictEqual(page.url(), `${origin}/sign-in?return_url=%2Faccount&code=auth%2Fsession_required`)
    strictEqual((await ask(page, '/api/me')).status, 401)

    await page.click('text=Sign in')
    await page.click(`text=Sign in as ${visitor.fullName}`)
    await page.waitForURL(`${origin}/account`)
    const session = await ask(page, '/auth/session')
    strictEqual(session.body.signedIn, true)
    const { subject, tenant } = session.body.identities?.wristband ?? {}
    deepStrictEqual([subject, tenant?.id], [visitor.subject, visitor.tenantId])
    const me = await ask(page, '/api/me')
    deepStrictEqual([me.status, me.body.wristband?.subject], [200, visitor.subject])

    await page.click('text=Sign out')
    await page.waitForURL(`${origin}/`)
    strictEqual((await ask(page, '/auth/session')).body.signedIn, false)
  })
}

/** How somebody signs in by the address of the login alone. */
export interface WayIn {
  readonly provider: string
  /** The button of the vendor's page, if it asks. */
  readonly button: string | null
  readonly subject: string
  /** The page of the app that tells the subject. */
  readonly at: string
}

/**
 * Signs in by the address of the login alone, and sees on a page who is signed in.
 *
 * @throws Error when something of it does not happen.
 */
export function signIn(browser: Browser, origin: string, { provider, button, subject, at }: WayIn): Promise<void> {
  return inNewPage(browser, async (page) => {
    await page.goto(`${origin}/auth/${provider}/login`)
    if (button !== null) await page.click(`text=${button}`)
    await page.waitForURL(`${origin}/`)
    await page.goto(origin + at)
    match((await page.textContent('body')) ?? '', new RegExp(`"subject":"${subject}"`))
  })
}

/**
 * Signs in and out by the link and the button of a page that is rendered in the browser.
 *
 * @throws Error when something of it does not happen.
 */
export function signInAndOutInPage(browser: Browser, origin: string, visitor: Visitor): Promise<void> {
  return inNewPage(browser, async (page) => {
    await page.goto(origin)
    await page.click('text=Sign in')
    await page.click(`text=Sign in as ${visitor.fullName}`)
    await page.waitForURL(`${origin}/**`)
    await page.waitForSelector(`text=${visitor.fullName}`)
    await page.click('text=Sign out')
    await page.waitForSelector('text=Sign in')
    strictEqual(new URL(page.url()).origin, origin)
  })
}

/** In a browser that knows nothing. */
async function inNewPage(browser: Browser, visit: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext()
  try {
    await visit(await context.newPage())
  } finally {
    await context.close()
  }
}

interface User {
  readonly subject?: string
  readonly tenant?: { readonly id?: string }
}

/** What the asserted answers hold, as far as it is looked at. */
interface Body {
  readonly signedIn?: boolean
  readonly identities?: { readonly wristband?: User }
  readonly wristband?: User
}

function ask(page: Page, path: string): Promise<{ readonly status: number; readonly body: Body }> {
  return page.evaluate(async (path) => {
    const response = await fetch(path)
    return { status: response.status, body: (await response.json()) as Body }
  }, path)
}
