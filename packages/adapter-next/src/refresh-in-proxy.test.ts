import type { Auth, Session, Store } from '@latchkey/core'
import { NextRequest, NextResponse } from 'next/server.js'
import { describe, expect, it } from 'vitest'
import {
  cookieNames,
  createExampleAuth,
  halfIdleSeconds,
  noParams,
  opening,
  origin,
  page,
} from '../test/example-auth.ts'
import { latchkey } from './index.ts'

const nameOf = (session: Session | null): string | undefined => session?.identities.acme?.profile.name

/** The Cookie header that what runs behind the proxy sees, if the proxy changes it. */
const cookieBehind = (response: Response): string | null => response.headers.get('x-middleware-request-cookie')

/** The request header by which the proxy says that it has refreshed. */
const markName = 'x-latchkey-refreshed'

const uncached = (response: Response): boolean => response.headers.get('cache-control') === 'private, no-store'

describe('the proxy', () => {
  it('refreshes when a user opens a page, and lets the page see it', async () => {
    const { proxy, route, signIn } = createExampleAuth()
    const cookie = `first=a%20b; ${await signIn('?due&large')}; odd="%zz`
    const response = await proxy(page('/', { cookie, 'x-kept': '1' }))
    expect(cookieNames(response)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    expect(uncached(response)).toBe(true)
    expect(response.headers.get('vary')).toBe('Cookie')

    const behind = cookieBehind(response) ?? ''
    expect(behind.split('; ').map((pair) => pair.split('=', 1)[0])).toEqual([
      'first',
      'odd',
      '__Host-latchkey',
      '__Host-latchkey.1',
    ])
    expect(behind).toMatch(/^first=a%20b; odd="%zz; /)
    expect(response.headers.get('x-middleware-override-headers')?.split(',')).toEqual(
      expect.arrayContaining(['cookie', 'x-kept', 'accept']),
    )
    const me = route({ session: {} }, (_request, { session }) => Response.json(nameOf(session)))
    const seen = await me(page('/', { cookie: behind }), noParams)
    expect(await seen.json()).toMatch(/^Ada, refreshed/)
    expect(cookieNames(seen)).toEqual([])
  })

  it('prolongs a session of which half the idle time is gone', async () => {
    const { proxy, signIn, pass } = createExampleAuth()
    const cookie = await signIn()
    pass(halfIdleSeconds + 1)
    expect(cookieNames(await proxy(page('/', { cookie })))).toEqual(['__Host-latchkey'])
  })

  it('takes the cookies of a session that ended out of the request', async () => {
    const { proxy, signIn } = createExampleAuth({ refresh: async () => ({ kind: 'ended', reason: 'revoked' }) })
    const response = await proxy(page('/', { cookie: `app=1; ${await signIn('?due')}` }))
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-latchkey=; Max-Age=0;/)])
    expect(cookieBehind(response)).toBe('app=1')
  })

  it('leaves a response alone where nothing is due or no one is signed in', async () => {
    const { proxy, signIn } = createExampleAuth()
    for (const cookie of [await signIn(), 'app=1', '__Host-latchkey=forged']) {
      const response = await proxy(page('/', { cookie }))
      expect([...response.headers]).toEqual([['x-middleware-next', '1']])
    }
  })

  it.each<[string, string, Record<string, string>]>([
    ['a prefetch of the browser', 'GET', { ...opening, 'sec-purpose': 'prefetch;prerender' }],
    ['a prefetch of an older browser', 'GET', { ...opening, purpose: 'prefetch' }],
    ["a prefetch of Next's router", 'GET', { ...opening, 'next-router-prefetch': '1' }],
    ["a segment prefetch of Next's router", 'GET', { ...opening, 'next-router-segment-prefetch': '/_tree' }],
    ["a render for Next's router", 'GET', { ...opening, rsc: '1' }],
    [
      "a render for Next's router, as a proxy sees it",
      'GET',
      { ...opening, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    ],
    ['the same of a browser without Sec-Fetch-Dest', 'GET', { accept: '*/*' }],
    ['HEAD', 'HEAD', opening],
    ['a form', 'POST', opening],
  ])('refreshes nothing for %s', async (_, method, headers) => {
    const { proxy, signIn } = createExampleAuth()
    const request = page('/', { cookie: await signIn('?due') })
    const other = new Request(request, { method, headers: { cookie: request.headers.get('cookie') ?? '', ...headers } })
    const response = await proxy(new (request.constructor as typeof NextRequest)(other))
    expect([...response.headers]).toEqual([['x-middleware-next', '1']])
  })

  it('leaves the routes of the auth to themselves', async () => {
    const { proxy, signIn } = createExampleAuth()
    const cookie = await signIn('?due')
    expect(cookieNames(await proxy(page('/auth/acme/callback?state=1', { cookie })))).toEqual([])
    expect(cookieNames(await proxy(page('/auth/other', { cookie })))).toEqual(['__Host-latchkey'])
  })

  it('leaves them to themselves below a base path, with a slash at their end and a locale before them', async () => {
    const { proxy, signIn } = createExampleAuth({ basePath: '/docs/auth' })
    const cookie = await signIn('?due', '/docs/auth')
    const nextConfig = { basePath: '/docs', trailingSlash: true, i18n: { locales: ['en', 'de'], defaultLocale: 'en' } }
    const at = (path: string): NextRequest => new NextRequest(page(path, { cookie }), { nextConfig })
    for (const path of ['/docs/auth/acme/callback', '/docs/auth/acme/callback/', '/docs/de/auth/acme/callback/']) {
      expect(cookieNames(await proxy(at(path)))).toEqual([])
    }
    expect(cookieNames(await proxy(at('/docs/account/')))).toEqual(['__Host-latchkey'])
  })

  it('has a route handler that it refreshed for asked again: two cookies of one name would meet', async () => {
    const { proxy, signIn, route, handlers } = createExampleAuth()
    const cookie = await signIn('?due')
    const response = await proxy(page('/reports/?of=/', { cookie }))
    const behind = page('/inner', {
      cookie: cookieBehind(response) ?? '',
      [markName]: response.headers.get(`x-middleware-request-${markName}`) ?? '',
    })
    let runs = 0
    const handler = route({ session: {} }, () => new Response(String(++runs)))
    for (const answer of [await handler(behind, noParams), await handlers.GET(behind)]) {
      expect([answer.status, answer.headers.get('location')]).toEqual([307, '/reports/?of=/'])
      expect([cookieNames(answer), uncached(answer)]).toEqual([[], true])
    }
    const again = await handler(page('/reports/?of=/', { cookie: cookieBehind(response) ?? '' }), noParams)
    expect([await again.text(), runs]).toEqual(['1', 1])
  })

  it.each<[string, Record<string, string>]>([
    ['a page that is opened', {}],
    ['any other request', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ])('lets nobody else say that it refreshed: %s', async (_, headers) => {
    const { proxy, signIn } = createExampleAuth()
    const request = page('/', { cookie: await signIn(), [markName]: '/elsewhere', ...headers })
    for (const own of [undefined, () => NextResponse.next()]) {
      const passed = await proxy(new NextRequest(request), own)
      expect(passed.headers.get('x-middleware-override-headers')?.split(',')).toContain('cookie')
      expect(passed.headers.get('x-middleware-override-headers')?.split(',')).not.toContain(markName)
      expect(passed.headers.get(`x-middleware-request-${markName}`)).toBeNull()
    }
  })

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example/', 'evil', ''])(
    'sends nobody to %s, whatever a request says',
    async (target) => {
      const { route, handlers } = createExampleAuth()
      const request = page('/auth/session', { [markName]: target })
      const handler = route({ session: {} }, () => new Response())
      expect([(await handler(request, noParams)).status, (await handlers.GET(request)).status]).toEqual([401, 200])
    },
  )

  it('answers what it cannot read with a problem, never with a redirect that comes by again', async () => {
    const { proxy } = createExampleAuth({ baseUrl: [origin, 'https://other.example'], pages: { error: '/oops' } })
    const response = await proxy(page('/', { host: 'evil.example' }))
    expect([response.status, await response.json()]).toMatchObject([421, { code: 'core/unknown_host' }])

    const fail = () => Promise.reject(new Error('down'))
    const store: Store = { get: fail, set: fail, add: fail, replace: fail, remove: fail }
    const down = createExampleAuth({ store, session: { strategy: 'store' }, pages: { error: '/oops' } })
    const unread = await down.proxy(page('/', { cookie: `__Host-latchkey=${'A'.repeat(43)}` }))
    expect([unread.status, await unread.json()]).toMatchObject([503, { code: 'auth/store_unavailable' }])
  })

  it('hides no error that is not ours', async () => {
    const broken = { routes: [], getSession: () => Promise.reject(new TypeError('broken')) }
    const { proxy } = latchkey(broken as unknown as Auth)
    await expect(proxy(page('/'))).rejects.toThrow(TypeError)
  })
})

