import type { Browser } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { describeWithBrowser } from './describe-with-service.ts'
import { shareBrowser } from './share-browser.ts'

describeWithBrowser('shareBrowser', () => {
  const given: Browser[] = []

  describe.each(['one suite', 'the next'])('in %s', () => {
    shareBrowser((browser) => void given.push(browser))

    it('gives a browser that runs', () => {
      expect(given.at(-1)?.isConnected()).toBe(true)
    })
  })

  it('has given all suites the same', () => {
    expect(given).toHaveLength(2)
    expect(new Set(given).size).toBe(1)
  })
})
