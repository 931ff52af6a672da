import { assertEqual } from '../assertion.ts'
import { cookieNames } from './browser.ts'
import { expectNothingShown, expectUser, expectUncached, expectUntouched } from './expectations.ts'
import type { MountTest } from './mount-test.ts'

/** Headers of ours beside those of the app. */
export const headerContract: readonly MountTest[] = [
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
