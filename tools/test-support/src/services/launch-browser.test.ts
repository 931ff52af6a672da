import { expect, it } from 'vitest'
import { describeWithBrowser } from './describe-with-service.ts'
import { launchBrowser } from './launch-browser.ts'

describeWithBrowser('launchBrowser', () => {
  it('opens a page', async () => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      await page.setContent('<button onclick="this.textContent = \'pressed\'">press</button>')
      await page.click('button')
      expect(await page.textContent('button')).toBe('pressed')
    } finally {
      await browser.close()
    }
  })
})
