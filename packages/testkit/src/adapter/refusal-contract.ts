import { assertEqual } from '../assertion.ts'
import { sendOverSocket } from '../browser/sockets.ts'
import type { AdapterTest } from './adapter-test.ts'
import { appHost, cookieNames, otherSites } from './example-browser.ts'
import { exampleToken } from './example-provider.ts'
import { protectedMarker } from './example-routes.ts'
import { expectNothingShown, expectProblem, expectUncached, expectUser, memberOf } from './expectations.ts'

/** What stands behind a requirement, for those who do not meet it. */
export const refusalContract: readonly AdapterTest[] = [
  {
    title: 'is a problem document for a script, which says where to sign in',
    async run({ start }) {
      const app = await start()
      for (const path of ['/protected', '/api/protected', '/stepped-up', '/either', '/own-headers'] as const) {
        const answer = await app.browser().fetch(app.path(path))
        expectProblem(answer, 401, 'auth/session_required')
        assertEqual(memberOf(answer, 'signInUrl'), '/sign-in', 'where the problem document leads')
        assertEqual(answer.headers.getSetCookie(), [], 'the cookies of a refusal')
      }
    },
  },
  {
    title: 'is the way to the sign-in page for a user who opens a page, and back',
    async run({ start }) {
      const app = await start()
      const page = app.path('/protected')
      const answer = await app.browser().open(`${page}?tab=1&of=2`)
      const query = new URLSearchParams({ return_url: `${page}?tab=1&of=2`, code: 'auth/session_required' })
      assertEqual([answer.status, answer.headers.get('location')], [303, `/sign-in?${query}`], 'the redirect')
      expectUncached(answer)
      expectNothingShown(answer)
    },
  },
  {
    title: 'is a problem document for everyone under the paths of an API',
    async run({ start }) {
      const app = await start()
      expectProblem(await app.browser().open(app.path('/api/protected')), 401, 'auth/session_required')
    },
  },
  {
    title: 'challenges callers without a good token, as RFC 6750 says',
    async run({ start }) {
      const app = await start()
      const ask = (path: `/${string}`, authorization?: string) =>
        app.browser().fetch(app.path(path), authorization === undefined ? {} : { headers: { authorization } })
      for (const [path, authorization, status, code, challenge] of [
        ['/bearer', undefined, 401, 'auth/bearer_required', 'Bearer'],
        ['/bearer', 'Basic YTpi', 401, 'auth/bearer_invalid', 'Bearer error="invalid_token"'],
        ['/bearer', 'Bearer ', 401, 'auth/bearer_invalid', 'Bearer error="invalid_token"'],
        [
          '/bearer',
          `Bearer ${exampleToken('ada', { signature: 'imitated' })}`,
          401,
          'auth/bearer_invalid',
          'Bearer error="invalid_token"',
        ],
        [
          '/either',
          `Bearer ${exampleToken('ada', { signature: 'imitated' })}`,
          401,
          'auth/bearer_invalid',
          'Bearer error="invalid_token"',
        ],
        ['/scoped', `Bearer ${exampleToken('ada')}`, 403, 'auth/scope_required', 'Bearer error="insufficient_scope"'],
      ] as const) {
        const answer = await ask(path, authorization)
        expectProblem(answer, status, code)
        assertEqual(answer.headers.get('www-authenticate'), challenge, `the challenge of ${path}`)
      }
    },
  },
  {
    title: 'is not for callers with a good token, of the scheme in any case',
    async run({ start }) {
      const app = await start()
      for (const [path, scheme] of [
        ['/bearer', 'Bearer'],
        ['/bearer', 'bearer'],
        ['/either', 'Bearer'],
      ] as const) {
        const headers = { authorization: `${scheme} ${exampleToken('ada')}` }
        const answer = await app.browser().fetch(app.path(path), { headers })
        expectUser(answer, 'ada')
        assertEqual(memberOf(answer, 'kind'), 'bearer', 'what let it pass')
      }
      const headers = { authorization: `Bearer ${exampleToken('ada', { scope: 'example:read example:write' })}` }
      expectUser(await app.browser().fetch(app.path('/scoped'), { headers }), 'ada')
    },
  },
  {
    title: 'is never undone by a session beside a bad token, nor by a token beside a missing session',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      const good = { authorization: `Bearer ${exampleToken('eve')}` }
      expectProblem(await browser.fetch(app.path('/protected'), { headers: good }), 401, 'auth/session_required')
      await browser.signIn({ subject: 'ada' })
      expectUser(await browser.fetch(app.path('/protected'), { headers: good }), 'ada')
      expectUser(await browser.fetch(app.path('/either'), { headers: good }), 'eve')
      expectProblem(await browser.fetch(app.path('/bearer')), 401, 'auth/bearer_required')
      const bad = { authorization: `Bearer ${exampleToken('eve', { signature: 'imitated' })}` }
      expectProblem(await browser.fetch(app.path('/either'), { headers: bad }), 401, 'auth/bearer_invalid')
    },
  },
  {
    title: 'meets a change that another site asks for',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      for (const from of otherSites) {
        for (const path of ['/protected', '/either'] as const) {
          expectProblem(await browser.fetch(app.path(path), { method: 'POST', from }), 403, 'core/cross_origin')
        }
      }
      const headers = { authorization: `Bearer ${exampleToken('ada')}` }
      const [from] = otherSites
      expectUser(await app.browser().fetch(app.path('/bearer'), { method: 'POST', headers, from }), 'ada')
    },
  },
  {
    title: 'meets a page of another origin that only reads, with the cookies of the user',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      for (const from of [...otherSites, `https://${appHost}:8443`]) {
        for (const path of ['/protected', '/api/protected', '/either', '/stepped-up', '/several-calls'] as const) {
          const answer = await browser.fetch(app.path(path), { from })
          expectProblem(answer, 403, 'core/cross_origin')
          assertEqual(cookieNames(answer), [], `the cookies of ${path}`)
        }
        for (const path of [app.path('/read'), `${app.basePath}/session`]) {
          const answer = await browser.fetch(path, { from })
          expectNothingShown(answer)
          assertEqual([answer.status, answer.text.includes('ada')], [200, false], `what ${path} shows`)
        }
      }
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
    },
  },
  {
    title: 'meets an upgrade that no page of ours asks for, and refreshes nothing for one',
    async run({ start }) {
      const app = await start()
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      // Chromium sends a handshake without any `Sec-Fetch-*` header.
      const upgrade = (path: `/${string}`, origin: string | null) =>
        sendOverSocket(
          {
            method: 'GET',
            url: new URL(`https://${appHost}${app.path(path)}`),
            headers: {
              connection: 'Upgrade',
              upgrade: 'websocket',
              'sec-websocket-version': '13',
              'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
              accept: '*/*',
              cookie: browser.cookies.header(),
              ...(origin !== null && { origin }),
            },
          },
          app.mount.origin,
        )
      for (const origin of [...otherSites, `https://${appHost}:8443`, `http://${appHost}`, 'null', null]) {
        for (const path of ['/protected', '/either'] as const) {
          const { status, text, headers } = await upgrade(path, origin)
          assertEqual([status, text.includes(protectedMarker)], [403, false], `the answer of ${path} to ${origin}`)
          assertEqual(headers.getSetCookie(), [], `the cookies of ${path} for ${origin}`)
        }
        const read = await upgrade('/read', origin)
        assertEqual([read.status, read.text.includes('ada')], [200, false], `what a reading shows to ${origin}`)
      }
      const own = await upgrade('/protected', `https://${appHost}`)
      assertEqual([own.status, own.text.includes('"subject":"ada"')], [200, true], 'the answer to a page of ours')
    },
  },
  {
    title: 'meets a host that is not ours, wherever a session is asked for',
    async run({ start }) {
      const app = await start({ baseUrl: [`https://${appHost}`, 'https://other.example'] })
      const browser = app.browser()
      await browser.signIn({ subject: 'ada' })
      expectUser(await browser.fetch(app.path('/protected')), 'ada')
      for (const target of [`${app.basePath}/session`, app.path('/protected'), app.path('/read')]) {
        const unknown = await browser.fetch(target, { headers: { host: 'evil.example' } })
        assertEqual(unknown.status, 421, `the answer of ${target} to a foreign host`)
        expectNothingShown(unknown)
      }
      const forwarded = { host: 'evil.example', 'x-forwarded-host': appHost, forwarded: `host=${appHost}` }
      expectProblem(await browser.fetch(app.path('/protected'), { headers: forwarded }), 421, 'core/unknown_host')
      const other = await browser.fetch(app.path('/protected'), { headers: { host: 'other.example' } })
      expectProblem(other, 401, 'auth/session_required')
    },
  },
]
