import { strictEqual } from 'node:assert/strict'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'

/**
 * Opens the way that a provider has in an app: a sign-in, or a launch of Wise, over real sockets to its end.
 *
 * @throws Error when it does not end there.
 */
export async function visit(origin: string, provider: string): Promise<void> {
  const browser = createTestBrowser({ origin })
  if (provider === 'wise') {
    const { text } = await browser.follow(await browser.submit('/auth/wise/launch'))
    strictEqual(/Signed in as <strong>([^<]+)/.exec(text)?.[1], 'Ada Example')
    return
  }
  const page = await browser.follow(await browser.open(`/auth/${provider}/login`))
  const isBack = (location: URL): boolean => location.origin === origin && !location.pathname.startsWith('/auth/')
  await browser.follow(await signInAsAda(browser, page), isBack)
  const { signedIn } = (await browser.fetch('/auth/session')).json() as { readonly signedIn: boolean }
  strictEqual(signedIn, true)
}

/** Answers the form of a vendor's page that asks who it is, as Wristband's and Wink's do. */
export function signInAsAda(browser: TestBrowser, page: TestAnswer): Promise<TestAnswer> {
  const [, action = ''] = /<form[^>]*\baction="([^"]+)"/.exec(page.text) ?? []
  const [, req = ''] = /name="req" value="([^"]+)"/.exec(page.text) ?? []
  return browser.submit(new URL(action, page.url), { req, user: 'ada' })
}
