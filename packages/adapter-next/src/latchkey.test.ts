import {
  type Auth,
  AuthError,
  type Authenticated,
  type BearerToken,
  type FrameworkRequest,
  type Session,
} from '@latchkey/core'
import { notFound } from 'next/navigation.js'
import { NextRequest } from 'next/server.js'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import {
  cookieNames,
  cookiesOf,
  createExampleAuth,
  halfIdleSeconds,
  noParams,
  opening,
  origin,
  page,
} from '../test/example-auth.ts'
import { latchkey, type Requirement } from './index.ts'

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: string }).code

describe('latchkey', () => {
  it('asks the factory at the first request and not before, and again only if it failed', async () => {
    const made: string[] = []
    const auth = { routes: [], handle: async () => new Response('made') } as unknown as Auth
    const { handlers, route } = latchkey(() => {
      made.push('made')
      if (made.length === 1) throw new TypeError('SESSION_SECRET is missing')
      return auth
    })
    route({ session: {} }, () => new Response())
    expect(made).toEqual([])
    expect(() => handlers.GET(page('/auth/session'))).toThrow(TypeError)
    await handlers.GET(page('/auth/session'))
    await handlers.POST(page('/auth/session'))
    expect(made).toHaveLength(2)
  })

  it('takes an auth itself', async () => {
    const handle = async (_request: Request, extra?: { frameworkRequest?: unknown }) =>
      Response.json(extra?.frameworkRequest !== undefined)
    const { handlers } = latchkey({ routes: [], handle } as unknown as Auth)
    expect(await (await handlers.POST(page('/auth/logout'))).json()).toBe(true)
  })

  it.each([
    [undefined, '/auth/session?a=b', '/auth/session?a=b'],
    [undefined, '/auth/session/?a=b/', '/auth/session?a=b/'],
    [undefined, '/auth/session?return_url=/', '/auth/session?return_url=/'],
    ['/docs/v1', '/auth/session?a=b', '/docs/v1/auth/session?a=b'],
  ] as const)('puts the basePath %s, which Next hides, before %s', async (basePath, shown, whole) => {
    const auth = {
      routes: [],
      handle: async (request: Request) => Response.json([request.url, await request.text()]),
      requireSession: () => Promise.reject(new AuthError('auth/session_required', { status: 401, hint: '' })),
      errorResponse: (_error: unknown, { url }: { url: string }) => Response.json(url),
    } as unknown as Auth
    const { handlers, route } = latchkey(auth, basePath === undefined ? {} : { basePath })
    const posted = new NextRequest(origin + shown, { method: 'POST', body: 'the body' })
    expect(await (await handlers.POST(posted)).json()).toEqual([origin + whole, 'the body'])
    expect(await (await handlers.GET(page(shown, { rsc: '1' }))).json()).toEqual([origin + whole, ''])
    const refused = await route({ session: {} }, () => new Response())(page('/account'), noParams)
    expect(await refused.json()).toBe(`${origin}${basePath ?? ''}/account`)
  })

  it.each([
    ['', '/', '/'],
    ['', '/?a=/', '/?a=/'],
    ['/docs', '/', '/docs'],
    ['/docs', '/?a=/', '/docs?a=/'],
    ['/docs', '/a/', '/docs/a/'],
  ] as const)('comes back below the basePath %s to %s as Next itself writes it', async (basePath, shown, whole) => {
    const auth = {
      routes: [],
      requireSession: () => Promise.reject(new AuthError('auth/session_required', { status: 401, hint: '' })),
      errorResponse: (_error: unknown, { url }: { url: string }) => Response.json(url),
    } as unknown as Auth
    const { route } = latchkey(auth, basePath === '' ? {} : { basePath })
    const refused = await route({ session: {} }, () => new Response())(page(shown), noParams)
    expect(await refused.json()).toBe(origin + whole)
  })

  it.each(['', '/docs'] as const)(
    'leads home after a sign-in and a sign-out: below the basePath "%s"',
    async (basePath) => {
      const { handlers } = createExampleAuth({ basePath: `${basePath}/auth` }, basePath === '' ? {} : { basePath })
      const home = basePath || '/'
      const locations: (string | null)[] = []
      for (const query of ['', '?return_url=/elsewhere']) {
        const begun = await handlers.GET(page(`/auth/acme/login${query}`))
        const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
        const callback = page(`/auth/acme/callback?state=${encodeURIComponent(state)}`, { cookie: cookiesOf(begun) })
        locations.push((await handlers.GET(callback)).headers.get('location'))
      }
      const signOut = new NextRequest(`${origin}/auth/logout`, {
        method: 'POST',
        headers: {
          origin,
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...opening,
        },
      })
      locations.push((await handlers.POST(signOut)).headers.get('location'))
      expect(locations).toEqual([home, '/elsewhere', home])
    },
  )

  it('refuses options that are none', () => {
    const auth = {} as Auth
    for (const options of [{ basePath: 'docs' }, { basePath: '/docs/' }, { basepath: '/docs' }]) {
      expect(() => latchkey(auth, options as never)).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
    }
  })

  it('has a handler for the preflights of trusted pages', async () => {
    const trusted = 'https://web.app.example'
    const { handlers } = createExampleAuth({ trustedOrigins: [trusted] })
    const headers = { origin: trusted, 'access-control-request-method': 'POST' }
    const answer = await handlers.OPTIONS(new NextRequest(`${origin}/auth/logout`, { method: 'OPTIONS', headers }))
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, trusted])
  })

  it('gives out functions that cannot be made into Server Actions', () => {
    const { handlers, proxy, getSession, requireSession, route } = createExampleAuth()
    const guarded = route({ session: {} }, () => new Response())
    for (const given of [
      handlers.GET,
      handlers.POST,
      handlers.OPTIONS,
      proxy,
      getSession,
      requireSession,
      route,
      guarded,
    ]) {
      // What Next does to each export of a `use server` module.
      expect(() =>
        Object.defineProperties(given, { $$typeof: { value: Symbol.for('react.server.reference') } }),
      ).toThrow(TypeError)
    }
    expect(Object.isFrozen(handlers)).toBe(true)
  })
})