describe("the app's own proxy", () => {
  it('gets the request with its cookies refreshed, and the session', async () => {
    const { proxy, signIn } = createExampleAuth()
    const request = page('/', { cookie: `app=1; ${await signIn('?due')}` })
    const before = request.cookies.get('__Host-latchkey')?.value
    await proxy(request, (given, session) => {
      expect(given).toBe(request)
      expect(nameOf(session)).toMatch(/^Ada, refreshed/)
      expect(given.cookies.get('__Host-latchkey')?.value).not.toBe(before)
      expect(given.headers.get('cookie')).toBe(`app=1; __Host-latchkey=${given.cookies.get('__Host-latchkey')?.value}`)
      return undefined
    })
  })

  it('gets the session of any other request too, and refreshes nothing by that', async () => {
    const { proxy, signIn } = createExampleAuth()
    const headers = { cookie: await signIn('?due'), 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
    const response = await proxy(page('/', headers), (_request, session) => NextResponse.json(nameOf(session)))
    expect(await response.json()).toBe('Ada')
    expect([cookieNames(response), uncached(response)]).toEqual([[], true])
    const anonymous = await proxy(page('/'), (_request, session) => NextResponse.json(session))
    expect([await anonymous.json(), uncached(anonymous)]).toEqual([null, true])
  })

  it('goes on with its headers and cookies, in a response that no cache keeps', async () => {
    const { proxy, signIn } = createExampleAuth()
    const response = await proxy(page('/', { cookie: await signIn('?due&large') }), () => {
      const own = NextResponse.next({ headers: { 'x-app': '1', vary: 'Accept-Language', 'cache-control': 'public' } })
      own.cookies.set('one', '1')
      own.cookies.set('two', '2')
      return own
    })
    expect(cookieNames(response)).toEqual(['one', 'two', '__Host-latchkey', '__Host-latchkey.1'])
    expect(response.headers.get('x-app')).toBe('1')
    expect(response.headers.get('vary')).toBe('Accept-Language, Cookie')
    expect(uncached(response)).toBe(true)
    expect(cookieBehind(response)).toContain('__Host-latchkey=')
  })

  it('may go on with what the proxy answers', async () => {
    const { proxy, signIn } = createExampleAuth()
    const response = await proxy(page('/', { cookie: await signIn('?due') }))
    response.cookies.set('app', '1')
    expect(cookieNames(response)).toEqual(['__Host-latchkey', 'app'])
  })

  it('may rewrite, and what it leads to sees the refreshed cookie', async () => {
    const { proxy, signIn } = createExampleAuth()
    const rewritten = (request: NextRequest) => NextResponse.rewrite(new URL('/other', request.url))
    const response = await proxy(page('/', { cookie: await signIn('?due') }), rewritten)
    expect(response.headers.get('x-middleware-rewrite')).toBe(`${origin}/other`)
    expect(response.headers.get('x-middleware-next')).toBeNull()
    expect(cookieBehind(response)).toContain('__Host-latchkey=')
  })

  it('may pass on request headers of its own', async () => {
    const { proxy, signIn } = createExampleAuth()
    const response = await proxy(page('/', { cookie: await signIn('?due') }), (request) => {
      const headers = new Headers(request.headers)
      headers.set('x-of-the-app', '1')
      return NextResponse.next({ request: { headers } })
    })
    expect(response.headers.get('x-middleware-request-x-of-the-app')).toBe('1')
    expect(cookieBehind(response)).toBe(response.headers.getSetCookie()[0]?.split(';', 1)[0])
  })

  it('may answer or redirect itself, and the request is not in that answer', async () => {
    const { proxy, signIn } = createExampleAuth()
    const cookie = await signIn('?due')
    for (const own of [
      NextResponse.redirect(`${origin}/sign-in`),
      Response.redirect(`${origin}/sign-in`, 307) as NextResponse,
      NextResponse.json({ own: true }, { status: 403 }),
    ]) {
      const response = await proxy(page('/', { cookie }), async () => own)
      expect(response.status).toBe(own.status)
      expect(response.headers.get('location')).toBe(own.headers.get('location'))
      expect(cookieNames(response)).toEqual(['__Host-latchkey'])
      expect([...response.headers.keys()].filter((name) => name.startsWith('x-middleware'))).toEqual([])
    }
  })
})
