import { type Browser, chromium } from 'playwright-core'
import { findChromium } from './service.ts'

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
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
  return chromium.launch({ executablePath, args: quiet, chromiumSandbox: !isRoot })
}
