import type { Auth, RequestLike, Session } from '@latchkey/core'
import { adapterContract, type Mount } from '@latchkey/testkit'
import { describe, expect, it } from 'vitest'
import { bareMount } from './bare-mount.ts'
import { doublingMount, type SentAnswer } from './doubling-mount.ts'

/** What an adapter may get wrong between a framework and an auth. */
type Mistake = (auth: Auth) => Partial<Auth>

/** Runs the contract without a runner on a mount, and gives the titles of the tests that failed. */
async function failuresOn(mount: Mount): Promise<readonly string[]> {
  const failures: string[] = []
  const tests: (() => Promise<void>)[] = []
  adapterContract({
    describe: (_, suite) => suite(),
    it: (title, test) => tests.push(() => test().catch(() => void failures.push(title))),
    mount,
    users: 20,
  })
  for (const test of tests) await test()
  return failures
}

/** The same on the bare mount with a mistake. */
async function failuresOf(mistake: Mistake): Promise<readonly string[]> {
  const start: Mount['start'] = ({ auth, routes }) => bareMount.start({ auth: { ...auth, ...mistake(auth) }, routes })
  return failuresOn({ ...bareMount, start })
}

/** Changes what the auth answers by itself. */
function answering(change: (response: Response) => Response): Mistake {
  return (auth) => ({ handle: async (...given) => change(await auth.handle(...given)) })
}

/** Changes the requests that the auth is asked to answer. */
function asking(change: (request: Request) => Request): Mistake {
  return (auth) => ({ handle: (request, extra) => auth.handle(change(request), extra) })
}

/** Changes a refusal. */
function refusing(change: (headers: Headers) => void): Mistake {
  return (auth) => ({
    errorResponse(...given) {
      const response = auth.errorResponse(...given)
      change(response.headers)
      return response
    },
  })
}

/** A request with other headers; null for none. */
function withHeaders(request: RequestLike, changed: Readonly<Record<string, string | null>>): RequestLike {
  const get = (name: string) => (Object.hasOwn(changed, name) ? (changed[name] ?? null) : request.headers.get(name))
  const { method, url } = request
  return { method, url, headers: { get } }
}

function withoutSender(request: RequestLike): RequestLike {
  return withHeaders(request, { origin: null, 'sec-fetch-site': 'same-origin' })
}

