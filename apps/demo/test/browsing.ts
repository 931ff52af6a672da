import type { BrowserContext, Page, Response } from 'playwright-core'
import { expect } from 'vitest'

/** A page of a browser, and what must not happen on it. */
export interface WatchedPage {
  readonly page: Page
  /** What the console said that it should not, and requests to hosts that are not this machine. */
  readonly complaints: string[]
}

const expectedStatus = /the server responded with a status of (?:4\d\d|5\d\d)/

/**
 * Opens a page. The console's word that a page was refused, by its status, is no complaint.
 *
 * @param otherHost One that may be asked besides `localhost` and what is below it.
 */
export async function openWatchedPage(context: BrowserContext, otherHost?: string): Promise<WatchedPage> {
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    if (['error', 'warning'].includes(message.type()) && !expectedStatus.test(text)) complaints.push(text)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol === 'data:' || hostname === otherHost) return
    if (!/^(?:.+\.)?localhost$/.test(hostname)) complaints.push(`asked ${hostname}`)
  })
  return { page, complaints }
}

/** Signs in at acme with the emulator's page, from a page that offers it. */
export async function signInAtAcme(page: Page, url: string, user = 'ada'): Promise<void> {
  await page.goto(url)
  await page.click('text="Sign in at acme"')
  await page.click(`button[value=${user}]`)
  await page.waitForURL(`${url}/`)
}

/** Steps up with Wink, from the front page. */
export async function stepUp(page: Page, url: string, user = 'ada'): Promise<void> {
  await page.goto(url)
  // By a page of ours: a login that is typed in is asked about.
  await Promise.all([
    page.waitForURL((address) => address.origin !== url),
    page.evaluate(() => location.assign('/auth/wink/login?return_url=%2F')),
  ])
  await page.click(`button[value=${user}]`)
  await page.waitForURL((address) => address.origin === url && !address.pathname.startsWith('/auth/'))
}

/** Asks an API as the browser would, with its cookies. */
export async function api(page: Page, address: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await page.request.get(address, { headers: { accept: 'application/json' }, maxRedirects: 0 })
  return { status: response.status(), body: await response.json() }
}

/** The page's own policy must be strict. */
export async function expectStrictPolicy(page: Page, address: string): Promise<void> {
  expectStrictPolicyOf(await page.goto(address))
}

/** The policy of an answer that is shown must be strict. */
export function expectStrictPolicyOf(response: Response | null): void {
  const policy = response?.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toMatch(/form-action 'self'/)
  expect(policy).not.toMatch(/unsafe|\*|https?:(?!\/\/(?:[\w-]+\.)?localhost:)/)
}
