import { assertEqual } from '../assertion.ts'
import type { AdapterTest } from './adapter-test.ts'
import { idleSeconds } from './example-auth.ts'
import { cookieNames } from './example-browser.ts'
import { expectProblem, expectUser, memberOf } from './expectations.ts'

/** A session from request to request: refreshed, prolonged, stepped up, ended. */
export const sessionContract: readonly AdapterTest[] = [
  {
    title: 'is read where it is asked for, and required where it must be',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const anonymous = await browser.fetch(app.path('/read'))
      assertEqual([anonymous.status, memberOf(anonymous, 'subject')], [200, null], 'what is read of nobody')
      await browser.signIn({ subject: 'ada' })
      for (const path of ['/read', '/protected', '/api/protected', '/stepped-up', '/either'] as const) {
        expectUser(await browser.fetch(app.path(path)), 'ada')
      }
      expectUser(await browser.submit(app.path('/protected')), 'ada')
    },
  },
  {
    title: 'is refreshed in front of the handler, and reaches the browser',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true, isLarge: true })
      const refreshed = await browser.fetch(app.path('/protected'))
      expectUser(refreshed, 'ada')
      assertEqual(memberOf(refreshed, 'name'), 'refreshed name', 'the name that the same request sees')
      assertEqual(cookieNames(refreshed).toSorted()[0], '__Host-latchkey', 'the cookie of a refresh')
      const next = await browser.fetch(app.path('/protected'))
      assertEqual(
        [memberOf(next, 'name'), cookieNames(next)[0]],
        ['refreshed name', undefined],
        'what follows a refresh',
      )
    },
  },
  {
    title: 'is refreshed where a page only reads it',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      const refreshed = await browser.open(app.path('/read'))
      assertEqual(
        [memberOf(refreshed, 'name'), cookieNames(refreshed).length],
        ['refreshed name', 1],
        'a reading that refreshes',
      )
      assertEqual(cookieNames(await browser.open(app.path('/read'))), [], 'the cookies of the reading after it')
    },
  },
  {
    title: 'is prolonged while it is used, and ends when it is not',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      assertEqual(cookieNames(await browser.fetch(app.path('/protected'))), [], 'the cookies of a fresh session')
      app.pass(idleSeconds / 2 + 1)
      assertEqual(cookieNames(await browser.fetch(app.path('/protected'))), ['__Host-latchkey'], 'what prolongs it')
      app.pass(idleSeconds - 1)
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
      app.pass(idleSeconds + 1)
      expectProblem(await browser.fetch(app.path('/protected')), 401, 'auth/session_required')
    },
  },
  {
    title: 'must be stepped up where a fresh proof is required',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      app.pass(301)
      const refused = await browser.fetch(app.path('/stepped-up'))
      expectProblem(refused, 403, 'auth/step_up_required')
      assertEqual(memberOf(refused, 'signInUrl'), `${app.basePath}/example/login`, 'where the problem document leads')
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
      await browser.signIn({ subject: 'ada' })
      expectUser(await browser.fetch(app.path('/stepped-up')), 'ada')
    },
  },
  {
    title: 'ends at once when the app ends it, for every route',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const other = app.browser()
      await browser.signIn({ subject: 'ada' })
      await other.signIn({ subject: 'eve' })
      await app.auth.revokeSessions({ provider: 'example', issuer: 'https://example.example', subject: 'ada' })
      expectProblem(await browser.fetch(app.path('/protected')), 401, 'auth/session_required')
      expectProblem(await browser.fetch(app.path('/either')), 401, 'auth/session_required')
      assertEqual(memberOf(await browser.fetch(app.path('/read')), 'subject'), null, 'what is read of it')
      assertEqual(memberOf(await browser.fetch(`${app.basePath}/session`), 'signedIn'), false, 'what is told of it')
      expectUser(await other.fetch(app.path('/protected')), 'eve')
    },
  },
  {
    title: 'that ends while a handler runs is not written back by its answer',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      const elsewhere = browser.copy()
      app.meanwhile(() => elsewhere.fetch(`${app.basePath}/logout`, { method: 'POST' }))
      const answer = await browser.fetch(app.path('/meanwhile'))
      expectUser(answer, 'ada')
      assertEqual(cookieNames(answer), [], 'the cookies of an answer whose session has ended')
      expectProblem(await browser.fetch(app.path('/protected')), 401, 'auth/session_required')
    },
  },
  {
    title: 'is none for a cookie that is changed, doubled, foreign or only looks alike',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      const value = browser.cookies.get('__Host-latchkey') ?? ''
      const elsewhere = (await start()).browser()
      await elsewhere.signIn({ subject: 'ada' })
      for (const cookie of [
        '__Host-latchkey=',
        `__Host-latchkey=${value.slice(0, -4)}AAAA`,
        `__Host-latchkey=${value}; __Host-latchkey=${value}`,
        `__host-latchkey=${value}`,
        `__Host-latchkey ="${value}"`,
        `__Host-latchkey=${elsewhere.cookies.get('__Host-latchkey')}`,
      ]) {
        const answer = await app.browser().fetch(app.path('/protected'), { headers: { cookie } })
        expectProblem(answer, 401, 'auth/session_required')
      }
    },
  },
]
