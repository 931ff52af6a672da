import type { ProviderHost, RouteContext, Session } from '@latchkey/core/provider'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import corpus from '../test/vectors/open-redirects.json' with { type: 'json' }
import { createWiseClient } from './wise-client.ts'
import { type WiseRouteOptions, wiseProvider } from './wise-provider.ts'
import type { WiseUser } from './wise-user.ts'

const origin = 'https://xyz.onlineclass.site'
const jwtTokenSecret = '5fe9e02f07c0123456789e7950e437ec'
const client = createWiseClient({ whiteLabelUrl: origin, jwtTokenSecret })
const user = { provider: 'acme', issuer: 'acme', subject: 'a', signedInAt: 1, profile: {} }
const session: Session = { id: 's1', createdAt: 1, expiresAt: 2, user, identities: {}, data: {} }
const ada: WiseUser = { vendorUserId: 'ada-1', name: 'Ada', profile: 'student' }
const resolveUser = () => ada

interface Visit {
  readonly session?: Session | null
  readonly frameworkRequest?: unknown
  readonly fields?: Readonly<Record<string, string>>
}

async function launch(options: WiseRouteOptions, visit: Visit = {}): Promise<Response> {
  const [route] = mount(options).routes
  if (route === undefined) throw new Error('no route')
  const request = new Request('https://school.example/auth/wise/launch?userId=mallory&path=/login', { method: 'POST' })
  const outcome = await route.handle(request, contextOf(visit))
  if (!(outcome instanceof Response)) throw new Error('not a response')
  return outcome
}

function mount(options: WiseRouteOptions) {
  return wiseProvider({ client, ...options }).mount({} as ProviderHost) // Nothing of the host is needed.
}

/** What core gives a route: the user's session, the framework's request and the fields of the body. */
function contextOf({ session: current = session, frameworkRequest = null, fields = {} }: Visit): RouteContext {
  const unused = () => {
    throw new Error('not for this route')
  }
  return {
    tenant: null,
    origin: 'https://school.example',
    callbackOrigin: 'https://school.example',
    session: current,
    sessionResponse: unused,
    sessionProof: unused,
    isSessionProof: unused,
    frameworkRequest,
    emit: unused,
    transactions: unused,
    newState: unused,
    newTicket: unused,
    checkState: unused,
    returnTarget: unused,
    fields: async () => new Map(Object.entries(fields)),
    tokens: unused,
  }
}