const mistakes: Readonly<Record<string, readonly [Mistake, ...string[]]>> = {
  'joins cookies on one line': [
    answering((response) => {
      const { headers } = response
      const joined = headers.getSetCookie().join(', ')
      if (joined !== '') headers.set('set-cookie', joined)
      return response
    }),
    'goes to the vendor and comes back, with every cookie on a line of its own',
  ],
  'lets everyone pass': [
    (auth) => ({
      async requireSession(request, ...rest) {
        const reading = await auth.getSession(request)
        if (reading.session === null) return { ...reading, kind: 'session', session: { identities: {} } as Session }
        return auth.requireSession(request, ...rest)
      },
    }),
    'is a problem document for a script, which says where to sign in',
    'ends at once when the app ends it, for every route',
  ],
  'forgets the headers of a grant': [
    (auth) => ({
      requireSession: async (...given) => ({ ...(await auth.requireSession(...given)), headers: [] }),
    }),
    'is refreshed in front of the handler, and reaches the browser',
    'forbid caches an answer about a session, and no other',
  ],
  'makes the headers before the handler runs': [
    (auth) => ({ requireSession: async (...given) => ({ ...(await auth.requireSession(...given)) }) }),
    'that ends while a handler runs is not written back by its answer',
  ],
  'forgets to refresh': [
    (auth) => ({ getSession: (request) => auth.getSession(request, { readOnly: true }) }),
    'is refreshed where a page only reads it',
  ],
  'takes refusals for JSON': [
    refusing((headers) => headers.set('content-type', 'application/json')),
    'is a problem document for a script, which says where to sign in',
  ],
  'drops challenges': [
    refusing((headers) => headers.delete('www-authenticate')),
    'challenges callers without a good token, as RFC 6750 says',
  ],
  'lets caches keep refusals': [
    refusing((headers) => headers.set('cache-control', 'public, max-age=60')),
    'is the way to the sign-in page for a user who opens a page, and back',
  ],
  'takes HEAD for GET': [
    asking((request) => (request.method === 'HEAD' ? new Request(request, { method: 'GET' }) : request)),
    'is not begun by prefetches, scripts and other methods',
    'that an auth route does not have is refused, mints nothing and ends nothing',
  ],
  'drops the headers that say where a request comes from': [
    asking((request) => {
      const headers = new Headers(request.headers)
      for (const name of ['sec-fetch-site', 'sec-fetch-dest', 'sec-purpose']) headers.delete(name)
      headers.set('origin', 'https://app.example')
      return new Request(request, { headers })
    }),
    'is refused to other sites, and to GET',
    'of another site is refused before it is read',
    'is not begun by prefetches, scripts and other methods',
  ],
  'hands no framework request over': [
    (auth) => ({ handle: (request) => auth.handle(request) }),
    "hands callbacks the framework's own request",
  ],
  'hands the limit no request': [
    (auth) => ({
      async handle(request, extra) {
        const { pathname } = new URL(request.url)
        return auth.handle(request, pathname.endsWith('/login') ? {} : extra)
      },
    }),
    "is limited by the framework's own request: the one that callbacks are handed",
  ],
  'takes the origin of a page away before it asks': [
    (auth) => ({
      requireSession: (request, ...rest) => auth.requireSession(withoutSender(request), ...rest),
      getSession: (request, ...rest) => auth.getSession(withoutSender(request), ...rest),
    }),
    'meets a page of another origin that only reads, with the cookies of the user',
  ],
  'takes the upgrade away before it asks': [
    (auth) => ({
      requireSession: (request, ...rest) =>
        auth.requireSession(withHeaders(request, { upgrade: null, origin: null }), ...rest),
    }),
    'meets an upgrade that no page of ours asks for, and refreshes nothing for one',
  ],
  'loses bodies': [
    (auth) => ({ handle: (request, extra) => auth.handle(request, { ...extra, body: {} }) }),
    'of an auth route is read, be it a form, JSON or none',
  ],
  'believes X-Forwarded-Host': [
    (auth) => ({
      requireSession(request, ...rest) {
        const host = request.headers.get('x-forwarded-host')
        const get = (name: string) => (name === 'host' && host !== null ? host : request.headers.get(name))
        return auth.requireSession({ ...request, headers: { get } }, ...rest)
      },
    }),
    'meets a host that is not ours, wherever a session is asked for',
  ],
  'decodes cookies': [
    (auth) => ({
      requireSession(request, ...rest) {
        const get = (name: string) => {
          const value = request.headers.get(name)
          return name === 'cookie' && value !== null ? value.toLowerCase().replaceAll('__host', '__Host') : value
        }
        return auth.requireSession({ ...request, headers: { get } }, ...rest)
      },
    }),
    'is read where it is asked for, and required where it must be',
  ],
  'keeps the session of the last request': [
    (auth) => {
      let last: Session | undefined
      return {
        async requireSession(...given) {
          const result = await auth.requireSession(...given)
          last ??= result.session
          return Object.assign(result, { session: last })
        },
      }
    },
    'is never taken for another, however many come at once',
  ],
}

const everyAnswer = 'of a refresh are one cookie, be the answer a page, a refusal, a failure, a stream or a sign-out'

describe('the mount contract fails a mount that', () => {
  it.each(Object.entries(mistakes))('%s', async (_, [mistake, ...titles]) => {
    expect(await failuresOf(mistake)).toEqual(expect.arrayContaining(titles))
  })

  it.each<[string, (answer: SentAnswer) => boolean, string]>([
    [
      'answers of guards',
      ({ path }) => path === '/protected',
      'is refreshed in front of the handler, and reaches the browser',
    ],
    [
      'answers to tokens and changes',
      ({ path }) => path === '/several-calls',
      'of several readings, a refresh and a change in one request are one cookie, the newest',
    ],
    ['streams', ({ path }) => path === '/protected-stream', everyAnswer],
    ['failures', ({ status }) => status === 500, everyAnswer],
    ['refusals', ({ path }) => path === '/stepped-up', everyAnswer],
    ['sign-outs', ({ path }) => path.endsWith('/logout'), everyAnswer],
    [
      'sign-ins',
      ({ path }) => path.includes('/callback'),
      'goes to the vendor and comes back, with every cookie on a line of its own',
    ],
  ])('sets a cookie twice in %s', async (_, isDoubled, title) => {
    expect(await failuresOn(doublingMount(bareMount, isDoubled))).toContain(title)
  })

  it('only stands behind a proxy: never', async () => {
    expect(await failuresOn(doublingMount(bareMount, () => false))).toEqual([])
  })

  it('has no mistake: never', async () => {
    expect(await failuresOf(() => ({}))).toEqual([])
  })
})