describe('the routes', () => {
  it('begin a login when a user opens them', async () => {
    const { handlers } = createExampleAuth()
    const response = await handlers.GET(page('/auth/acme/login'))
    expect([response.status, cookieNames(response)]).toEqual([303, [expect.stringMatching(/^__Host-latchkey.acme./)]])
  })

  it.each<Record<string, string>>([
    { rsc: '1' },
    { 'next-router-prefetch': '1' },
    { 'next-router-segment-prefetch': '/_tree' },
    { 'next-router-state-tree': 'x' },
    { 'next-url': '/links' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-purpose': 'prefetch' },
  ])('begin none for %j, and send it nowhere', async (headers) => {
    const { handlers } = createExampleAuth({ pages: { error: '/oops' } })
    for (const sent of [headers, { ...opening, ...headers }]) {
      const response = await handlers.GET(new NextRequest(`${origin}/auth/acme/login`, { headers: sent }))
      expect(cookieNames(response)).toEqual([])
      if (!('sec-purpose' in headers))
        expect([response.status, await codeOf(response)]).toEqual([400, 'core/not_a_navigation'])
    }
  })

  it("tell a script who is signed in, with Next's headers or without", async () => {
    const { handlers, signIn } = createExampleAuth()
    const cookie = await signIn()
    for (const headers of [{ cookie }, { cookie, rsc: '1' }]) {
      const response = await handlers.GET(new NextRequest(`${origin}/auth/session`, { headers }))
      expect(await response.json()).toMatchObject({ signedIn: true })
    }
  })

  it('sign out by a form', async () => {
    const { handlers, route, signIn } = createExampleAuth()
    const cookie = await signIn()
    const headers = { ...opening, cookie, 'sec-fetch-site': 'same-origin' }
    const response = await handlers.POST(new NextRequest(`${origin}/auth/logout`, { method: 'POST', headers }))
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(response.headers.getSetCookie()).toContainEqual(expect.stringMatching(/^__Host-latchkey=; Max-Age=0;/))
    const me = route({ session: {} }, () => new Response())
    expect((await me(page('/api/me', { cookie }), noParams)).status).toBe(401)
  })
})

describe('route', () => {
  const api = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new NextRequest(origin + path, { method, headers })

  it('answers who has no session: a script with a problem document, a user with the way to sign in', async () => {
    const { route } = createExampleAuth({ pages: { signIn: '/sign-in' } })
    let ran = false
    const guarded = route({ session: {} }, () => {
      ran = true
      return new Response('protected')
    })
    const refused = await guarded(api('/api/me'), noParams)
    expect([refused.status, await codeOf(refused)]).toEqual([401, 'auth/session_required'])
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('cache-control')).toBe('private, no-store')
    const sent = await guarded(page('/report?page=2'), noParams)
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      '/sign-in?return_url=%2Freport%3Fpage%3D2&code=auth%2Fsession_required',
    ])
    expect(ran).toBe(false)
  })

  it('gives the handler its request, its context and what was granted', async () => {
    const { route, signIn } = createExampleAuth()
    const guarded = route(
      { session: { maxAuthAgeSeconds: 300 } },
      async (request, { session, params }: { readonly session: Session; readonly params: Promise<{ id: string }> }) =>
        Response.json([request.nextUrl.pathname, session.identities.acme?.subject, (await params).id]),
    )
    const response = await guarded(api('/api/7', { cookie: await signIn() }), { params: Promise.resolve({ id: '7' }) })
    expect(await response.json()).toEqual(['/api/7', 'ada', '7'])
  })

  it('refuses a session that does not meet the requirement, and a change that another site asks for', async () => {
    const { route, signIn, pass } = createExampleAuth()
    const cookie = await signIn()
    const guarded = route({ session: { maxAuthAgeSeconds: 300 } }, () => new Response('protected'))
    const changed = (site: string) => guarded(api('/', { cookie, 'sec-fetch-site': site }, 'POST'), noParams)
    expect((await changed('same-origin')).status).toBe(200)
    expect(await codeOf(await changed('cross-site'))).toBe('core/cross_origin')
    expect(await codeOf(await changed('same-site'))).toBe('core/cross_origin')
    pass(301)
    expect(await codeOf(await guarded(api('/', { cookie }), noParams))).toBe('auth/step_up_required')
  })

  it('takes an access token where one is required, and either where both are', async () => {
    const { route, signIn } = createExampleAuth()
    const token = `${btoa('{}')}.${btoa(JSON.stringify({ iss: 'https://vendor.example' }))}.c2ln`.replaceAll('=', '')
    const bearer = { authorization: `Bearer ${token}` }
    const cookie = await signIn()
    const onlyToken = route({ bearer: {} }, (_request, { bearer: { subject } }) => new Response(subject))
    const either = route({ session: {}, bearer: {} }, (_request, { auth: { kind } }) => new Response(kind))
    expect(await (await onlyToken(api('/', bearer), noParams)).text()).toBe('ada')
    expect(await codeOf(await onlyToken(api('/', { cookie }), noParams))).toBe('auth/bearer_required')
    expect(await (await either(api('/', bearer), noParams)).text()).toBe('bearer')
    expect(await (await either(api('/', { cookie }), noParams)).text()).toBe('session')
    expect((await either(api('/'), noParams)).status).toBe(401)
  })

  it("sets the session's headers beside those of the handler, whatever kind of response it is", async () => {
    const { route, signIn, pass } = createExampleAuth()
    const cookie = await signIn('?large')
    pass(halfIdleSeconds + 1)
    const own = new Response('own', {
      headers: [
        ['set-cookie', 'app=1'],
        ['set-cookie', 'app2=1'],
        ['cache-control', 'public, max-age=60'],
        ['vary', 'Accept-Language'],
      ],
    })
    const response = await route({ session: {} }, () => own)(api('/', { cookie }), noParams)
    expect(cookieNames(response)).toEqual(['app', 'app2', '__Host-latchkey', '__Host-latchkey.1'])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Accept-Language, Cookie')
    expect(await response.text()).toBe('own')
    // Its headers are immutable.
    const redirected = await route({ session: {} }, () => Response.redirect(`${origin}/x`))(
      api('/', { cookie }),
      noParams,
    )
    expect([redirected.status, redirected.headers.get('location')]).toEqual([302, `${origin}/x`])
    expect(cookieNames(redirected)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
  })

  it('streams what the handler streams', async () => {
    const { route, signIn } = createExampleAuth()
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const response = await route({ session: {} }, () => new Response(readable))(
      api('/', { cookie: await signIn() }),
      noParams,
    )
    const writer = writable.getWriter()
    const reader = response.body?.getReader()
    void writer.write(new TextEncoder().encode('first'))
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first')
    void writer.close()
    expect((await reader?.read())?.done).toBe(true)
  })

  it('answers an error of ours in the handler, with the cookies that are due, and hides no other', async () => {
    const { route, signIn, pass } = createExampleAuth()
    const cookie = await signIn()
    const failing = (error: unknown) =>
      route({ session: {} }, () => {
        throw error
      })(api('/', { cookie }), noParams)
    await expect(failing(new TypeError('of the app'))).rejects.toThrow('of the app')
    pass(halfIdleSeconds + 1)
    const response = await failing(new AuthError('app/teapot', { status: 418, hint: 'An error of the app.' }))
    expect([response.status, await codeOf(response), cookieNames(response)]).toEqual([
      418,
      'app/teapot',
      ['__Host-latchkey'],
    ])
  })

  it.each([
    ['a failure', () => Promise.reject(new TypeError('of the app')), 500],
    ['notFound()', () => notFound(), 404],
  ])('loses no refresh where Next would answer without cookies: %s', async (_, fail, status) => {
    const logged = vi.spyOn(console, 'error').mockReturnValue()
    const { route, signIn } = createExampleAuth()
    const handler = route({ session: {} }, fail)
    const response = await handler(api('/', { cookie: await signIn('?due&large') }), noParams)
    expect([response.status, cookieNames(response)]).toEqual([status, ['__Host-latchkey', '__Host-latchkey.1']])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(logged.mock.calls).toEqual(status === 500 ? [[new TypeError('of the app')]] : [])
    await expect(handler(api('/', { cookie: await signIn() }), noParams)).rejects.toThrow()
    logged.mockRestore()
  })

  it('refuses a requirement that requires nothing, or not what it seems to, when the module is loaded', () => {
    const { route } = createExampleAuth()
    const handler = () => new Response()
    const refusal = expect.objectContaining({ code: 'core/invalid_option' })
    // @ts-expect-error it names neither
    expect(() => route({}, handler)).toThrow(refusal)
    // @ts-expect-error a misspelt kind
    expect(() => route({ sesion: {} }, handler)).toThrow(refusal)
    // @ts-expect-error a misspelt kind beside a known one
    expect(() => route({ session: {}, barer: {} }, handler)).toThrow(refusal)
    // @ts-expect-error no requirement at all
    expect(() => route(undefined, handler)).toThrow(refusal)
    // @ts-expect-error a misspelt member
    expect(() => route({ session: { maxAgeSecond: 300 } }, handler)).toThrow(refusal)
    // @ts-expect-error a misspelt member beside a known one
    expect(() => route({ session: { provider: 'acme', maxAgeSecond: 300 } }, handler)).toThrow(refusal)
    // @ts-expect-error a provider that is not installed: refused by the first request, before which there is no auth
    route({ session: { provider: 'unheard-of' } }, handler)
  })

  it('refuses a member that is undefined when the module is loaded: it would let everyone pass', () => {
    const { route } = createExampleAuth()
    const handler = () => new Response()
    const refusal = expect.objectContaining({ code: 'core/invalid_option' })
    // @ts-expect-error a member that is undefined
    expect(() => route({ session: { tenant: undefined } }, handler)).toThrow(refusal)
    // @ts-expect-error a member that is undefined
    expect(() => route({ bearer: { scopes: undefined } }, handler)).toThrow(refusal)
    // @ts-expect-error a member that is undefined, beside another kind
    expect(() => route({ session: {}, bearer: { kind: undefined } }, handler)).toThrow(refusal)
    // What the type allows to tell the kinds apart.
    expect(() => route({ session: {}, bearer: undefined }, handler)).toThrow(refusal)
    expect(() => route({ session: undefined, bearer: {} }, handler)).toThrow(refusal)
  })

  it('knows what it grants, and infers the parameters of the route alone', () => {
    const { route } = createExampleAuth()
    const params = { params: Promise.resolve({ id: '7' }) }
    route({ session: {} }, (_request, { session, ...rest }) => {
      expectTypeOf(session).toEqualTypeOf<Session>()
      expectTypeOf(rest).not.toHaveProperty('bearer')
      return new Response()
    })
    route({ bearer: {} }, (_request, { bearer, ...rest }) => {
      expectTypeOf(bearer).toEqualTypeOf<BearerToken>()
      expectTypeOf(rest).not.toHaveProperty('session')
      return new Response()
    })
    route({ session: {}, bearer: {} }, (_request, { auth, ...rest }) => {
      expectTypeOf(auth).toEqualTypeOf<Authenticated>()
      expectTypeOf(rest).not.toHaveProperty('session')
      return new Response()
    })
    const withParams = route({ session: {} }, (_, __: { readonly session: Session } & typeof params) => new Response())
    expectTypeOf(withParams).toBeCallableWith(page('/'), params)
    expectTypeOf<Parameters<typeof withParams>[1]>().toEqualTypeOf<{ readonly params: Promise<{ id: string }> }>()
    // `where` is given what it is to judge.
    route({ session: { where: (session) => session.data.theme === 'dark' } }, () => new Response())
    route({ session: {}, bearer: { where: ({ scopes }) => scopes.includes('a') } }, () => new Response())
    const shared: Requirement = { session: {} }
    route(shared, () => new Response())
    // @ts-expect-error no bearer is granted by a session
    route({ session: {} }, (_, __: { readonly bearer: BearerToken }) => new Response())
  })
})