function claimsIn(url: string) {
  const [, payload = ''] = (new URL(url).searchParams.get('jwtToken') ?? '').split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

describe('the route', () => {
  it('is one POST from our own pages', () => {
    const provider = wiseProvider({ client, resolveUser })
    expect(provider.name).toBe('wise')
    expect(mount({ resolveUser }).routes).toEqual([
      { method: 'POST', path: '/launch', accepts: 'same-origin', handle: expect.any(Function) as unknown },
    ])
  })

  it('answers 303 to Wise, without a body, and is neither stored nor told in a referrer', async () => {
    const response = await launch({ resolveUser })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/xyz\.onlineclass\.site\/identity-based-login\?jwtToken=[\w.-]+$/,
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('pragma')).toBe('no-cache')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await response.text()).toBe('')
  })

  it('asks the app who the user is, by the session and the framework’s own request', async () => {
    const frameworkRequest = { session: { user: { id: 'bob-2' } } }
    const asked: unknown[] = []
    const response = await launch(
      {
        resolveUser: async (context) => {
          asked.push(context)
          return { vendorUserId: 'bob-2', name: 'Bob', profile: 'teacher' }
        },
      },
      { frameworkRequest },
    )
    expect(asked).toEqual([{ session, frameworkRequest }])
    expect(claimsIn(response.headers.get('location') ?? '')).toMatchObject({
      vendorUserId: 'bob-2',
      profile: 'teacher',
    })
  })

  it('takes nobody’s identity, role or host from the request', async () => {
    const fields = {
      userId: 'mallory',
      vendorUserId: 'mallory',
      email: 'm@evil.example',
      profile: 'teacher',
      name: 'Mallory',
      current_role: 'teacher',
      whiteLabelUrl: 'evil.example',
      path: '/student/classes',
    }
    const response = await launch({ resolveUser, paths: ['/student/classes'] }, { fields })
    const url = new URL(response.headers.get('location') ?? '')
    expect(url.origin).toBe(origin)
    expect(url.searchParams.get('current_role')).toBe('student')
    const { vendorUserId, userId, email, profile, name } = claimsIn(url.href)
    expect({ vendorUserId, userId, email, profile, name }).toEqual({
      vendorUserId: 'ada-1',
      userId: undefined,
      email: undefined,
      profile: 'student',
      name: 'Ada',
    })
  })

  it('sends learners to a live session without the role, as Wise’s guide does, and elsewhere with it', async () => {
    const paths = ['/meeting/join/:id', '/student/classes']
    const parametersAt = async (path: string) => {
      const response = await launch({ resolveUser, paths }, { fields: { path } })
      return [...new URL(response.headers.get('location') ?? '').searchParams.keys()]
    }
    expect(await parametersAt('/meeting/join/643f')).toEqual(['jwtToken', 'redirectionUrl'])
    expect(await parametersAt('/student/classes')).toEqual(['jwtToken', 'redirectionUrl', 'current_role'])
  })

  it('serves users of apps with sessions of their own', async () => {
    expect((await launch({ resolveUser }, { session: null })).status).toBe(303)
  })

  it('refuses a user whom the app does not send to Wise', async () => {
    await expect(launch({ resolveUser: () => null })).rejects.toMatchObject({ code: 'wise/user_unknown', status: 403 })
  })

  it('refuses who is not signed in', async () => {
    const refused = launch({ resolveUser: () => null }, { session: null })
    await expect(refused).rejects.toMatchObject({ code: 'auth/session_required', status: 401 })
  })

  it('refuses a user who breaks the rules', async () => {
    const refused = launch({
      resolveUser: () =>
        ({ email: 'ada@school.example', emailVerified: false, name: 'A', profile: 'student' }) as never,
    })
    await expect(refused).rejects.toMatchObject({ code: 'wise/identity_unverified', status: 403 })
  })
})

describe('the field `path`', () => {
  const paths = ['/student/classes', '/student/classes/:id/resources']

  it.each(['/student/classes', '/student/classes/1234/resources'])('opens %s, which is on the list', async (path) => {
    const response = await launch({ resolveUser, paths }, { fields: { path } })
    expect(response.headers.get('location')).toMatch(new RegExp(`&redirectionUrl=${path}&current_role=student$`))
  })

  it.each([
    '',
    '/',
    '/student',
    '/student/classes?x',
    '/student/classes/../resources',
    '/student/classes/a%2fb/resources',
    '/login',
  ])('opens nothing by %j, which is not', async (path) => {
    const refused = launch({ resolveUser, paths }, { fields: { path } })
    await expect(refused).rejects.toMatchObject({ code: 'wise/path_not_allowed', status: 400 })
  })

  it.each(corpus)('opens nothing by $payload, even where a whole path is free', async ({ payload }) => {
    const refused = launch({ resolveUser, paths: ['/student/:page', '/x/:one/:two'] }, { fields: { path: payload } })
    await expect(refused).rejects.toMatchObject({ code: 'wise/path_not_allowed' })
  })

  it('opens nothing without a list', async () => {
    const refused = launch({ resolveUser }, { fields: { path: '/student/classes' } })
    await expect(refused).rejects.toMatchObject({ code: 'wise/path_not_allowed' })
  })
})

