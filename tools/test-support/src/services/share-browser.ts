import type { Browser } from 'playwright-core'
import { afterAll, test } from 'vitest'
import { launchBrowser } from './launch-browser.ts'

export type { Browser, BrowserContext, Page } from 'playwright-core'

// oxlint-disable-next-line no-empty-pattern -- Vitest reads there what the fixture needs
const inWorker = test.extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const browser = await launchBrowser()
  onCleanup(() => browser.close())
  return browser
})

/**
 * Gives a suite a browser before its tests: the one that all files of a Vitest worker share. It starts for the first suite
 * that asks, and ends with the worker; nobody else closes it. Contexts that are still open are closed after the suite.
 *
 * Call it after the `afterAll` that stops the suite's servers: Vitest then closes the contexts first. A server waits when it
 * stops for the connections that a browser keeps.
 */
export function shareBrowser(receive: (browser: Browser) => void): void {
  let shared: Browser | undefined
  inWorker.beforeAll(({ browser }) => {
    shared = browser
    receive(browser)
  })
  afterAll(async () => {
    await Promise.all((shared?.contexts() ?? []).map((context) => context.close()))
  })
}
