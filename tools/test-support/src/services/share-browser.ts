import type { Browser } from 'playwright-core'
import { test } from 'vitest'
import { launchBrowser } from './launch-browser.ts'

const inWorker = test
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads there what the fixture needs
  .extend('chromium', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const chromium = await launchBrowser()
    onCleanup(() => chromium.close())
    return chromium
  })
  .extend('browser', { scope: 'file' }, ({ chromium }, { onCleanup }) => {
    onCleanup(async () => {
      await Promise.all(chromium.contexts().map((context) => context.close()))
    })
    return chromium
  })

/**
 * Gives a suite a browser before its tests: the one that all files of a Vitest worker share. It starts for the first suite
 * that asks, and ends with the worker; nobody else closes it. Contexts that a file leaves open are closed after its last
 * test.
 */
export function shareBrowser(receive: (browser: Browser) => void): void {
  inWorker.beforeAll(({ browser }) => receive(browser))
}
