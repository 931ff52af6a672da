import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'

/** Who signs in: by a button of the emulator's login page. */
export interface Visitor {
  readonly fullName: string
  readonly subject: string
  readonly tenantId: string
}

/**
 * Opens the guide's protected page, signs in on the way, sees who is signed in, and signs out.
 *
 * @throws Error when something of it does not happen.
 */
export async function signInAndOut(browser: Browser, origin: string, visitor: Visitor): Promise<void> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
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
  } finally {
    await context.close()
  }
}

/**
 * Signs in by the address of the login alone, and sees on the first page who is signed in.
 *
 * @throws Error when something of it does not happen.
 */
export async function signIn(
  browser: Browser,
  origin: string,
  { fullName, subject }: Pick<Visitor, 'fullName' | 'subject'>,
): Promise<void> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`${origin}/auth/wristband/login`)
    await page.click(`text=Sign in as ${fullName}`)
    await page.waitForURL(`${origin}/`)
    const user = JSON.parse((await page.textContent('body')) ?? '') as User
    strictEqual(user.subject, subject)
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
