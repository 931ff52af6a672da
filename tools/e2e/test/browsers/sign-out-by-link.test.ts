import { type Auth, createAuth } from '@latchkey/core'
import { wristbandProvider } from '@latchkey/core-wristband'
import { createTestSession, type TestSession } from '@latchkey/testkit'
import { describeWithBrowser } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RecordedRoute, type RecordingSite, startRecordingSite } from './recording-site.ts'
import { allWays } from './ways/all-ways.ts'
import type { Browser, Page } from './ways/way.ts'

let auth: Auth
/** The headers of every request that came to the sign-out since the session began. */
let requests: Headers[] = []

function signOutRoute(ours: string): RecordedRoute {
  auth = createAuth({
    baseUrl: ours,
    secret: 'an-example-secret-of-32-bytes-or-more',
    providers: [
      wristbandProvider({
        clientId: 'an-example-client',
        clientSecret: 'an-example-secret',
        applicationDomain: 'invo-example.us.wristband.dev',
        tenancy: { kind: 'query' },
        frontEndSdk: true,
      }),
    ],
  })
  return {
    path: '/auth/wristband/sdk/logout',
    answer(request, body) {
      if (request.method === 'GET') requests.push(request.headers)
      return auth.handle(request, { body })
    },
  }
}

/** Whether a page of ours opened the address, as the browser says. */
function isByOurPage(headers: Headers): boolean {
  const sent = ['site', 'mode', 'dest'].map((name) => headers.get(`sec-fetch-${name}`)).join()
  return sent === 'same-origin,navigate,document' && !headers.has('sec-purpose') && !headers.has('purpose')
}

/** What the sign-out has to stand, whatever the browser says about it. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'By the user': ['typed in the address bar, bookmark', 'link that another program opens, such as one for mail'],
  'By a link': [
    'link on a page of another site',
    'link on a page of a sibling host',
    'link on a page of another port',
    'middle click on a link of another site',
  ],
  'By a script or a refresh': [
    '`location = …` of a page of another site',
    '`window.open(…)` of a page of another site on a click',
  ],
  'Below a service worker that passes requests on': [
    'typed in the address bar, bookmark',
    'link that another program opens, such as one for mail',
    'link on our page',
    'link on a page of another site',
    '`<iframe>` on our page',
    '`<iframe>` on a page of a sibling host',
  ],
  'Ahead of time': [
    '`<link rel="prefetch">` on our page',
    '`<link rel="prefetch" as="document">` on our page',
    'speculation rules, prefetch, on our page',
    'speculation rules, prefetch, on a page of a sibling host',
    'speculation rules, prerender, on our page',
  ],
  'In the background': [
    '`<img>` on our page',
    '`<img>` on a page of another site',
    '`<script>` on our page',
    '`fetch()` of our page',
    '`navigator.sendBeacon()` of our page',
    '`<a ping>` on our page',
  ],
  'In a frame': [
    '`<iframe>` on our page',
    '`<iframe>` on a page of a sibling host',
    '`<iframe>` on a page of another site',
  ],
}

/** What the vendor's SDK does on a page of ours, in each way that it could. */
const signingOut: Readonly<Record<string, readonly string[]>> = {
  'By a link': ['link on our page'],
  'By a script or a refresh': ['`location = …` of our page on a click', '`location.replace(…)` of our page'],
  'Ahead of time': [
    'link on our page, after speculation rules have prefetched it',
    'link on our page, after speculation rules have prerendered it',
  ],
}

describeWithBrowser('a sign-out by GET in Chromium', () => {
  let browser: Browser
  let site: RecordingSite
  let page: Page
  let session: TestSession
  beforeAll(async () => {
    site = await startRecordingSite(signOutRoute)
  })
  beforeEach(async () => {
    session = await createTestSession(auth, {
      wristband: { subject: 'ada', tenant: { id: 'id-of-acme', name: 'acme' } },
    })
    requests = []
    const context = await browser.newContext()
    await context.addCookies([...session.cookies])
    page = await context.newPage()
  })
  afterEach(() => page.context().close())
  afterAll(() => site.close())
  shareBrowser((shared) => {
    browser = shared
  })

  const isSignedIn = async (): Promise<boolean> => {
    const request = new Request(site.ours, { headers: { cookie: session.cookie } })
    return (await auth.getSession(request)).session !== null
  }

  async function open(section: string, name: string): Promise<void> {
    const way = allWays[section]?.[name]
    if (way === undefined) throw new Error(`There is no way "${name}".`)
    const login = site.login()
    await (typeof way === 'function' ? way : way.open)({ browser, page, site, login, target: site.ours + login })
    await site.arrived(login)
  }

  const rows = (ways: typeof harmless): [string, string][] =>
    Object.entries(ways).flatMap(([section, names]) => names.map((name): [string, string] => [section, name]))

  describe('ends nothing', () => {
    it.each(rows(harmless))('%s: %s', async (section, name) => {
      await open(section, name)
      expect(await isSignedIn()).toBe(true)
      expect(requests.some(isByOurPage)).toBe(false)
    })
  })

  describe('ends the session', () => {
    it.each(rows(signingOut))('%s: %s', async (section, name) => {
      await open(section, name)
      expect(await isSignedIn()).toBe(false)
      expect(requests.filter(isByOurPage)).toHaveLength(1)
    })
  })

  it('shows a page whose button signs out', async () => {
    const login = site.login()
    await page.goto(site.ours + login)
    expect(await page.title()).toBe('Sign out')
    expect(await page.locator('button').count()).toBe(1)
    expect(await page.locator('form').getAttribute('action')).toBe('/auth/logout')
  })
})
