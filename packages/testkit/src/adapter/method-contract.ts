import { assertEqual } from '../assertion.ts'
import type { TestAnswer } from '../browser/test-browser.ts'
import type { AdapterTest } from './adapter-test.ts'
import { cookieNames } from './example-browser.ts'
import { canary } from './example-provider.ts'
import { expectNothingShown } from './expectations.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']

/** Methods that a route does not have. */
export const methodContract: readonly AdapterTest[] = [
  {
    title: 'that an auth route does not have is refused, mints nothing and ends nothing',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      const state = await browser.begin()
      const kept = browser.cookies.header()
      for (const { method: own, path } of app.auth.routes) {
        for (const method of methods.filter((other) => other !== own)) {
          const headers = { 'sec-fetch-dest': 'document' }
          const answer = await browser.fetch(`${path}?state=${encodeURIComponent(state)}`, { method, headers })
          assertEqual(isRefused(answer, method), true, `whether ${method} ${path} is refused, with ${answer.status}`)
          assertEqual(cookieNames(answer), [], `the cookies of ${method} ${path}`)
          expectNothingShown(answer)
        }
      }
      assertEqual(browser.cookies.header(), kept, 'the cookies that are left')
    },
  },
  {
    title: 'of an auth route is logged without its query, where the mount logs',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
        for (const { path } of app.auth.routes)
          await browser.fetch(`${path}?code=${canary}&state=${canary}`, { method })
      }
      assertEqual(app.mount.logs?.().includes(canary) ?? false, false, 'whether a query is in the logs')
    },
  },
  {
    title: 'of a callback that went astray shows its query neither in the answer nor in the logs',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      for (const path of ['callback/', 'callbak', 'callback/x', 'Callback', 'callback;a=b', '/callback']) {
        for (const method of ['GET', 'POST']) {
          const address = `${app.basePath}/example/${path}?code=${canary}&state=${canary}`
          const answer = await browser.fetch(address, { method })
          assertEqual(
            [400, 404, 405].includes(answer.status),
            true,
            `whether ${method} ${path} is refused, with ${answer.status}`,
          )
          assertEqual(answer.text.includes(canary), false, `whether the answer to ${method} ${path} shows its query`)
          assertEqual(cookieNames(answer), [], `the cookies of ${method} ${path}`)
        }
      }
      assertEqual(app.mount.logs?.().includes(canary) ?? false, false, 'whether a query is in the logs')
    },
  },
  {
    title: 'HEAD says what GET would say, without a body',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const refused = await browser.fetch(app.path('/protected'), { method: 'HEAD' })
      assertEqual([401, 404, 405].includes(refused.status), true, `whether HEAD is refused, with ${refused.status}`)
      await browser.signIn({ subject: 'ada' })
      const passed = await browser.fetch(app.path('/protected'), { method: 'HEAD' })
      assertEqual([200, 404, 405].includes(passed.status), true, `whether HEAD is answered, with ${passed.status}`)
      assertEqual([refused.text, passed.text], ['', ''], 'the bodies')
    },
  },
  {
    title: 'that a protected route does not have shows nothing of it',
    async run({ start }) {
      const app = await start()
      for (const method of ['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        for (const path of ['/protected', '/bearer', '/either', '/stepped-up'] as const) {
          const answer = await app.browser().fetch(app.path(path), { method })
          expectNothingShown(answer)
          assertEqual(cookieNames(answer), [], `the cookies of ${method} ${path}`)
        }
      }
    },
  },
]

/** By core, or by the framework itself; some answer OPTIONS with the methods that there are. */
function isRefused({ status, headers }: TestAnswer, method: string): boolean {
  if ([400, 404, 405, 501].includes(status) || (method === 'OPTIONS' && status < 300)) return true
  return status === 303 && headers.get('location') === '/error?code=core%2Fmethod_not_allowed'
}
