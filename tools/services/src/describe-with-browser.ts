import { describe, it } from 'vitest'
import { findChromium } from './chromium.ts'
import { absence, services } from './service.ts'

/**
 * A suite that needs a browser. On a machine without one it is skipped, and says why and what to do; under `CI=true` it
 * fails.
 */
export function describeWithBrowser(title: string, suite: () => void): void {
  if (findChromium() !== null) {
    describe(title, suite)
    return
  }
  const reason = services
    .filter((service) => service.isMissing())
    .map(absence)
    .join(' ')
  if (process.env['CI'] === 'true') {
    describe(title, () => {
      it('has a browser', () => {
        throw new Error(reason)
      })
    })
    return
  }
  console.warn(`Skipped: ${title}. ${reason}`)
  describe.skip(title, suite)
}
