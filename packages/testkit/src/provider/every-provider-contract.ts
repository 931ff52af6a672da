import { assertEqual } from '../assertion.ts'
import { errorCodeOf, expectNothingTold } from './expectations.ts'
import type { ProviderTest } from './provider-test.ts'

/** What holds of every provider, also of one that signs nobody in. */
export const everyProviderContract: readonly ProviderTest[] = [
  {
    title: 'asks its vendor nothing before it is needed',
    async run(start) {
      const app = await start()
      const browser = app.browser()
      await browser.fetch('/auth/session')
      await app.session(browser)
      assertEqual(app.requests, [], 'the requests of a provider that nobody has used')
    },
  },
  {
    title: 'signs users in at a route of its own, or signs nobody in',
    async run(start) {
      const { mounted } = await start()
      const paths = mounted.routes.map(({ path }) => path)
      assertEqual(
        mounted.signInPath === undefined || paths.includes(mounted.signInPath),
        true,
        'whether `signInPath` is one of the routes',
      )
      assertEqual(mounted.accountIssuers.length > 0, mounted.signInPath !== undefined, 'whether it has account issuers')
    },
  },
  {
    title: 'has routes that other sites cannot use as the user',
    async run(start) {
      const app = await start()
      for (const { method, path, accepts } of app.mounted.routes) {
        if (accepts !== 'same-origin') continue
        const browser = app.browser()
        const address = `/auth/${app.name}${path}`
        const request = { method, from: 'https://evil.example', ...(method === 'POST' && { body: 'a=b' }) }
        for (const answer of [await browser.submit(address, {}, request), await browser.fetch(address, request)]) {
          assertEqual(errorCodeOf(answer), 'core/cross_origin', `the answer of ${path} to another site`)
        }
      }
      assertEqual(app.requests, [], 'the requests to the vendor that other sites can cause')
    },
  },
  {
    title: 'breaks at none of its routes, whatever comes',
    async run(start) {
      const app = await start()
      for (const { method, path } of app.mounted.routes) {
        const browser = app.browser()
        const address = `/auth/${app.name}${path}`
        const oddities = [
          '',
          '?',
          '?state=&code=',
          '?error=',
          '?code=a&code=b&state=c&state=d',
          `?x=${'y'.repeat(3000)}`,
        ]
        for (const query of oddities) {
          const answer =
            method === 'GET' ? await browser.open(address + query) : await browser.submit(address, {}, { body: query })
          assertEqual(
            errorCodeOf(answer) === 'core/internal_error' || answer.status === 500,
            false,
            `whether ${method} ${path} breaks at ${query.slice(0, 40)}`,
          )
        }
      }
      expectNothingTold(app)
    },
  },
]
