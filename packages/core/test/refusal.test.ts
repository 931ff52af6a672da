import { describe, expect, it } from 'vitest'
import { AuthError, isAuthError } from '../src/index.ts'
import { createApp } from './app.ts'

const page = { accept: 'text/html', 'sec-fetch-dest': 'document' }
const pages = { signIn: '/sign-in', error: '/oops?from=auth', apiPaths: ['/api'] }

async function refused(
  options: Parameters<typeof createApp>[0],
  request: Request,
  requirement = {},
): Promise<{ response: Response; body: Record<string, unknown> | null }> {
  const { auth } = createApp(options)
  const error: unknown = await auth.requireSession(request, requirement).catch((thrown: unknown) => thrown)
  const response = auth.errorResponse(error, request)
  const text = await response.text()
  return { response, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) }
}

const get = (path: string, headers: Record<string, string> = {}): Request =>
  new Request(`https://app.example${path}`, { headers })

describe('the answer to a refused request', () => {
  it('is a problem document that says where to sign in', async () => {
    const { response, body } = await refused({}, get('/api/me'))
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(body).toEqual({
      type: 'about:blank',
      title: 'You are not signed in.',
      status: 401,
      code: 'auth/session_required',
      signInUrl: '/auth/acme/login',
    })
  })

  it('names the sign-in of the provider that is required, or the page for it', async () => {
    expect((await refused({}, get('/api'), { provider: 'beta' })).body?.signInUrl).toBe('/auth/beta/login')
    expect((await refused({ pages }, get('/api'))).body?.signInUrl).toBe('/sign-in')
    expect((await refused({ pages }, get('/api'), { provider: 'beta' })).body?.signInUrl).toBe('/auth/beta/login')
    expect((await refused({ providers: [] }, get('/api'))).body).not.toHaveProperty('signInUrl')
  })

  it('asks for a step-up with 403 and the way there', async () => {
    const { auth, browser: open } = createApp()
    const browser = open()
    await browser.signIn()
    const request = browser.request('/api/payroll')
    const error: unknown = await auth.requireSession(request, { provider: 'beta' }).catch((thrown: unknown) => thrown)
    const response = auth.errorResponse(error, request)
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { code: 'auth/step_up_required', signInUrl: '/auth/beta/login' },
    ])
  })

  it.each([
    [10, null],
    [11, '/oops?from=auth&code=auth%2Fstep_up_required'],
    [15, '/oops?from=auth&code=auth%2Fstep_up_required'],
  ])('leads to no sign-in where the proof is of %i s in the future: the next one would be, too', async (ahead, to) => {
    const { auth, browser: open, clock } = createApp({ pages })
    const browser = open()
    await browser.signIn({ authenticatedAt: clock.now + ahead, authTimeSource: 'auth_time' })
    const asked = async (headers: Record<string, string>): Promise<Response | null> => {
      const request = get('/reports', { ...headers, cookie: browser.header() })
      const error: unknown = await auth.requireSession(request, { maxAuthAgeSeconds: 60 }).catch((thrown) => thrown)
      return isAuthError(error) ? auth.errorResponse(error, request) : null
    }
    expect((await asked(page))?.headers.get('location') ?? null).toBe(to)
    const problem = (await (await asked({}))?.json()) as object | undefined
    expect(problem === undefined).toBe(to === null)
    expect(problem ?? {}).not.toHaveProperty('signInUrl')
  })

  it('sends a user who opens a page to sign in and back', async () => {
    const { response } = await refused({ pages }, get('/reports?page=2&x=a%26b', page))
    const query = new URLSearchParams({ return_url: '/reports?page=2&x=a%26b', code: 'auth/session_required' })
    expect([response.status, response.headers.get('location')]).toEqual([303, `/sign-in?${query}`])
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })

  it('sends a user with another trouble to the error page', async () => {
    const { auth } = createApp({ pages })
    const response = auth.errorResponse(
      new AuthError('auth/tenant_required', { status: 403, hint: 'h' }),
      get('/reports', page),
    )
    expect(response.headers.get('location')).toBe('/oops?from=auth&code=auth%2Ftenant_required')
  })

  it.each([
    ['a fetch', get('/reports', { 'sec-fetch-dest': 'empty', accept: 'text/html' })],
    ['an iframe', get('/reports', { 'sec-fetch-dest': 'iframe', accept: 'text/html' })],
    ['a client that wants JSON', get('/reports', { accept: 'application/json' })],
    ['a client that wants nothing', get('/reports')],
    ['a page under an API path', get('/api/me', page)],
    ['the API path itself', get('/api', page)],
    ['a HEAD', new Request('https://app.example/x', { method: 'HEAD', headers: page })],
  ])('is a problem document for %s', async (_what, request) => {
    const { response } = await refused({ pages }, request)
    expect([response.status, response.headers.get('location')]).toEqual([401, null])
  })

  it('is a problem document for a POST', async () => {
    const request = new Request('https://app.example/x', {
      method: 'POST',
      headers: { ...page, 'sec-fetch-site': 'none' },
    })
    expect((await refused({ pages }, request)).response.status).toBe(401)
  })

  it('is a redirect for a path that only begins like an API path, and for old browsers', async () => {
    expect((await refused({ pages }, get('/apiary', page))).response.status).toBe(303)
    expect((await refused({ pages }, get('/x', { accept: 'text/html,*/*' }))).response.status).toBe(303)
  })

  it('says nothing of a foreign error', async () => {
    const { auth } = createApp()
    for (const thrown of [
      new Error('canary-secret'),
      'canary-secret',
      { code: 'canary-secret', status: 200 },
      null,
      undefined,
    ]) {
      const response = auth.errorResponse(thrown, get('/api'))
      const text = await response.text()
      expect([response.status, text]).toEqual([500, expect.stringContaining('core/internal_error')])
      expect(text).not.toContain('canary')
    }
  })

  it('keeps hint and cause for events, and the message of a server error too', async () => {
    const { auth } = createApp()
    const error = new AuthError('acme/down', {
      status: 503,
      hint: 'canary-hint',
      message: 'canary-message',
      cause: { endpoint: 'canary-cause' },
    })
    const text = await auth.errorResponse(error, get('/api')).text()
    expect(text).not.toContain('canary')
    expect(JSON.parse(text)).toMatchObject({ code: 'acme/down', status: 503, title: 'Something went wrong.' })
  })

  it.each([
    ['/a\r\nset-cookie: x=1?\u0000\u{1f600}', /^\/sign-in\?return_url=%2F&code=/],
    ['/a?b=\r\nset-cookie: x=1', /^\/sign-in\?return_url=%2F&code=/],
    ['/a?b=%0d%0aset-cookie: x=1\u{1f600}', /^\/sign-in\?return_url=%2Fa%3Fb%3D%250d%250aset-cookie[\x21-\x7e]*$/],
  ])('splits no header, whatever page is asked for: %j', async (url, location) => {
    const incoming = { method: 'GET', url, headers: new Headers(page) }
    const { auth } = createApp({ pages })
    const response = auth.errorResponse(new AuthError('auth/session_required', { status: 401, hint: 'h' }), incoming)
    expect([...response.headers.keys()].toSorted()).toEqual(['cache-control', 'location', 'referrer-policy', 'vary'])
    expect(response.headers.get('location')).toMatch(location)
  })
})

describe('an error of ours', () => {
  it('is known across copies of the package, and nothing else is', () => {
    const copy = Object.defineProperty({ code: 'acme/x' }, Symbol.for('latchkey.AuthError'), { value: true })
    expect(isAuthError(copy)).toBe(true)
    expect([null, undefined, 'x', new Error('x'), { code: 'acme/x', status: 401 }].some(isAuthError)).toBe(false)
  })

  it('has the shape that frameworks answer with the right status', () => {
    const error = new AuthError('acme/x', { status: 403, hint: 'h' })
    expect(error).toMatchObject({ name: 'AuthError', message: 'acme/x', status: 403, statusCode: 403, expose: true })
    expect(error).toBeInstanceOf(Error)
    expect(new AuthError('acme/x', { status: 502, hint: 'h' }).expose).toBe(false)
  })
})
