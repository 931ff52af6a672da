import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { openWatchedPage } from './browsing.ts'

/** A user in a browser of their own, with what Wink's SDK was given there. */
export interface WinkVisitor {
  readonly context: BrowserContext
  readonly page: Page
  /** What the console said that it should not, and what a policy has stopped. */
  complaints(): readonly string[]
  /** Every token that a page got from Wink. */
  readonly tokens: ReadonlySet<string>
  /** Presses a user's button on Wink's page. */
  press(user: string, where?: Page | Frame): Promise<void>
  /** Wink's page in the overlay. */
  overlay(): Promise<Frame>
  /** Where a script, or whoever copies what the browser keeps, finds one of the tokens. */
  tokensFound(): Promise<readonly string[]>
}

/** Opens it on a page of the demo, whose Wink is at that host. */
export async function openWinkVisitor(browser: Browser, url: string, winkHost: string): Promise<WinkVisitor> {
  const context = await browser.newContext()
  const tokens = new Set<string>()
  const { page, complaints: watched } = await openWatchedPage(context, winkHost)
  const violations: string[] = []
  await context.exposeFunction('tellViolation', (directive: string) => void violations.push(directive))
  await context.exposeFunction('tellTokens', (answer: string) => {
    const body = JSON.parse(answer) as Readonly<Record<string, unknown>>
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      if (typeof body[name] === 'string') tokens.add(body[name])
    }
  })
  await context.addInitScript(tellOfPage)
  await page.goto(url)
  return {
    context,
    page,
    complaints: () => [...watched.filter((text) => text !== sandboxWarning), ...violations],
    tokens,
    press: (user, where = page) => where.click(`button[name=user][value=${user}]`),
    async overlay() {
      const frame = await (await page.waitForSelector('dialog.latchkey-wink iframe')).contentFrame()
      if (frame === null) throw new Error('The overlay has no page')
      await frame.waitForSelector('button[name=cancel]')
      return frame
    },
    async tokensFound() {
      const wanted = [...tokens].map(partOfItsOwn)
      const cookies = await context.cookies()
      const holding = cookies.filter(({ value }) => wanted.some((part) => value.includes(part)))
      return [...(await page.evaluate(findEverywhere, wanted)), ...holding.map(({ name }) => `cookie ${name}`)]
    },
  }
}

/** Of the frames whose last page is our own: the SDK's hidden one, and the overlay. No other site's page is in them then. */
const sandboxWarning =
  'An iframe which has both allow-scripts and allow-same-origin for its sandbox attribute can escape its sandboxing.'

/** The part of a token that no other token has: what holds it whole holds that, too. */
function partOfItsOwn(token: string): string {
  return token.split('.')[1] ?? token
}

/** Runs in each page and frame before its scripts: Chromium's own word on requests leaves out some of a frame that came back. */
function tellOfPage(): void {
  const tell = (name: string, text: string): void => (Reflect.get(window, name) as (text: string) => void)(text)
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    tell('tellViolation', `${effectiveDirective} ${blockedURI}`),
  )
  const { fetch } = window
  window.fetch = async (...request) => {
    const response = await fetch(...request)
    if (response.url.endsWith('/protocol/openid-connect/token')) tell('tellTokens', await response.clone().text())
    return response
  }
}

/** Runs in the page: the place of every text that a script can come by, and that has one of these in it. */
async function findEverywhere(wanted: readonly string[]): Promise<readonly string[]> {
  const texts: [string, string][] = [
    ['document.cookie', document.cookie],
    ['address', location.href],
    ['window.name', window.name],
    ['history.state', JSON.stringify(history.state) ?? ''],
    ['document', document.documentElement.outerHTML],
    ['localStorage', JSON.stringify(Object.entries(localStorage))],
    ['sessionStorage', JSON.stringify(Object.entries(sessionStorage))],
    ['caches', JSON.stringify(await caches.keys())],
    ['indexedDB', JSON.stringify(await indexedDB.databases())],
  ]
  const known = new Set<unknown>()
  const queue: (readonly [path: string, value: unknown])[] = [
    ['window', window],
    // With what a framework attaches to them.
    ['elements', [...document.querySelectorAll('*')]],
  ]
  for (let next = queue.shift(); next !== undefined && known.size < 200_000; next = queue.shift()) {
    const [path, value] = next
    if (typeof value === 'string') texts.push([path, value])
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || known.has(value)) continue
    known.add(value)
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      // The getters of a prototype work only on its instances.
      const found: unknown = 'value' in property || value !== window ? property.value : Reflect.get(value, name)
      queue.push([`${path}.${name}`, found])
    }
    if (value instanceof Map || value instanceof Set) queue.push([`${path}()`, [...value]])
  }
  return texts.filter(([, text]) => wanted.some((part) => text.includes(part))).map(([place]) => place)
}
