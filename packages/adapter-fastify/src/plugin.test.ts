import { once } from 'node:events'
import { type IncomingMessage, request as nodeRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import formbody from '@fastify/formbody'
import { createExampleAuth } from '@latchkey/testkit'
import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { canary, listen } from '../test/listening-app.ts'
import { latchkey } from './index.ts'

/** A request whose target goes out as it is: fetch would tidy it up. */
async function sendRaw(port: number, path: string, method: string) {
  const outgoing = nodeRequest({ host: '127.0.0.1', port, path, method }).end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: incoming.statusCode, type: incoming.headers['content-type'], body: await text(incoming) }
}

const problem = JSON.stringify({
  type: 'about:blank',
  title: 'There is no such route.',
  status: 404,
  code: 'core/not_found',
})

const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

describe('the plugin', () => {
  it('is known to the app by its name', async () => {
    const app = fastify()
    await app.register(latchkey, { auth: createExampleAuth().auth })
    await app.ready()
    expect(app.hasPlugin('@latchkey/adapter-fastify')).toBe(true)
    expect(app.printPlugins()).toContain('@latchkey/adapter-fastify')
  })

  it('is refused by another version of Fastify than 5', async () => {
    const app = fastify()
    Object.defineProperty(app, 'version', { value: '6.0.0' })
    await expect(app.register(latchkey, { auth: createExampleAuth().auth })).rejects.toMatchObject({
      code: 'FST_ERR_PLUGIN_VERSION_MISMATCH',
    })
  })
})