describe("redirectBy: 'page'", () => {
  it('answers with a page that goes on by a refresh or a link', async () => {
    const response = await launch({ resolveUser, redirectBy: 'page' })
    expect(response.status).toBe(200)
    expect(response.headers.has('location')).toBe(false)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('pragma')).toBe('no-cache')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const html = await response.text()
    const [, refresh] = /<meta http-equiv="refresh" content="0; url=([^"]+)">/.exec(html) ?? []
    const [, link] = /<a href="([^"]+)" rel="noreferrer">/.exec(html) ?? []
    expect(refresh).toMatch(/^https:\/\/xyz\.onlineclass\.site\/identity-based-login\?jwtToken=eyJ/)
    expect(link).toBe(refresh)
    expect(html).not.toMatch(/<script|<img|<iframe/)
  })

  it('writes a URL that cannot end its attribute, and holds the token in the two addresses alone', async () => {
    const response = await launch({ resolveUser, paths: ["/a'b"], redirectBy: 'page' }, { fields: { path: "/a'b" } })
    const html = await response.text()
    expect(html).toContain('&#38;redirectionUrl=/a&#39;b&#38;current_role=student"')
    expect(html.replaceAll(/"[^"]*jwtToken=[^"]*"/g, '')).not.toContain('eyJ')
  })

  it('names Wise for CSP form-action only where a form post ends there', () => {
    expect(mount({ resolveUser }).formActionOrigins?.(session)).toEqual([origin])
    expect(mount({ resolveUser, redirectBy: 'page' }).formActionOrigins?.(session)).toEqual([])
  })
})

describe('logs', () => {
  beforeEach(() => {
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method)
  })

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('hear nothing of a launch', async () => {
    await launch({ resolveUser })
    await launch({ resolveUser, redirectBy: 'page' })
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      expect(console[method]).not.toHaveBeenCalled()
  })
})

describe('wiseProvider', () => {
  it('takes the options of a client in place of one', async () => {
    const { formActionOrigins, routes } = wiseProvider({
      whiteLabelUrl: origin,
      jwtTokenSecret,
      nonce: false,
      clock: () => 1_800_000_000,
      resolveUser,
    }).mount({} as ProviderHost)
    expect(formActionOrigins?.(session)).toEqual([origin])
    const request = new Request('https://school.example/auth/wise/launch', { method: 'POST' })
    const response = (await routes[0]?.handle(request, contextOf({}))) as Response
    const claims = claimsIn(response.headers.get('location') ?? '')
    expect(claims).toMatchObject({ vendorUserId: 'ada-1', iat: 1_800_000_000, exp: 1_800_000_120 })
    expect(claims).not.toHaveProperty('nonce')
  })

  it('takes undefined as not given', async () => {
    const provider = wiseProvider({
      client,
      whiteLabelUrl: undefined,
      jwtTokenSecret: undefined,
      resolveUser,
      paths: undefined,
      redirectBy: undefined,
    })
    expect(provider.mount({} as ProviderHost).formActionOrigins?.(session)).toEqual([origin])
    expect(() =>
      wiseProvider({ client: undefined, whiteLabelUrl: origin, jwtTokenSecret, clock: undefined, resolveUser }),
    ).not.toThrow()
  })

  it.each([
    ['client', {}],
    ['client', null],
    ['resolveUser', undefined],
    ['resolveUser', ada],
    ['paths', '/student/classes'],
    ['paths', [/x/]],
    ['paths', ['//evil.example']],
    ['paths', ['student/classes']],
    ['redirectBy', 'frame'],
    ['redirectBy', 'redirect'],
    ['userField', 'userId'],
    ['whiteLabelUrl', 'other.example'],
    ['jwtTokenSecret', jwtTokenSecret],
    ['lifetimeSeconds', 60],
    ['nonce', false],
    ['clock', () => 1],
  ])('refuses beside a client %s: %j', (option, value) => {
    expect(() => wiseProvider({ client, resolveUser, [option]: value })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: { factory: 'wiseProvider', option } }),
    )
  })

  it.each([
    ['wiseProvider', 'whiteLabelUrl', ''],
    ['createWiseClient', 'whiteLabelUrl', undefined],
    ['createWiseClient', 'whiteLabelUrl', 'http://learn.example'],
    ['createWiseClient', 'jwtTokenSecret', undefined],
    ['wiseProvider', 'jwtTokenSecret', 'too-short'],
    ['wiseProvider', 'lifetimeSeconds', 601],
    ['wiseProvider', 'secretEncoding', 'hex'],
  ])('refuses without a client, as %s, %s: %j', (factory, option, value) => {
    expect(() => wiseProvider({ whiteLabelUrl: origin, jwtTokenSecret, resolveUser, [option]: value })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: { factory, option } }),
    )
  })
})

it('signs nobody in', () => {
  expect(mount({ resolveUser }).accountIssuers).toEqual([])
})
