import { type Auth, AuthError, type AuthenticatedBearer, type Grant, type AuthenticatedSession } from '@latchkey/core'
import { NextRequest } from 'next/server'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { cookieNames, createExampleAuth, halfIdleSeconds, opening, origin, page } from '../test/example-auth.ts'
import { latchkey } from './index.ts'

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
    const handle = async (_request: Request, extra?: { frameworkRequest?: unknown }) => Response.json(extra?.frameworkRequest !== undefined)
    const { handlers } = latchkey({ routes: [], handle } as unknown as Auth)
    expect(await (await handlers.POST(page('/auth/logout'))).json()).toBe(true)
  })

  it.each([
    [undefined, '/auth/session?a=b', '/auth/session?a=b'],
    [undefined, '/auth/session/?a=b/', '/auth/session?a=b/'],
    ['/docs/v1', '/auth/session?a=b', '/docs/v1/auth/session?a=b'],
  ] as const)('puts the basePath %s, which Next hides, before %s', async (basePath, shown, whole) => {
    const auth = {
      routes: [],
      handle: async (request: Request) => Response.json([request.url, await request.text()]),
      requireSession: () => Promise.reject(new AuthError('auth/session_required', { status: 401, hint: '' })),
      refusal: (_error: unknown, { url }: { url: string }) => Response.json(url),
    } as unknown as Auth
    const { handlers, route } = latchkey(auth, basePath === undefined ? {} : { basePath })
    const posted = new NextRequest(origin + shown, { method: 'POST', body: 'the body' })
    expect(await (await handlers.POST(posted)).json()).toEqual([origin + whole, 'the body'])
    expect(await (await handlers.GET(page(shown, { rsc: '1' }))).json()).toEqual([origin + whole, ''])
    const refused = await route({ session: {} }, () => new Response())(page('/account'), {})
    expect(await refused.json()).toBe(`${origin}${basePath ?? ''}/account`)
  })

  it('refuses options that are none', () => {
    const auth = {} as Auth
    for (const options of [{ basePath: 'docs' }, { basePath: '/docs/' }, { basepath: '/docs' }]) {
      expect(() => latchkey(auth, options as never)).toThrow(
        expect.objectContaining({ code: 'core/invalid_option' }),
      )
    }
  })

  it('gives out functions that cannot be made into Server Actions', () => {
    const { handlers, proxy, getSession, requireSession, route } = createExampleAuth()
    const guarded = route({ session: {} }, () => new Response())
    for (const given of [handlers.GET, handlers.POST, proxy, getSession, requireSession, route, guarded]) {
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
    { 'sec-fetch-dest': 'empty' },
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
    expect((await me(page('/api/me', { cookie }), {})).status).toBe(401)
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
    const refused = await guarded(api('/api/me'), {})
    expect([refused.status, await codeOf(refused)]).toEqual([401, 'auth/session_required'])
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('cache-control')).toBe('private, no-store')
    const sent = await guarded(page('/report?page=2'), {})
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
      async (request, { grant, params }: { readonly grant: AuthenticatedSession; readonly params: Promise<{ id: string }> }) =>
        Response.json([request.nextUrl.pathname, grant.session.identities.acme?.subject, (await params).id]),
    )
    const response = await guarded(api('/api/7', { cookie: await signIn() }), { params: Promise.resolve({ id: '7' }) })
    expect(await response.json()).toEqual(['/api/7', 'ada', '7'])
  })

  it('refuses a session that does not meet the requirement, and a change that another site asks for', async () => {
    const { route, signIn, pass } = createExampleAuth()
    const cookie = await signIn()
    const guarded = route({ session: { maxAuthAgeSeconds: 300 } }, () => new Response('protected'))
    const changed = (site: string) => guarded(api('/', { cookie, 'sec-fetch-site': site }, 'POST'), {})
    expect((await changed('same-origin')).status).toBe(200)
    expect(await codeOf(await changed('cross-site'))).toBe('core/cross_origin')
    expect(await codeOf(await changed('same-site'))).toBe('core/cross_origin')
    pass(301)
    expect(await codeOf(await guarded(api('/', { cookie }), {}))).toBe('auth/step_up_required')
  })

  it('takes an access token where one is required, and either where both are', async () => {
    const { route, signIn } = createExampleAuth()
    const token = `${btoa('{}')}.${btoa(JSON.stringify({ iss: 'https://vendor.example' }))}.c2ln`.replaceAll('=', '')
    const bearer = { authorization: `Bearer ${token}` }
    const cookie = await signIn()
    const kind = (_request: NextRequest, { grant }: { readonly grant: Grant }) => new Response(grant.kind)
    const onlyToken = route({ bearer: {} }, kind)
    const either = route({ session: {}, bearer: {} }, kind)
    expect(await (await onlyToken(api('/', bearer), {})).text()).toBe('bearer')
    expect(await codeOf(await onlyToken(api('/', { cookie }), {}))).toBe('auth/bearer_required')
    expect(await (await either(api('/', bearer), {})).text()).toBe('bearer')
    expect(await (await either(api('/', { cookie }), {})).text()).toBe('session')
    expect((await either(api('/'), {})).status).toBe(401)
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
    const response = await route({ session: {} }, () => own)(api('/', { cookie }), {})
    expect(cookieNames(response)).toEqual(['app', 'app2', '__Host-latchkey', '__Host-latchkey.1'])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Accept-Language, Cookie')
    expect(await response.text()).toBe('own')
    // Its headers are immutable.
    const redirected = await route({ session: {} }, () => Response.redirect(`${origin}/x`))(api('/', { cookie }), {})
    expect([redirected.status, redirected.headers.get('location')]).toEqual([302, `${origin}/x`])
    expect(cookieNames(redirected)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
  })

  it('streams what the handler streams', async () => {
    const { route, signIn } = createExampleAuth()
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const response = await route({ session: {} }, () => new Response(readable))(
      api('/', { cookie: await signIn() }),
      {},
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
      })(api('/', { cookie }), {})
    await expect(failing(new TypeError('of the app'))).rejects.toThrow('of the app')
    pass(halfIdleSeconds + 1)
    const response = await failing(new AuthError('app/teapot', { status: 418, hint: 'An error of the app.' }))
    expect([response.status, await codeOf(response), cookieNames(response)]).toEqual([
      418,
      'app/teapot',
      ['__Host-latchkey'],
    ])
  })

  it('refuses a requirement that requires nothing when the module is loaded', () => {
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
    route({ session: { maxAgeSecond: 300 } }, handler)
    // @ts-expect-error a misspelt member beside a known one
    route({ session: { provider: 'acme', maxAgeSecond: 300 } }, handler)
    // @ts-expect-error a provider that is not installed
    route({ session: { provider: 'unheard-of' } }, handler)
  })

  it('knows what it grants', () => {
    const { route } = createExampleAuth()
    route({ session: {} }, (_request, { grant }) => {
      expectTypeOf(grant).toEqualTypeOf<AuthenticatedSession>()
      return new Response()
    })
    route({ bearer: {} }, (_request, { grant }) => {
      expectTypeOf(grant).toEqualTypeOf<AuthenticatedBearer>()
      return new Response()
    })
    route({ session: {}, bearer: {} }, (_request, { grant }) => {
      expectTypeOf(grant).toEqualTypeOf<AuthenticatedSession | AuthenticatedBearer>()
      return new Response()
    })
    const params = { params: Promise.resolve({ id: '7' }) }
    const withParams = route({ session: {} }, (_, __: { readonly grant: Grant } & typeof params) => new Response())
    expectTypeOf(withParams).toBeCallableWith(page('/'), params)
  })
})
