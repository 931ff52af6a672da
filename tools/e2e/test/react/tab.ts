import type { launchBrowser } from '@latchkey/tool-test-support'
import { expect, vi } from 'vitest'
import type { App } from './app.ts'

export type Browser = Awaited<ReturnType<typeof launchBrowser>>
type Context = Awaited<ReturnType<Browser['newContext']>>
type Page = Awaited<ReturnType<Browser['newPage']>>

/** A tab on the page of an app. */
export interface Tab {
  readonly page: Page
  /** What it has shown since it was loaded, without repetitions. */
  shown(): Promise<readonly string[]>
  /** Resolves as soon as it shows this. */
  shows(text: string): Promise<void>
  click(name: string): Promise<void>
  /** How often it has asked for the session, over all pages that it has opened. */
  asked(): number
  /** Lets time pass, for the back end too, in steps between which whatever it has asked is answered. */
  pass(seconds: number): Promise<void>
  /** What its console says that is a warning or an error. */
  readonly complaints: readonly string[]
}

declare global {
  interface Window {
    shown: string[]
    /** How many of its requests are not answered yet. */
    waiting: number
  }
}

/** Opens a tab on the page of an app. Its time is that of `clock`, if there is one, and else real. */
export async function openTab(
  context: Context,
  { origin }: Pick<App, 'origin'>,
  clock?: Pick<App, 'now' | 'pass'>,
): Promise<Tab> {
  const page = await context.newPage()
  const complaints: string[] = []
  let asked = 0
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (request.url().endsWith('/auth/session')) asked++
  })
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  if (clock !== undefined) {
    await page.clock.install({ time: clock.now() })
    // The clock of the back end is the test's own, too: an answer is of then.
    await page.route('**/auth/session', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, headers: { ...response.headers(), date: new Date(clock.now()).toUTCString() } })
    })
  }
  await page.addInitScript(() => {
    window.shown = []
    window.waiting = 0
    const { fetch } = window
    window.fetch = (...request) => {
      window.waiting++
      return fetch(...request).finally(() => window.waiting--)
    }
    new MutationObserver(() => {
      const text = document.querySelector('output')?.textContent ?? null
      if (text !== null && text !== window.shown.at(-1)) window.shown.push(text)
    }).observe(document, { subtree: true, childList: true, characterData: true })
  })
  await page.goto(`${origin}/session`)
  return {
    page,
    complaints,
    asked: () => asked,
    async pass(seconds) {
      for (let left = seconds; left > 0; left -= 5) {
        const step = Math.min(left, 5)
        clock?.pass(step)
        await page.clock.runFor(step * 1000)
        await vi.waitFor(async () => expect(await page.evaluate(() => window.waiting)).toBe(0), {
          timeout: 20_000,
          interval: 1,
        })
      }
    },
    shown: () => page.evaluate(() => window.shown),
    shows: (text) => page.locator('output', { hasText: new RegExp(`^${text}$`) }).waitFor(),
    click: (name) => page.getByText(name, { exact: true }).click(),
  }
}

/** Closes all tabs, after what they ask just then has been answered: an answer to a tab that has gone is an error. */
export async function closeTabs(context: Context): Promise<void> {
  await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: 'wait' })))
  await context.close()
}

/** Signs in by the link on the page. */
export async function signIn(tab: Tab, user = 'Ada'): Promise<void> {
  await tab.click('Sign in')
  await tab.shows(`signed-in ${user}`)
}

/** Waits until the tab has asked for the session this often. */
export function hasAsked(tab: Tab, times: number): Promise<void> {
  return vi.waitFor(() => expect(tab.asked()).toBeGreaterThanOrEqual(times), { timeout: 20_000, interval: 20 })
}