describe('the routes', () => {
  it('are visible to printRoutes, each with its own method first', async () => {
    const { auth } = createExampleAuth()
    const app = fastify()
    await app.register(latchkey, { auth })
    await app.ready()
    const printed = app.printRoutes({ commonPrefix: false })
    expect(auth.routes.length).toBeGreaterThan(4)
    for (const { method, path } of auth.routes) {
      expect(app.hasRoute({ method, url: path })).toBe(true)
      expect(app.hasRoute({ method: 'OPTIONS', url: path })).toBe(false)
      expect(printed).toContain(`${path.slice(path.lastIndexOf('/') + 1)} (${method}, `)
    }
  })

  it('answer a preflight of a trusted page, and no other OPTIONS', async () => {
    const trusted = 'https://web.app.example'
    const { auth } = createExampleAuth({ trustedOrigins: [trusted] })
    const app = fastify()
    await app.register(latchkey, { auth })
    const ask = async (url: string, origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' }
      const answer = await app.inject({ method: 'OPTIONS', url, headers })
      return [answer.statusCode, answer.headers['access-control-allow-origin']]
    }
    expect(await ask('/auth/logout', trusted)).toEqual([204, trusted])
    expect(await ask('/auth/logout', 'https://evil.example')).toEqual([405, undefined])
    expect(await ask('/auth/example/login', trusted)).toEqual([404, undefined])
  })

  it('live under the basePath of the auth', async () => {
    const { auth } = createExampleAuth({ basePath: '/sign-in' })
    const app = fastify()
    await app.register(async (scope) => {
      await scope.register(latchkey, { auth, prefix: '' })
    })
    await app.ready()
    expect(app.hasRoute({ method: 'GET', url: '/sign-in/session' })).toBe(true)
  })

  it('do not start under a prefix, which would move them, nor with another option', async () => {
    const { auth } = createExampleAuth()
    const inScope = fastify().register(
      async (scope) => {
        await scope.register(latchkey, { auth })
      },
      { prefix: '/v1' },
    )
    const refusal = {
      code: 'core/invalid_option',
      cause: { option: 'prefix' },
      hint: expect.stringContaining('basePath'),
    }
    await expect(inScope.ready()).rejects.toMatchObject(refusal)
    await expect(fastify().register(latchkey, { auth, prefix: '/v1' }).ready()).rejects.toMatchObject(refusal)
    for (const [option, options] of [
      ['auth', {}],
      ['auth', { auth: undefined }],
      ['auth', { auth: {} }],
      ['cookie', { auth, cookie: 'app' }],
    ] as const) {
      const started = fastify().register(latchkey, options as { auth: typeof auth })
      await expect(started.ready()).rejects.toMatchObject({ code: 'core/invalid_option', cause: { option } })
    }
  })

  it('answer as the auth itself does', async () => {
    const app = await listen()
    const response = await app.send('/auth/session')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.json()).toEqual({ signedIn: false, identities: {} })
  })

  it('set every cookie of a sign-in on a line of its own', async () => {
    const app = await listen()
    const response = await app.browser().signIn({ subject: 'ada', isLarge: true })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(response.headers.getSetCookie().map((line) => line.split('=', 1)[0])).toEqual(
      expect.arrayContaining([
        '__Host-latchkey',
        '__Host-latchkey.1',
        expect.stringMatching(/^__Host-latchkey\.example\./),
      ]),
    )
    expect(response.headers.getSetCookie()).toHaveLength(3)
  })

  it('hand callbacks the request of Fastify', async () => {
    const example = createExampleAuth()
    const app = await listen(example)
    await app.signIn()
    expect(example.frameworkRequests).toMatchObject([
      { id: 'req-2', ip: '127.0.0.1', routeOptions: { url: '/auth/example/callback' } },
    ])
  })

  it('mint nothing for HEAD, prefetches and scripts', async () => {
    const app = await listen()
    const opened = await app.browser().open('/auth/example/login')
    expect([opened.status, opened.headers.getSetCookie().length]).toEqual([303, 1])
    const refused = [
      await app.send('/auth/example/login', { method: 'HEAD' }),
      await app.send('/auth/example/login', { headers: { 'sec-fetch-dest': 'empty' } }),
      await app.send('/auth/example/login', { headers: { 'sec-purpose': 'prefetch' } }),
      await app.send('/auth/example/login', { method: 'POST', headers: form }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([405, 400, 400, 405])
    expect(refused.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
  })

  it.each(['http://evil.example/auth/session', 'http://evil.example:99999/auth/session', 'http://[/auth/session'])(
    'do not take another host from the request line %s',
    async (target) => {
      const app = await listen()
      const socket = connect(app.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.end(`GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[04] /)
    },
  )
})

describe('bodies', () => {
  it.each([
    ['a form', { headers: form, body: 'name=Zo%C3%AB&word=a+b' }],
    [
      'JSON',
      {
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: '{"name":"Zoë","word":"a b"}',
      },
    ],
  ])('are read from %s', async (_name, init) => {
    const app = await listen()
    const response = await app.send('/auth/example/fields', { method: 'POST', ...init })
    expect(await response.json()).toEqual({ name: 'Zoë', word: 'a b' })
  })

  it.each([
    ['text', { ...form, 'content-type': 'text/plain' }, 'name=a', 400, 'core/body_unreadable'],
    ['a name twice', form, 'name=a&name=b', 400, 'core/body_unreadable'],
    ['half a JSON', { ...form, 'content-type': 'application/json' }, '{"name":', 400, 'core/body_unreadable'],
    ['more than 64 KiB', form, `name=${'x'.repeat(64 * 1024)}`, 413, 'core/body_too_large'],
    ['far more than that', form, `name=${'x'.repeat(10_000_000)}`, 413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
    ['another site', { ...form, 'sec-fetch-site': 'cross-site' }, 'name=a', 403, 'core/cross_origin'],
  ])('are refused: %s', async (_name, headers, body, status, code) => {
    const app = await listen()
    const response = await app.send('/auth/example/fields', { method: 'POST', headers, body })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
  })

  it('are none for a form without fields', async () => {
    const app = await listen()
    const init = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } }
    expect(await (await app.send('/auth/example/fields', init)).json()).toEqual({})
    expect(await (await app.send('/auth/example/fields', { ...init, headers: form, body: '' })).json()).toEqual({})
  })

  it('of other routes are parsed as the app wants it', async () => {
    const app = await listen(createExampleAuth(), async (instance) => {
      await instance.register(formbody)
      instance.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
        done(null, String(body).split(',')),
      )
      instance.post('/echo', async ({ body }) => ({ body }))
    })
    const echo = async (type: string, body: string) =>
      (await app.send('/echo', { method: 'POST', headers: { 'content-type': type }, body })).json()
    expect(await echo('application/x-www-form-urlencoded', 'a=b')).toEqual({ body: { a: 'b' } })
    expect(await echo('text/csv', 'a,b')).toEqual({ body: ['a', 'b'] })
    expect(await echo('application/json', '{"a":1}')).toEqual({ body: { a: 1 } })
    expect(await echo('application/unknown', 'a')).toMatchObject({ code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' })
    const fields = await app.send('/auth/example/fields', { method: 'POST', headers: form, body: 'name=a' })
    expect(await fields.json()).toEqual({ name: 'a' })
  })
})

describe('the log', () => {
  it('shows no query of an auth route, whatever happens there', async () => {
    const app = await listen()
    for (const query of [`code=${canary}`, `broken&code=${canary}`]) await app.send(`/auth/example/callback?${query}`)
    await app.browser().open(`/auth/example/login?return_url=//${canary}`)
    await app.send(`/auth/logout?state=${canary}`, { method: 'POST', headers: { ...form, 'content-length': '0' } })
    await app.send(`/auth/example/fields?state=${canary}`, { method: 'POST', headers: form, body: 'x'.repeat(200_000) })
    const wrong = await app.send(`/auth/example/callback?code=${canary}`, { method: 'PUT', headers: form, body: 'a=b' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
    const incoming = app.lines.filter(({ msg }) => msg === 'incoming request')
    expect(incoming.map(({ req }) => req)).toMatchObject([
      { method: 'GET', url: '/auth/example/callback', remoteAddress: '127.0.0.1', remotePort: expect.any(Number) },
      { method: 'GET', url: '/auth/example/callback' },
      { method: 'GET', url: '/auth/example/login' },
      { method: 'POST', url: '/auth/logout', host: `127.0.0.1:${app.port}` },
      { method: 'POST', url: '/auth/example/fields' },
      { method: 'PUT', url: '/auth/example/callback' },
    ])
    expect(JSON.stringify(app.lines)).not.toContain(canary)
  })

  it('shows none either when a handler was too slow', async () => {
    let decide: (() => void) | undefined
    const example = createExampleAuth({
      onSignIn: () =>
        new Promise((resolve) => {
          decide = () => resolve({ action: 'new' })
        }),
    })
    const app = await listen(example, undefined, { handlerTimeout: 50 })
    const browser = app.browser()
    const state = await browser.begin()
    const query = new URLSearchParams({ code: canary, state, assertion: '{"subject":"ada"}' })
    const response = await browser.open(`/auth/example/callback?${query}`)
    decide?.()
    await new Promise(setImmediate)
    expect([response.status, response.headers.getSetCookie()]).toEqual([503, []])
    expect(JSON.stringify(app.lines)).not.toContain(canary)
  })

  it.each([
    '/auth/example/callback/',
    '/auth/example/callback/x/y',
    '/auth/example/Callback',
    '/auth/example/callbak',
    '/auth/example/',
    '/auth/example//callback',
    '/auth/example/callback;a=b',
    '/auth/example/x/../callback',
    '/auth/example/%2e%2e/example/callback',
    '/auth/exampletwo/call%62ack/',
  ])('shows nothing of a callback that went astray to %s, nor does the answer', async (path) => {
    const app = await listen()
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await sendRaw(app.port, `${path}?code=${canary}&state=${canary}`, method)
      expect([answer.status, answer.type]).toEqual([404, 'application/problem+json'])
      expect(answer.body).toBe(method === 'HEAD' ? '' : problem)
    }
    expect(JSON.stringify(app.lines)).not.toContain(canary)
  })

  it('leaves pages of the app below the base path where they are', async () => {
    const app = await listen(createExampleAuth(), (instance) => {
      instance.get('/auth/welcome', async () => 'welcome')
      instance.get('/auth/example/help', async () => 'help')
      instance.get('/*', async () => 'fallback')
    })
    const texts = ['/auth/welcome', '/auth/example/help', '/auth/else'].map(async (path) =>
      (await app.send(path)).text(),
    )
    expect(await Promise.all(texts)).toEqual(['welcome', 'help', 'fallback'])
  })

  it('shows the other routes as it always does', async () => {
    const app = await listen(createExampleAuth(), (instance) => {
      instance.get('/raw', async () => 'ok')
    })
    await app.send('/raw?a=b')
    expect(app.lines.find(({ msg }) => msg === 'incoming request')).toMatchObject({ req: { url: '/raw?a=b' } })
  })
})
