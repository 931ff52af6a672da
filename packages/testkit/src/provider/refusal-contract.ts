import { assertEqual } from '../assertion.ts'
import { expectCode, expectNobody } from './expectations.ts'
import type { ProviderTest } from './provider-test.ts'

/** What a vendor's servers may answer in place of what is expected, and how. */
export const failures: Readonly<Record<string, () => Response>> = {
  'cannot be reached': () => {
    throw new TypeError('fetch failed')
  },
  'fails with 500': () => new Response('<h1>Internal Server Error</h1>', { status: 500 }),
  'has too much to do': () => Response.json({}, { status: 429, headers: { 'retry-after': '7' } }),
  'leads elsewhere': () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
  'answers with a page': () => new Response('<p>hello', { headers: { 'content-type': 'text/html' } }),
  'answers with nothing': () => new Response(null, { status: 204 }),
  'answers with an empty object': () => Response.json({}),
  'answers with null': () => Response.json(null),
  'answers with a list': () => Response.json([]),
  'answers with half a document': () => new Response('{"a":', { headers: { 'content-type': 'application/json' } }),
}

/** Sign-ins that fail: nobody is signed in, and a code says why. */
export const refusalContract: readonly ProviderTest[] = [
  {
    title: 'that the user refuses signs nobody in',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const answer = await app.signIn(browser, { outcome: 'denied' })
      await expectNobody(app, browser, 'who refused')
      expectCode(answer, 'the code for a user who refused')
      assertEqual(
        app.events.filter(({ type }) => type === 'sign_in.succeeded'),
        [],
        'the sign-ins that are reported of a user who refused',
      )
    },
  },
  ...Object.entries(failures).map(
    ([how, answer]): ProviderTest => ({
      title: `whose vendor ${how} signs nobody in, and says so by a code`,
      async run(start) {
        const app = await start()
        const browser = app.browser()
        const callback = await app.callback(await app.begin(browser))
        app.break(answer)
        const before = app.requests.length
        const refused = await browser.open(callback)
        // A provider that need not ask its vendor is not harmed.
        if (app.requests.length > before) {
          await expectNobody(app, browser, `whose vendor ${how}`)
          expectCode(refused, `the code for a vendor that ${how}`)
        }
        // A login that cannot begin fails as openly.
        const other = await start()
        other.break(answer)
        const begun = await other.begin(other.browser())
        if (begun.location === null || begun.location.searchParams.has('code')) {
          expectCode(begun, `the code of a login that cannot begin: the vendor ${how}`)
        }
      },
    }),
  ),
  {
    title: 'that failed can be begun anew once the vendor is back',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      const callback = await app.callback(await app.begin(browser))
      app.break(() => new Response(null, { status: 503 }))
      await browser.open(callback)
      app.break(null)
      app.pass(60)
      const answer = await app.signIn(browser)
      assertEqual(answer.status, 303, 'the answer to a login that is begun anew')
      assertEqual((await app.session(browser)) === null, false, 'whether nobody is signed in')
    },
  },
]
