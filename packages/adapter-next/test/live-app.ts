import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createTestBrowser, type TestAnswer, type TestBrowser, type TestRequest } from '@latchkey/testkit'
import { expect } from 'vitest'
import { layOutApp, type NextVersion } from './lay-out-app.ts'
import { buildApp, type RunningApp, startApp } from './next-command.ts'
import { startVendor } from './vendor.ts'
import { cookieNames } from './visitor.ts'

/** What of `next.config` changes the paths of an app. */
export interface PathOptions {
  readonly basePath?: string
  readonly trailingSlash?: boolean
  readonly i18n?: { readonly locales: readonly string[]; readonly defaultLocale: string }
}

/** An app that is built, and runs. */
export interface LiveApp extends RunningApp {
  readonly basePath: string
  /** A path of the app as browsers show it. */
  at(path: string): string
  browser(): LiveBrowser
}

/** A user's browser without a window on a live app. */
export interface LiveBrowser extends TestBrowser {
  /**
   * The user opens a page and ends at one, or where the vendor asks for one click. No answer on the way has two cookies
   * of one name.
   */
  arrive(address: string | URL, request?: TestRequest): Promise<TestAnswer>
  /** Clicks a link of a page that leads to the login, and comes back from the vendor; `query` goes to the callback. */
  signIn(page: TestAnswer, query?: string): Promise<TestAnswer>
  /** Signs in with tokens that are due, and opens nothing after that. */
  signInDue(): Promise<void>
}

const secret = 'an-example-secret-of-at-least-32-bytes'

/** What a build of the live app left. */
export interface LiveBuild {
  readonly folder: string
  /** Everything that `next build` printed. */
  readonly output: string
}

/**
 * Builds the live app with these options.
 *
 * @param isWhole Whether it is built as an app builds itself: with its types checked, and its code minified.
 */
export async function buildLiveApp(
  name: string,
  version: NextVersion,
  options: PathOptions,
  isWhole: boolean,
): Promise<LiveBuild> {
  const unchecked = {
    typescript: { ignoreBuildErrors: !isWhole },
    ...(version.version === 15 && { eslint: { ignoreDuringBuilds: true } }),
  }
  const app = layOutApp('live-app', name, version, { ...unchecked, ...options }, isWhole)
  // Next compiles what is in the folder of an app.
  cpSync(join(import.meta.dirname, 'fixture-app/lib/acme.ts'), join(app, 'lib/acme.ts'))
  const { status, output } = await buildApp(app, version.linked.next)
  if (status !== 0 || !output.includes(`Next.js ${version.version}.`)) throw new Error(output)
  return { folder: app, output }
}

/** Starts it, with a vendor of its own. */
export async function startLiveApp(
  folder: string,
  { linked }: NextVersion,
  { basePath = '', trailingSlash = false }: PathOptions,
): Promise<LiveApp> {
  let origin = ''
  const vendor = await startVendor(() => `${origin}${basePath}/auth/acme/callback`)
  const slash = trailingSlash ? '/' : ''
  const environment = { SESSION_SECRET: secret, VENDOR_URL: vendor.url, APP_BASE_PATH: basePath, APP_SLASH: slash }
  const running = await startApp(folder, environment, linked.next)
  origin = running.origin
  return {
    ...running,
    basePath,
    at: (path) => `${basePath}${path}${slash}`,
    browser: () => liveBrowser(origin, basePath),
    async stop() {
      await running.stop()
      vendor.close()
    },
  }
}

function liveBrowser(origin: string, basePath: string): LiveBrowser {
  const browser = createTestBrowser({ origin })
  /** Opens a page and follows redirects, as long as they are such. */
  const open = async (
    address: string | URL,
    request: TestRequest | undefined,
    isToFollow: (answer: TestAnswer) => boolean,
  ): Promise<TestAnswer> => {
    let answer = await browser.open(address, request)
    for (let answers = 1; ; answers++) {
      const names = cookieNames(answer)
      expect([answer.url.pathname, names]).toEqual([answer.url.pathname, [...new Set(names)]])
      if (answer.location === null || !isToFollow(answer)) return answer
      expect(answers).toBeLessThan(8)
      answer = await browser.open(answer.location, request)
    }
  }
  const arrive: LiveBrowser['arrive'] = (address, request) =>
    open(address, request, ({ location }) => location?.origin === origin)
  const callbackOf = (vendorUrl: URL | null, query: string): string => {
    const state = vendorUrl?.searchParams.get('state') ?? ''
    return `${basePath}/auth/acme/callback?${new URLSearchParams({ state })}${query}`
  }
  return {
    ...browser,
    arrive,
    async signIn(page, query = '') {
      const [, href = ''] = /href="([^"]*\/login[^"]*)"/.exec(page.text) ?? []
      const { location } = await arrive(href.replaceAll('&amp;', '&'), { from: page.url })
      return arrive(callbackOf(location, query), { from: location ?? origin })
    },
    async signInDue() {
      const { location } = await arrive(`${basePath}/auth/acme/login`, { from: origin })
      // Next's own redirect to the path with a slash, and no page after the login: that would refresh.
      const request = { from: location ?? origin }
      const signedIn = await open(callbackOf(location, '&due'), request, ({ status }) => status === 308)
      expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, basePath || '/'])
    },
  }
}
