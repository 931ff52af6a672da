import { type Browser, chromium } from 'playwright-core'
import { findChromium, findHeadlessShell } from './service.ts'

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  // As every Chromium with windows does by itself.
  '--site-per-process',
]

/** Which browser is started. */
export interface BrowserOptions {
  /**
   * Whether it is the Chromium of users, where it is what is tested: it refuses some storage to frames of other sites, say.
   * Default false: its headless shell, where there is one, takes a quarter of the CPU.
   */
  readonly isWhole?: boolean
}

/**
 * Starts the machine's Chromium without a window. Close it when done.
 *
 * @throws Error when there is none.
 */
export async function launchBrowser({ isWhole = false }: BrowserOptions = {}): Promise<Browser> {
  const executablePath = (isWhole ? null : findHeadlessShell()) ?? findChromium()
  if (executablePath === null) throw new Error('There is no Chromium on this machine.')
  // Chromium's own sandbox refuses to run as root.
  const isRoot = process.getuid?.() === 0
  return chromium.launch({ executablePath, args: quiet, chromiumSandbox: !isRoot })
}
