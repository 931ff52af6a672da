import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '@latchkey/tool-test-support'
import type { BrowserContext, Page } from 'playwright-core'
import type { Framework } from '../src/framework.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

const folder = fileURLToPath(new URL('../../../artifacts/', import.meta.url))
const looks = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme, name: `${width}-${colorScheme}` })),
)

await mkdir(folder, { recursive: true })
const demo = await startDemoProcess()
const browser = await launchBrowser()
try {
  for (const { name, width, colorScheme } of looks) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
    await visitEverything(demo, context, name)
    await context.close()
  }
} finally {
  await browser.close()
  await demo.stop()
}

/** Goes the whole way, and photographs each page on it. */
async function visitEverything({ url, urls }: DemoProcess, context: BrowserContext, look: string): Promise<void> {
  const page = await context.newPage()
  let number = 0
  const shoot = async (title: string, fullPage = true): Promise<void> => {
    number += 1
    const path = `${folder}${look}-${String(number).padStart(2, '0')}-${title}.png`
    await page.screenshot({ path, fullPage })
  }
  await page.goto(url)
  await shoot('front-door')
  await page.click('text="Sign in at acme"')
  await shoot('wristband')
  await page.click('button[value=ada]')
  await page.waitForURL(`${url}/`)
  await shoot('signed-in')
  await page.click('text="Open payroll"')
  await shoot('step-up')
  await page.click('text="Step up with Wink"')
  await shoot('wink')
  await page.click('button[value=ada]')
  await page.waitForURL(`${url}/payroll`)
  await shoot('payroll')
  await page.goto(url)
  await page.click('text="Open Wise"')
  await page.waitForURL(/classes/)
  await shoot('wise')
  await page.goto(url)
  await shoot('complete')
  await page.goto(`${url}/reports`)
  await shoot('reports')
  await page.goto(`${url}/nowhere`)
  await shoot('not-found')
  await failAtEveryTrouble(page, url, shoot)
  for (const framework of ['Fastify', 'Nest'] as const) await visitNeighbour(page, urls[framework], framework, shoot)
  for (const [framework, address] of Object.entries(urls)) await signInWithWinkSdk(page, address, framework, shoot)
}

/** The whole page, or what the window shows of it. */
type Shoot = (title: string, fullPage?: boolean) => Promise<void>

async function failAtEveryTrouble(page: Page, url: string, shoot: Shoot): Promise<void> {
  await page.goto(`${url}/trouble`)
  await page.click('button:text-is("Another user\'s face")')
  await shoot('trouble-made')
  await page.click('text="Step up with Wink"')
  await page.click('button[value=bob]')
  await shoot('other-face')
  await page.goto(`${url}/trouble`)
  await page.click('button:text-is("Code of another tenant")')
  await page.click('text="Sign in at acme now"')
  await page.waitForURL(/\/error/)
  await shoot('other-tenant')
}

/** In a browser that nobody has signed in to before. */
async function signInWithWinkSdk(page: Page, url: string, framework: string, shoot: Shoot): Promise<void> {
  await page.context().clearCookies()
  await page.goto(url)
  await page.click('text="Sign in in an overlay"')
  const frame = page.frameLocator('dialog.latchkey-wink iframe')
  await frame.locator('button[value=ada]').waitFor()
  await shoot(`${framework}-overlay`, false)
  await frame.locator('button[value=ada]').click()
  await page.waitForSelector('text="You at Wink"')
  await page.click('text="Ask Wink silently"')
  await page.waitForSelector('text=/^Wink still knows you/')
  await shoot(`${framework}-tokens`)
  await page.goto(`${url}/wink/callback`)
  await page.waitForSelector('text="You cancelled the sign-in."')
  await shoot(`${framework}-callback`)
}

async function visitNeighbour(page: Page, url: string, framework: Framework, shoot: Shoot): Promise<void> {
  await page.goto(url)
  await shoot(framework)
  await page.goto(`${url}/trouble`)
  await shoot(`${framework}-trouble`)
}
