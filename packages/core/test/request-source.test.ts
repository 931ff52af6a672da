import { describe, expect, it } from 'vitest'
import { codeOf, createApp, usersOf } from './app.ts'

const login = 'https://app.example/auth/acme/login'

async function answer(
  request: Request,
  options: Parameters<typeof createApp>[0] = {},
): Promise<readonly [number, string]> {
  const response = await createApp(options).auth.handle(request)
  expect(response.headers.getSetCookie()).toEqual([])
  return [response.status, await codeOf(response)]
}

describe('a route that is opened by a navigation', () => {
  it.each([
    {},
    { 'sec-fetch-dest': 'document' },
    { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  ])('acts on a GET with %j', async (headers) => {
    const response = await createApp().auth.handle(new Request(login, { headers }))
    expect(response.status).toBe(303)
    expect(response.headers.getSetCookie()).toHaveLength(1)
  })

  it.each([
    { 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-dest': 'image' },
    { 'sec-fetch-dest': '' },
    { 'sec-fetch-dest': 'document, empty' },
    { 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch' },
    { 'sec-fetch-dest': 'document', 'sec-purpose': 'prefetch;prerender' },
    { 'sec-fetch-dest': 'document', purpose: 'prefetch' },
    { purpose: 'prefetch' },
  ])('mints nothing for %j', async (headers) => {
    expect(await answer(new Request(login, { headers }))).toEqual([400, 'core/not_a_navigation'])
  })

  it.each(['HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'])('mints nothing for the method %s', async (method) => {
    const response = await createApp().auth.handle(new Request(login, { method }))
    expect([response.status, await codeOf(response)]).toEqual([405, 'core/method_not_allowed'])
    expect(response.headers.get('allow')).toBe('GET')
    expect(response.headers.getSetCookie()).toEqual([])
  })
})

describe('a route for requests of our own pages', () => {
  const post = (headers: Record<string, string>): Request =>
    new Request('https://app.example/auth/acme/launch', {
      method: 'POST',
      body: new URLSearchParams({ path: '/x' }),
      headers,
    })

  it.each([
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://app.example' },
    { origin: 'https://app.example' },
  ])('takes a POST with %j', async (headers) => {
    const response = await createApp().auth.handle(post(headers))
    expect([response.status, await response.json()]).toEqual([200, { path: '/x' }])
  })

  it.each([
    {},
    { origin: 'null' },
    { origin: '' },
    { origin: 'https://evil.example' },
    { origin: 'https://tenant.app.example' },
    { origin: 'http://app.example' },
    { origin: 'https://app.example:444' },
    { origin: 'https://app.example.evil.example' },
    { origin: 'https://app.example, https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-site', origin: 'https://app.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'null' },
    { 'sec-fetch-site': '' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
    { referer: 'https://app.example/' },
    { host: 'evil.example', origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
  ])('refuses a POST with %j', async (headers) => {
    expect(await answer(post(headers))).toEqual([403, 'core/cross_origin'])
  })

  it.each([
    { 'sec-fetch-site': 'cross-site', origin: 'https://admin.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://admin.example' },
    { origin: 'https://admin.example' },
  ])('takes a POST of a trusted origin with %j', async (headers) => {
    const { auth } = createApp({ trustedOrigins: ['https://admin.example/'] })
    expect((await auth.handle(post(headers))).status).toBe(200)
  })

  it('trusts no one but those that are listed', async () => {
    const refused = await answer(post({ origin: 'https://admin.example.evil.example' }), {
      trustedOrigins: ['https://admin.example'],
    })
    expect(refused).toEqual([403, 'core/cross_origin'])
  })
})

describe('the fields of a body', () => {
  const launch = '/auth/acme/launch'
  const json = { 'content-type': 'application/json' }
  it.each([
    ['a form', { body: new URLSearchParams('a=1&b=') }, { a: '1', b: '' }],
    ['JSON', { body: '{"a":"1"}', headers: { 'content-type': 'application/json; charset=utf-8' } }, { a: '1' }],
    ['nothing', {}, {}],
    [
      'a name that is special to objects',
      { body: '{"__proto__":"1"}', headers: json },
      JSON.parse('{"__proto__":"1"}'),
    ],
  ])('are read from %s', async (_what, init, expected) => {
    const response = await createApp()
      .browser()
      .fetch(launch, { method: 'POST', ...init })
    expect([response.status, await response.json()]).toEqual([200, expected])
  })

  it.each([
    ['a name given twice', { body: new URLSearchParams('a=1&a=2') }],
    ['half a JSON', { body: '{"a":', headers: json }],
    ['a list', { body: '["a"]', headers: json }],
    ['a number', { body: '{"a":1}', headers: json }],
    ['a tree', { body: '{"a":{"b":"c"}}', headers: json }],
    ['null', { body: 'null', headers: json }],
    ['plain text', { body: 'a=1', headers: { 'content-type': 'text/plain' } }],
    ['no type', { body: new Blob(['a=1']) }],
    ['parts', { body: new FormData() }],
  ])('are refused from %s', async (_what, init) => {
    if (init.body instanceof FormData) init.body.set('a', '1')
    const response = await createApp()
      .browser()
      .fetch(launch, { method: 'POST', ...init })
    expect([response.status, await codeOf(response)]).toEqual([400, 'core/body_unreadable'])
  })

  it('are read no further than 64 KiB', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 16_384
        controller.enqueue(new TextEncoder().encode('a'.repeat(16_384)))
      },
    })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await createApp()
      .browser()
      .fetch(launch, { method: 'POST', body, headers: form, duplex: 'half' } as RequestInit)
    expect([response.status, await codeOf(response)]).toEqual([413, 'core/body_too_large'])
    expect(sent).toBeLessThan(200_000)
  })

  it.each([{ a: '1' }, new URLSearchParams({ a: '1' })])('may have been parsed by the framework', async (body) => {
    const request = new Request(`https://app.example${launch}`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'none' },
    })
    expect(await (await createApp().auth.handle(request, { body })).json()).toEqual({ a: '1' })
  })
})

describe('a path', () => {
  it.each([
    '/auth/acme/login/',
    '/auth//acme/login',
    '/AUTH/acme/login',
    '/auth/acme/%6cogin',
    '/auth/acme/login;x',
    '/auth/acme',
    '/auth/gamma/login',
    '/auth',
    '/',
    '//auth/acme/login',
  ])('that is not exactly a route of ours is none: %s', async (path) => {
    expect(await answer({ method: 'GET', url: path, headers: new Headers() } as Request)).toEqual([
      404,
      'core/not_found',
    ])
  })

  it('counts alone: where the request says that it went decides nothing', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    const { auth } = createApp()
    const response = await auth.handle(new Request('http://evil.example/auth/acme/context', { headers }))
    expect(await response.json()).toMatchObject({ origin: 'https://app.example', tenant: null })
  })
})

it('lists its routes for frameworks that want them one by one', async () => {
  const { auth, browser: open } = createApp({ basePath: '/account/auth' })
  expect(auth.routes).toContainEqual({ method: 'GET', path: '/account/auth/acme/login' })
  expect(auth.routes).toContainEqual({ method: 'POST', path: '/account/auth/logout' })
  expect(auth.routes).toContainEqual({ method: 'GET', path: '/account/auth/logout/next' })
  expect(auth.routes).toContainEqual({ method: 'GET', path: '/account/auth/session' })
  expect((await open().open('/account/auth/acme/login')).status).toBe(303)
  expect(await usersOf(createApp().browser())).toEqual({})
})
