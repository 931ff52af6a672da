import { assertEqual } from '../assertion.ts'
import type { AdapterTest } from './adapter-test.ts'
import { cookieNames } from './example-browser.ts'
import { expectNothingShown, expectProblem, expectUncached, expectUser, memberOf } from './expectations.ts'

/** The way in: redirects, cookies, and who is signed in then. */
export const signInContract: readonly AdapterTest[] = [
  {
    title: 'goes to the vendor and comes back, with every cookie on a line of its own',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const begun = await browser.open(`${app.basePath}/example/login?return_url=${app.path('/protected')}%3Ftab%3D1`)
      const to = new URL(begun.headers.get('location') ?? 'about:blank')
      assertEqual(
        [begun.status, to.origin, to.pathname],
        [303, 'https://example.example', '/authorize'],
        'the redirect',
      )
      assertEqual(
        to.searchParams.get('redirect_uri'),
        `https://app.example${app.basePath}/example/callback`,
        'the redirect URI',
      )
      assertEqual(cookieNames(begun).length, 1, 'the number of cookies of a login')
      expectUncached(begun)

      const back = await browser.finish(to.searchParams.get('state') ?? '', { subject: 'ada', isLarge: true })
      assertEqual(
        [back.status, back.headers.get('location')],
        [303, `${app.path('/protected')}?tab=1`],
        'the redirect after a sign-in',
      )
      assertEqual(
        cookieNames(back).toSorted(),
        [...cookieNames(begun), '__Host-latchkey', '__Host-latchkey.1'].toSorted(),
        'the cookies of a sign-in',
      )
      expectUncached(back)
      expectNothingShown(back)
      assertEqual(browser.cookies.names(), ['__Host-latchkey', '__Host-latchkey.1'], 'the cookies that are kept')
      expectUser(await browser.open(app.path('/protected')), 'ada')
    },
  },
  {
    title: 'is told to the pages of the app',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const before = await browser.fetch(`${app.basePath}/session`)
      assertEqual([before.status, before.text], [200, '{"signedIn":false,"identities":{}}'], 'the session of nobody')
      assertEqual(before.headers.get('content-type')?.split(';')[0], 'application/json', 'the content type')
      expectUncached(before)
      await browser.signIn({ subject: 'ada' })
      const after = await browser.fetch(`${app.basePath}/session`)
      assertEqual(memberOf(after, 'signedIn'), true, 'whether someone is signed in')
      expectNothingShown(after)
    },
  },
  {
    title: "hands callbacks the framework's own request",
    async run({ start }) {
      const app = await start()
      await app.browser().signIn({ subject: 'ada' })
      assertEqual(
        app.frameworkRequests.map(
          (frameworkRequest) => typeof frameworkRequest === 'object' && frameworkRequest !== null,
        ),
        [true],
        'whether a callback gets an object as `frameworkRequest`',
      )
    },
  },
  {
    title: "is limited by the framework's own request: the one that callbacks are handed",
    async run({ start }) {
      const attempts = new Map<string, unknown>()
      let isOpen = true
      const app = await start({
        pages: {},
        rateLimit({ kind, frameworkRequest }) {
          attempts.set(kind, frameworkRequest)
          return isOpen ? true : { retryAfterSeconds: 7 }
        },
      })
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      await browser.submit(`${app.basePath}/logout`)
      assertEqual(
        [...attempts.keys()].toSorted(),
        ['callback', 'login', 'logout'],
        'the attempts that were asked about',
      )
      for (const [kind, frameworkRequest] of attempts) {
        assertEqual(typeof frameworkRequest, 'object', `the request of the framework of a ${kind}`)
        assertEqual(frameworkRequest === null, false, `whether that of a ${kind} is missing`)
      }
      const [handed] = app.frameworkRequests
      assertEqual(attempts.get('callback') === handed, true, 'whether limit and callback get the same request')
      isOpen = false
      const refused = await app.browser().fetch(`${app.basePath}/example/login`, {
        headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      })
      assertEqual(
        [refused.status, refused.headers.get('retry-after'), refused.headers.getSetCookie()],
        [429, '7', []],
        'the answer to one attempt too many',
      )
    },
  },
  {
    title: 'is refused without its state, and in a browser that did not begin it',
    async run({ start }) {
      const app = await start()
      const callback = `${app.basePath}/example/callback`
      expectProblem(await app.browser().fetch(callback), 400, 'example/missing_state')
      expectProblem(await app.browser().fetch(`${callback}?state=forged`), 400, 'example/invalid_state')
      const state = await app.browser().begin()
      const stranger = app.browser()
      const restarted = await stranger.finish(state, { subject: 'eve' })
      const [path] = (restarted.headers.get('location') ?? '').split('?', 1)
      assertEqual([restarted.status, path], [303, `${app.basePath}/example/login`], 'the answer to a stranger')
      assertEqual(stranger.cookies.names(), [], 'the cookies of a stranger')
    },
  },
  {
    title: 'sends a user who opens a page to the error page when it fails, and shows nothing of the failure',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const missing = await browser.open(`${app.basePath}/example/callback`)
      assertEqual(
        [missing.status, missing.headers.get('location')],
        [303, '/error?code=example%2Fmissing_state'],
        'the way to the error page',
      )
      const state = await browser.begin()
      const failed = await browser.fetch(`${app.basePath}/example/callback?state=${encodeURIComponent(state)}&throw`)
      expectProblem(failed, 500, 'core/internal_error')
      assertEqual(browser.cookies.names().includes('__Host-latchkey'), false, 'whether a session began')
    },
  },
  {
    title: 'is not begun by prefetches, scripts and other methods',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const login = `${app.basePath}/example/login`
      expectProblem(await browser.fetch(login), 400, 'core/not_a_navigation')
      const answers = [
        await browser.open(login, { headers: { 'sec-purpose': 'prefetch;prerender' } }),
        await browser.open(login, { headers: { purpose: 'prefetch' } }),
        await browser.submit(login),
        await browser.open(login, { method: 'HEAD' }),
      ]
      assertEqual(
        answers.flatMap((answer) => cookieNames(answer)),
        [],
        'the cookies of what is no navigation',
      )
      assertEqual(
        answers.map(({ headers }) => headers.get('location')?.includes('example.example') ?? false),
        [false, false, false, false],
        'whether what is no navigation leads to the vendor',
      )
    },
  },
  {
    title: 'returns to no other site',
    async run({ start }) {
      const app = await start()
      for (const target of ['https://evil.example/', '//evil.example', '/\\evil.example', `${app.basePath}/logout`]) {
        const answer = await app
          .browser()
          .open(`${app.basePath}/example/login?return_url=${encodeURIComponent(target)}`)
        assertEqual(answer.headers.get('location'), '/error?code=auth%2Freturn_url_invalid', `the answer to ${target}`)
        assertEqual(cookieNames(answer), [], `the cookies of ${target}`)
      }
    },
  },
  {
    title: 'lives at each place that the auth may have',
    async run({ mount, start }) {
      for (const basePath of mount.basePaths ?? ['/auth', '/identity/sign-in']) {
        const app = await start({ basePath })
        const browser = app.browser()
        const { status } = await browser.signIn({ subject: 'ada' })
        assertEqual(status, 303, `the answer to a sign-in at ${basePath}`)
        expectUser(await browser.fetch(app.path('/protected')), 'ada')
      }
    },
  },
]
