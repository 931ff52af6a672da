import { fileURLToPath } from 'node:url'
import { launchBrowser } from '@latchkey/tool-test-support'
import { startDemoProcess } from './demo-process.ts'

/** The picture of the README, of the demo as it runs. */
const path = fileURLToPath(new URL('../../../docs/picture.png', import.meta.url))

const demo = await startDemoProcess()
const browser = await launchBrowser()
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 870 }, colorScheme: 'light' })
  await page.goto(demo.url)
  const cards = await page.locator('.cards').boundingBox()
  const height = Math.ceil((cards?.y ?? 0) + (cards?.height ?? 0) + 20)
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: 1180, height } })
} finally {
  await browser.close()
  await demo.stop()
}
