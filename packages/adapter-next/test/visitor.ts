import { createTestBrowser, type TestAnswer, type TestBrowser } from '@latchkey/testkit'

/** A user's browser without a window, on one app. */
export interface Visitor extends TestBrowser {
  /** Signs in; `query` goes to the callback. */
  signIn(query?: string): Promise<TestAnswer>
}

/** Opens a browser that knows nothing yet. */
export function openVisitor(origin: string): Visitor {
  const browser = createTestBrowser({ origin })
  return {
    ...browser,
    async signIn(query = '') {
      const begun = await browser.open('/auth/acme/login?return_url=%2Faccount')
      const state = begun.location?.searchParams.get('state') ?? ''
      return browser.open(`/auth/acme/callback?${new URLSearchParams({ state })}${query}`)
    },
  }
}

/** The names of the cookies that an answer sets or removes. */
export function cookieNames({ headers }: { readonly headers: Headers }): readonly string[] {
  return headers.getSetCookie().map((line) => line.split('=', 1)[0] ?? '')
}
