import { assertEqual } from '../assertion.ts'
import type { TestAnswer } from '../browser/test-browser.ts'
import type { AdapterTest } from './adapter-test.ts'
import { otherSites } from './example-browser.ts'
import { expectNothingShown, expectProblem, expectUncached, memberOf } from './expectations.ts'

/** The way out, over the vendors. */
export const signOutContract: readonly AdapterTest[] = [
  {
    title: 'ends our session first, then visits every vendor, and returns where it was asked to',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      await browser.signIn({ subject: 'ada-two' }, 'exampletwo')
      const thief = browser.copy()
      const next = `${app.basePath}/logout/next`

      const first = await browser.submit(`${app.basePath}/logout`, { return_url: '/goodbye?and=thanks' })
      assertEqual(
        stepOf(first),
        [303, 'https://example.example/logout', `https://app.example${next}`],
        'the first step',
      )
      assertEqual(browser.cookies.names().includes('__Host-latchkey'), false, 'whether the browser still has a session')
      expectProblem(await thief.fetch(app.path('/protected')), 401, 'auth/session_required')

      const second = await browser.open(next, { from: 'https://example.example' })
      assertEqual(
        stepOf(second),
        [303, 'https://exampletwo.example/logout', `https://app.example${next}`],
        'the second',
      )
      const last = await browser.open(next, { from: 'https://exampletwo.example' })
      assertEqual([last.status, last.headers.get('location')], [303, '/goodbye?and=thanks'], 'the last step')
      assertEqual(browser.cookies.names(), [], 'the cookies that are left')
      for (const answer of [first, second, last]) {
        expectUncached(answer)
        expectNothingShown(answer)
      }
    },
  },
  {
    title: 'tells a script where to go',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      const headers = { 'content-type': 'application/json' }
      const body = '{"return_url":"/goodbye"}'
      const answer = await browser.fetch(`${app.basePath}/logout`, { method: 'POST', headers, body })
      const url = new URL(String(memberOf(answer, 'signOutUrl')))
      assertEqual([answer.status, url.origin], [200, 'https://example.example'], 'the answer to a script')
      const last = await browser.open(`${app.basePath}/logout/next`)
      assertEqual(last.headers.get('location'), '/goodbye', 'where it ends')
    },
  },
  {
    title: 'works without a session, body or vendor',
    async run({ start }) {
      const app = await start()
      const answer = await app.browser().fetch(`${app.basePath}/logout`, { method: 'POST' })
      assertEqual([answer.status, answer.text], [200, '{}'], 'the answer to nobody')
    },
  },
  {
    title: 'is refused to other sites, and to GET',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      for (const from of otherSites) {
        const answer = await browser.fetch(`${app.basePath}/logout`, { method: 'POST', from })
        expectProblem(answer, 403, 'core/cross_origin')
      }
      await browser.open(`${app.basePath}/logout`)
      assertEqual(memberOf(await browser.fetch(`${app.basePath}/session`), 'signedIn'), true, 'whether it goes on')
    },
  },
]

function stepOf({ status, headers }: TestAnswer): readonly [number, string, string | null] {
  const url = new URL(headers.get('location') ?? 'about:blank')
  return [status, url.origin + url.pathname, url.searchParams.get('return_to')]
}
