import { assertEqual } from '../assertion.ts'
import type { AdapterTest } from './adapter-test.ts'
import { cookieNames } from './example-browser.ts'
import { expectNothingShown, expectUncached, expectUntouched, expectUser, memberOf } from './expectations.ts'

/** Headers of ours beside those of the app. */
export const headerContract: readonly AdapterTest[] = [
  {
    title: 'forbid caches an answer about a session, and no other',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      expectUntouched(await browser.fetch(app.path('/public')))
      expectUncached(await browser.fetch(app.path('/read')))
      await browser.signIn({ subject: 'ada', isDue: true })
      expectUntouched(await browser.fetch(app.path('/public')))
      expectUntouched(await browser.submit(app.path('/public')))
      expectUncached(await browser.fetch(app.path('/read')))
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
    },
  },
  {
    title: 'stand beside cookies and Vary of the app, and above its Cache-Control',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true, isLarge: true })
      const answer = await browser.fetch(app.path('/own-headers'))
      expectUser(answer, 'ada')
      assertEqual(
        cookieNames(answer).filter((name) => !name.startsWith('__Host-')),
        ['theme', 'region'],
        'the cookies of the app',
      )
      assertEqual(cookieNames(answer).includes('__Host-latchkey'), true, 'whether the refreshed session is set')
      const vary = (answer.headers.get('vary') ?? '').toLowerCase().split(/, */)
      assertEqual(
        [vary.includes('accept-encoding'), vary.includes('cookie')],
        [true, true],
        'what the answer varies by',
      )
      const again = await browser.fetch(app.path('/own-headers'))
      expectUser(again, 'ada')
      assertEqual(cookieNames(again), ['theme', 'region'], 'the cookies of the app alone')
    },
  },
  {
    title: 'of several readings, a refresh and a change in one request are one cookie, the newest',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true, isLarge: true })
      for (const visits of [1, 2]) {
        const answer = await browser.fetch(app.path('/several-calls'), { method: visits === 1 ? 'GET' : 'POST' })
        expectUser(answer, 'ada')
        expectNothingShown({ ...answer, text: '' })
        assertEqual(
          [memberOf(answer, 'hasToken'), memberOf(answer, 'name')],
          [true, 'refreshed name'],
          'whether there is a token, and the name after a refresh',
        )
        assertEqual(memberOf(answer, 'visits'), [visits, visits], 'what is changed, and read after it')
        assertEqual(cookieNames(answer).includes('__Host-latchkey'), true, 'whether the change is set')
      }
      const next = await browser.fetch(app.path('/protected'))
      assertEqual([memberOf(next, 'name'), cookieNames(next).length], ['refreshed name', 0], 'the request after them')
    },
  },
  {
    title: 'of a refresh are one cookie, be the answer a page, a refusal, a failure, a stream or a sign-out',
    async run({ start }) {
      const app = await start()
      app.release()
      const statuses = {
        '/protected': 200,
        '/either': 200,
        '/stepped-up': 403,
        '/failing': 500,
        '/protected-stream': 200,
      } as const
      for (const [path, status] of Object.entries(statuses) as [keyof typeof statuses, number][]) {
        const browser = app.browser()
        await browser.signIn({ subject: 'ada', isDue: true })
        const opening = browser.copy()
        if (path === '/stepped-up') app.pass(301)
        const answer = await browser.fetch(app.path(path))
        assertEqual(
          [answer.status, cookieNames(answer)],
          [status, ['__Host-latchkey']],
          `status and cookies of ${path}`,
        )
        // A framework may refresh before it routes, and then ask for the page once more.
        await opening.open(app.path(path))
      }
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true, isLarge: true })
      const ended = cookieNames(await browser.submit(`${app.basePath}/logout`)).filter((name) => !name.includes('.'))
      assertEqual(ended, ['__Host-latchkey'], 'the cookies of a sign-out')
    },
  },
  {
    title: 'of cookies that are not ours are left alone',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      const own = browser.cookies.get('__Host-latchkey') ?? ''
      for (const cookie of [
        `a=b; theme="dark; mode"; __Host-latchkey=${own}; last=%zz`,
        `__Host-latchkey=${own};empty=;=nameless;;x`,
        `__Host-latchkey-other=1; ;${'many=1; '.repeat(50)}__Host-latchkey=${own}`,
      ]) {
        expectUser(await app.browser().fetch(app.path('/protected'), { headers: { cookie } }), 'ada')
      }
    },
  },
  {
    title: 'of a handler that fails show nothing, and the session lives on',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      const failed = await browser.fetch(app.path('/failing'))
      assertEqual(failed.status, 500, 'the answer of a handler that fails')
      expectNothingShown(failed)
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
    },
  },
  {
    title: 'are none for a path that does not exist',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      for (const target of [app.path('/nothing-here'), `${app.basePath}/nothing-here`]) {
        const answer = await browser.fetch(target)
        assertEqual([answer.status, cookieNames(answer).length], [404, 0], `the answer of ${target}`)
      }
    },
  },
]
