import { once } from 'node:events'
import { type IncomingMessage, request as nodeRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createExampleAuth } from '@latchkey/testkit'
import type { Express, RequestHandler, Router } from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { canary, listen, versions } from '../test/listening-app.ts'
import { getSession, latchkey, requireSession, sessionOf } from './index.ts'

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
const json = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }

describe.each(Object.entries(versions))('the routes on %s', (_version, express) => {
  const badPath = expect.objectContaining({
    code: 'core/invalid_option',
    cause: { factory: 'latchkey', option: 'path' },
    hint: expect.stringContaining('basePath'),
  })

  it('are not mounted below a path that would move them', () => {
    const { auth } = createExampleAuth()
    expect(() => express().use('/v1', latchkey({ auth }))).toThrow(badPath)
    expect(() => express().use(['/', '/v1'], latchkey({ auth }))).toThrow(badPath)
    expect(() => express().use('/:tenant', latchkey({ auth }))).toThrow(badPath)
    for (const [option, options] of [
      ['auth', {}],
      ['auth', { auth: undefined }],
      ['auth', { auth: {} }],
      ['cookie', { auth, cookie: 'app' }],
    ] as const) {
      expect(() => latchkey(options as { auth: typeof auth })).toThrow(
        expect.objectContaining({ code: 'core/invalid_option', cause: expect.objectContaining({ option }) }),
      )
    }
  })

  it('are an error of every request where a router or a sub-app around them has such a path', async () => {
    const { auth } = createExampleAuth()
    const inRouter = express.Router().use(latchkey({ auth }))
    const inApp = express().use(latchkey({ auth }))
    const app = await listen(
      createExampleAuth(),
      (main) => {
        inRouter.get('/open', (_request, response) => void response.send('open'))
        main.use('/router', inRouter).use('/app', inApp)
      },
      { express },
    )
    for (const path of ['/router/open', '/app/', '/router/auth/session']) {
      expect(await (await app.send(path)).json()).toMatchObject({ status: 500, code: 'core/invalid_option' })
    }
    expect(app.errors[0]).toEqual(badPath)
  })

  it('live in a router and in a sub-app whose path begins the basePath', async () => {
    const router = createExampleAuth({ basePath: '/v1/auth', pages: {} })
    const sub = createExampleAuth({ basePath: '/admin/auth', pages: {} })
    const routes = (app: Router): void => {
      app.get('/me', requireSession(), (request, response) => void response.json(sessionOf(request).user.subject))
    }
    const inRouter = express.Router().use(latchkey({ auth: router.auth }))
    const inApp = express().use(latchkey({ auth: sub.auth }))
    routes(inRouter)
    routes(inApp)
    const main = express()
    main.use('/v1', inRouter).use('/admin', inApp)
    main.get('/outside', requireSession(), (_request, response) => void response.send('open'))
    const server = main.listen(0, '127.0.0.1')
    onTestFinished(() => server.close().closeAllConnections())
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    for (const path of ['/v1', '/admin', '/V1', '/Admin']) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}/me`)
      expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'auth/session_required' }])
    }
    for (const path of ['/v1', '/admin']) {
      const session = await fetch(`http://127.0.0.1:${port}${path}/auth/session`)
      expect(await session.json()).toEqual({ signedIn: false, identities: {} })
    }
    expect((await fetch(`http://127.0.0.1:${port}/outside`)).status).toBe(500)
  })

  it('of two auths never meet in one request', async () => {
    const first = createExampleAuth({ pages: {} })
    const second = createExampleAuth({ pages: {}, basePath: '/other' })
    const app = await listen(
      first,
      (main) => {
        // Once more is no harm.
        main.use(latchkey({ auth: first.auth }))
        main.get('/before', requireSession(), (_request, response) => void response.send('open'))
        main.use(latchkey({ auth: second.auth }))
        main.get('/behind', requireSession(), (_request, response) => void response.send('open'))
      },
      { express },
    )
    expect((await app.send('/before')).status).toBe(401)
    for (const path of ['/behind', '/other/session']) {
      expect(await (await app.send(path)).json()).toMatchObject({ status: 500, code: 'express/mounted_twice' })
    }
  })

  it('answer a preflight of a trusted page, and leave every other OPTIONS to the CORS of the app', async () => {
    const trusted = 'https://web.app.example'
    const app = await listen(
      createExampleAuth({ trustedOrigins: [trusted] }),
      (main) => void main.use((_request, response) => void response.status(418).send('of the app')),
      { express },
    )
    const ask = (path: string, origin: string) =>
      app.send(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    const answer = await ask('/auth/logout', trusted)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, trusted])
    const refused = await ask('/auth/logout', 'https://evil.example')
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([405, null])
    for (const path of ['/auth/example/login', '/elsewhere']) expect((await ask(path, trusted)).status).toBe(418)
  })

  it('answer as the auth itself does, and leave OPTIONS to the CORS of the app', async () => {
    const app = await listen(
      undefined,
      (main) => void main.use((_request, response) => void response.status(418).send('of the app')),
      { express },
    )
    const response = await app.send('/auth/session')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.json()).toEqual({ signedIn: false, identities: {} })
    expect((await app.send('/auth/session', { method: 'OPTIONS' })).status).toBe(418)
    const wrong = await app.send('/auth/example/callback', { method: 'PUT', headers: form, body: 'a=b' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
    for (const path of ['/AUTH/session', '/auth/session/', '//auth/session']) {
      expect((await sendRaw(app.port, path, 'GET')).status, path).toBe(418)
    }
  })

  it('set every cookie of a sign-in on a line of its own', async () => {
    const app = await listen(undefined, undefined, { express })
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

  it('hand callbacks the request of Express', async () => {
    const example = createExampleAuth()
    const app = await listen(example, undefined, { express, before: (main) => void main.set('trust proxy', true) })
    const signedIn = app.browser()
    const state = await signedIn.begin()
    const query = new URLSearchParams({ state, assertion: '{"subject":"ada"}' })
    await signedIn.fetch(`/auth/example/callback?${query}`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(example.frameworkRequests).toMatchObject([
      { path: '/auth/example/callback', ip: '203.0.113.7', query: { state } },
    ])
  })

  it.each(['http://evil.example/auth/session', 'http://evil.example:99999/auth/session', 'http://[/auth/session'])(
    'do not take another host from the request line %s',
    async (target) => {
      const app = await listen(undefined, undefined, { express })
      const socket = connect(app.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.end(`GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[04] /)
    },
  )

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
    '/Auth/Example/callback',
  ])('say nothing of a callback that went astray to %s', async (path) => {
    const seen: string[] = []
    const app = await listen(
      undefined,
      (main) =>
        void main.use(({ originalUrl }, response) => void response.status(404).send(seen[seen.push(originalUrl)])),
      { express },
    )
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await sendRaw(app.port, `${path}?code=${canary}&state=${canary}`, method)
      expect([answer.status, answer.type]).toEqual([404, 'application/problem+json'])
      expect(answer.body).toBe(method === 'HEAD' ? '' : problem)
    }
    expect(seen).toEqual([])
  })

  it('leave pages of the app below the base path where they are, and in front of them all', async () => {
    const page: RequestHandler = ({ path }, response) => void response.send(path)
    const app = await listen(createExampleAuth(), (main) => void main.get('/auth/welcome', page).get(/^\/auth/, page), {
      express,
      before: (main) => void main.get('/auth/example/help', page),
    })
    for (const path of ['/auth/welcome', '/auth/else', '/auth/example/help']) {
      expect(await (await app.send(path)).text()).toBe(path)
    }
  })

  it('are answered by a limit of the app where that was faster, and not twice', async () => {
    let decide: (() => void) | undefined
    const example = createExampleAuth({
      onSignIn: () =>
        new Promise((resolve) => {
          decide = () => resolve({ action: 'new' })
        }),
    })
    const finished: (() => void)[] = []
    const app = await listen(example, undefined, {
      express,
      before: (main) =>
        void main.use('/auth/example/callback', (_request, response, next) => {
          finished.push(() => void response.status(503).send('too slow'))
          next()
        }),
    })
    const browser = app.browser()
    const state = await browser.begin()
    const answering = browser.open(
      `/auth/example/callback?${new URLSearchParams({ state, assertion: '{"subject":"ada"}' })}`,
    )
    await expect.poll(() => decide).toBeDefined()
    finished[0]?.()
    const response = await answering
    decide?.()
    await new Promise(setImmediate)
    expect([response.status, response.headers.getSetCookie(), app.errors]).toEqual([503, [], []])
  })
})

describe.each(Object.entries(versions))('bodies on %s', (_version, express) => {
  const parsers: Readonly<Record<string, (app: Express) => void>> = {
    'nothing in front': () => {},
    'parsers in front': (app) => void app.use(express.json(), express.urlencoded({ extended: true })),
    'a parser of another type in front': (app) => void app.use(express.json({ type: 'application/x-other' })),
    'raw bodies in front': (app) => void app.use(express.raw({ type: () => true })),
    'texts in front': (app) => void app.use(express.text({ type: () => true })),
  }

  it.each(Object.entries(parsers))('are read, with %s', async (_name, before) => {
    const app = await listen(undefined, undefined, { express, before })
    const send = async (headers: Record<string, string>, body: string) =>
      (await app.send('/auth/example/fields', { method: 'POST', headers, body })).json()
    expect(await send(form, 'name=Zo%C3%AB&word=a+b')).toEqual({ name: 'Zoë', word: 'a b' })
    expect(await send(json, '{"name":"Zoë","word":"a b"}')).toEqual({ name: 'Zoë', word: 'a b' })
    expect(await send(form, '')).toEqual({})
    const none = await app.send('/auth/example/fields', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    expect(await none.json()).toEqual({})
    const foreign = { ...form, 'sec-fetch-site': 'cross-site' }
    expect(await send(foreign, 'name=a')).toMatchObject({ status: 403, code: 'core/cross_origin' })
    expect(await send(form, 'name=a&name=b')).toMatchObject({ status: 400, code: 'core/body_unreadable' })
  })

  it.each([
    ['text', { ...form, 'content-type': 'text/plain' }, 'name=a', 400, 'core/body_unreadable'],
    ['half a JSON', json, '{"name":', 400, 'core/body_unreadable'],
    ['more than 64 KiB', form, `name=${'x'.repeat(64 * 1024)}`, 413, 'core/body_too_large'],
    ['far more than that', form, `name=${'x'.repeat(10_000_000)}`, 413, 'core/body_too_large'],
  ])('are refused: %s', async (_name, headers, body, status, code) => {
    const app = await listen(undefined, undefined, { express })
    const response = await app.send('/auth/example/fields', { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toMatchObject([status, { code }])
  })

  it('of other routes are parsed behind a guard as the app wants it', async () => {
    const app = await listen(
      undefined,
      (main) =>
        void main.post('/echo', requireSession(), express.json(), async (request, response) => {
          await getSession(request)
          response.json({ body: request.body as unknown })
        }),
      { express },
    )
    const headers = { ...json, cookie: await app.signIn() }
    const response = await app.send('/echo', { method: 'POST', headers, body: '{"a":1}' })
    expect(await response.json()).toEqual({ body: { a: 1 } })
  })
})
