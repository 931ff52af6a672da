import { assertEqual } from '../assertion.ts'
import { createTestBrowser, type TestAnswer, type TestBrowser } from '../browser/test-browser.ts'
import type { Assertion } from './example-provider.ts'

/** The app's own host: a proxy in front of every mount ends TLS. */
export const appHost = 'app.example'

/** Pages that are not the app's: of another site, and of a sibling that counts as the same site. */
export const otherSites: readonly [string, string] = ['https://evil.example', 'https://sibling.app.example']

/** Where a browser finds the app. */
export interface ExampleBrowserTarget {
  /** Where the mount listens. */
  readonly server: string
  /** The path above all auth routes. */
  readonly basePath: string
}

/** A browser that can sign in to the example app. */
export interface ExampleBrowser extends TestBrowser {
  /** Opens the login, as far as the vendor; gives the `state` that the vendor got. */
  begin(provider?: string, query?: string): Promise<string>
  /** The vendor sends the browser back. */
  finish(state: string, assertion: Assertion, provider?: string): Promise<TestAnswer>
  /** Both. */
  signIn(assertion: Assertion, provider?: string): Promise<TestAnswer>
  copy(): ExampleBrowser
}

/** Opens a browser for the example app. Every answer that it gets must set each cookie once. */
export function openExampleBrowser(target: ExampleBrowserTarget): ExampleBrowser {
  const origin = `https://${appHost}`
  return exampleBrowser(createTestBrowser({ origin, servers: { [origin]: target.server } }), target)
}

function exampleBrowser(inner: TestBrowser, target: ExampleBrowserTarget): ExampleBrowser {
  const { basePath } = target
  /** A framework may ask for another spelling of a path, such as one with a slash at its end. */
  const settle = async (answer: Promise<TestAnswer>, again: (url: URL) => Promise<TestAnswer>): Promise<TestAnswer> => {
    const first = await answer
    const settled = first.status === 308 && first.location !== null ? await again(first.location) : first
    for (const each of [first, settled]) expectEachCookieOnce(each)
    return settled
  }
  const browser: ExampleBrowser = {
    ...inner,
    open: (address, request) => settle(inner.open(address, request), (url) => inner.open(url, request)),
    submit: (address, fields, request) =>
      settle(inner.submit(address, fields, request), (url) => inner.submit(url, fields, request)),
    fetch: (address, request) => settle(inner.fetch(address, request), (url) => inner.fetch(url, request)),
    async begin(provider = 'example', query = '') {
      const { location } = await browser.open(`${basePath}/${provider}/login${query}`, { from: '/' })
      return location?.searchParams.get('state') ?? ''
    },
    finish(state, assertion, provider = 'example') {
      const query = new URLSearchParams({ state, assertion: JSON.stringify(assertion) })
      return browser.open(`${basePath}/${provider}/callback?${query}`, { from: `https://${provider}.example` })
    },
    signIn: async (assertion, provider) => browser.finish(await browser.begin(provider), assertion, provider),
    copy: () => exampleBrowser(inner.copy(), target),
  }
  return browser
}

/** The names of the cookies that an answer sets or removes, in order. */
export function cookieNames({ headers }: TestAnswer): readonly string[] {
  return headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))
}

/** Of two lines for one cookie the last would count: whether that is the right one is chance. */
function expectEachCookieOnce(answer: TestAnswer): void {
  const names = cookieNames(answer)
  assertEqual(names, [...new Set(names)], `the cookies of the answer to ${answer.url.pathname}, each once`)
}