describe('the session in a route handler', () => {
  const get = (cookie: string) => page('/api/report', { cookie })
  const byScript = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }

  it('is refreshed, read and changed as often as one likes, with one Set-Cookie per name: the newest', async () => {
    const { route, signIn, getSession, getAccessToken, updateSession } = createExampleAuth()
    const cookie = await signIn('?due&large')
    const handler = route({ session: {} }, async () => {
      const tokens = [await getAccessToken('acme'), await getAccessToken('acme')]
      await updateSession({ theme: 'dark' })
      const changed = await updateSession({ font: 'serif' })
      const read = await getSession()
      return Response.json({ tokens, changed: changed.data, read: read?.data, name: read?.user.profile.name })
    })
    const response = await handler(get(cookie), noParams)
    const { tokens, ...seen } = (await response.json()) as { readonly tokens: readonly string[] }
    expect(tokens[0]).toMatch(/-1$/)
    expect(tokens[1]).toBe(tokens[0])
    const data = { theme: 'dark', font: 'serif' }
    expect(seen).toEqual({ changed: data, read: data, name: 'Ada, refreshed 1' })
    expect(cookieNames(response)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')

    const next = await route({ session: {} }, (_request, { session }) => Response.json(session))(
      get(cookiesOf(response)),
      noParams,
    )
    expect(await next.json()).toMatchObject({ data, user: { profile: { name: 'Ada, refreshed 1' } } })
    expect(cookieNames(next)).toEqual([])
  })

  it('takes the place of a cookie of its name that the handler sets itself, and of no other', async () => {
    const { route, signIn, updateSession } = createExampleAuth()
    const response = await route({ session: {} }, async () => {
      await updateSession({ theme: 'dark' })
      return new Response(null, {
        headers: [
          ['set-cookie', '__Host-latchkey=own'],
          ['set-cookie', 'app=1'],
        ],
      })
    })(get(await signIn()), noParams)
    expect(cookieNames(response)).toEqual(['app', '__Host-latchkey'])
    expect(response.headers.getSetCookie()[1]).not.toContain('=own')
  })

  it('is changed at the same time by several, and none is lost', async () => {
    const { route, signIn, updateSession } = createExampleAuth()
    const response = await route({ session: {} }, async () => {
      await Promise.all([updateSession({ theme: 'dark' }), updateSession({ font: 'serif' })])
      return new Response()
    })(get(await signIn()), noParams)
    const next = await route({ session: {} }, (_request, { session }) => Response.json(session.data))(
      get(cookiesOf(response)),
      noParams,
    )
    expect(await next.json()).toEqual({ theme: 'dark', font: 'serif' })
  })

  it('is that of its own request, however many run at once', async () => {
    const { route, signIn, getSession } = createExampleAuth()
    const handler = route({ session: {} }, async () => {
      await new Promise((resolve) => void setTimeout(resolve))
      return Response.json((await getSession())?.user.subject)
    })
    const subjects = ['ada', 'eve', 'joe']
    const cookies = await Promise.all(subjects.map((subject) => signIn(`?subject=${subject}`)))
    const answers = await Promise.all(cookies.map((cookie) => handler(get(cookie), noParams)))
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(subjects)
  })

  it('refreshes nothing and changes nothing once the response has its headers', async () => {
    const { route, signIn, getAccessToken, updateSession, pass } = createExampleAuth()
    let late: Promise<string> | undefined
    let lateChange: Promise<unknown> | undefined
    const response = await route({ session: {} }, () => {
      const answered = new Promise((resolve) => void setTimeout(resolve, 20))
      late = answered.then(() => {
        pass(1801)
        return getAccessToken('acme')
      })
      lateChange = answered.then(() => updateSession({ theme: 'dark' }))
      lateChange.catch(() => {})
      return new Response()
    })(get(await signIn()), noParams)
    expect(cookieNames(response)).toEqual([])
    expect(await late).toBe('example-canary-token')
    await expect(lateChange).rejects.toThrow('before a route handler has answered')
  })

  it('answers what the vendor does not give with a coded error', async () => {
    const { route, signIn, getAccessToken, pass } = createExampleAuth({
      refresh: async () => ({ kind: 'failed', code: 'acme/down' }),
    })
    const cookie = await signIn()
    const handler = route({ session: {} }, async () => new Response(await getAccessToken('acme')))
    expect((await handler(page('/', { cookie, ...byScript }), noParams)).status).toBe(200)
    pass(3500)
    const prolonged = cookiesOf(await handler(page('/', { cookie }), noParams))
    pass(200)
    const refused = await handler(page('/api', { cookie: prolonged, ...byScript }), noParams)
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'auth/tokens_unavailable'])
  })

  it('is changed by no other site', async () => {
    const { route, signIn, updateSession } = createExampleAuth()
    const cookie = await signIn()
    const handler = route({ session: { crossOrigin: 'allow' } }, async () =>
      Response.json(await updateSession({ theme: 'x' })),
    )
    const post = (site: string) =>
      handler(new NextRequest(origin, { method: 'POST', headers: { cookie, 'sec-fetch-site': site } }), noParams)
    expect((await post('same-origin')).status).toBe(200)
    expect(await codeOf(await post('cross-site'))).toBe('core/cross_origin')
  })
})

describe('the request of the framework', () => {
  it('has the type of Next', () => {
    expectTypeOf<FrameworkRequest>().toEqualTypeOf<NextRequest>()
  })
})
