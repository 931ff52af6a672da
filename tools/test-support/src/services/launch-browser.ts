import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './service.ts'

const quiet = [
  '--disable-gpu',
  // It draws in software all the same: this saves its process in each browser.
  '--in-process-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--disable-component-update',
]

/**
 * What users' browsers have, and neither the headless shell nor Playwright: a process for each site, and storage that each
 * site has anew in the frames of every other. The list takes the place of Playwright's, which turns the latter off. Renderers
 * kept in reserve are left out: most would end unused with their test's context.
 */
const asUsers = [
  '--site-per-process',
  `--disable-features=${[
    'AvoidCorsURLLoaderRestartOnRedirect',
    'AvoidUnnecessaryBeforeUnloadCheckSync',
    'HttpsFirstBalancedModeAutoEnable',
    'HttpsUpgrades',
    'MediaRouter',
    'OptimizationHints',
    'PaintHolding',
    'SpareRendererForSitePerProcess',
  ].join(',')}`,
]

/**
 * Starts the machine's Chromium without a window. Close it when done.
 *
 * @throws Error when there is none.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('There is no Chromium on this machine.')
  // Chromium's own sandbox refuses to run as root.
  const isRoot = process.getuid?.() === 0
  return chromium.launch({ executablePath, args: [...quiet, ...asUsers], chromiumSandbox: !isRoot })
}
