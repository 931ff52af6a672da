import { once } from 'node:events'
import { type IncomingMessage, request as nodeRequest } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Session } from '@latchkey/core'
import { createExampleAuth, createTestSession } from '@latchkey/testkit'
import type { Express, RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { canary, cookieNames, listen } from '../test/listening-app.ts'
import {
  authOf,
  bearerOf,
  getAccessToken,
  getSession,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  sessionOf,
  updateSession,
} from './index.ts'

const nameOf = (session: Session | null) => session?.identities.example?.profile.name ?? null

/** Answers with what a handler gives. */
const answering =
  (give: (request: Parameters<RequestHandler>[0]) => unknown): RequestHandler =>
  async (request, response) =>
    void response.json(await give(request))

describe('getAccessToken', () => {
  it('returns the token of a session, refreshed when it is due, and sets the cookie of the refresh once', async () => {
    const app = await listen(createExampleAuth({ pages: {} }), (main) => {
      const twice = answering(async (request) => [
        (await getAccessToken(request, 'example')) === (await getAccessToken(request, 'example')),
        nameOf(await getSession(request)),
      ])
      main.get('/', requireSession(), twice)
      const unguarded = answering(async (request) => ({ length: (await getAccessToken(request, 'example')).length }))
      main.get('/unguarded', unguarded)
    })
    for (const path of ['/', '/unguarded']) {
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      const answer = await browser.fetch(path)
      expect(answer.status).toBe(200)
      expect(cookieNames(answer.headers)).toEqual(['__Host-latchkey'])
      expect(answer.headers.get('cache-control')).toBe('private, no-store')
      expect(cookieNames((await browser.fetch(path)).headers)).toEqual([])
    }
    const missing = await app.send('/unguarded')
    expect(await missing.json()).toMatchObject({ status: 401, code: 'auth/session_required' })
    expect([missing.headers.get('cache-control'), missing.headers.get('vary')]).toEqual(['private, no-store', 'Cookie'])
  })

  it('refuses a session without tokens of that provider', async () => {
    const example = createExampleAuth()
    const app = await listen(example, (main) => {
      main.get(
        '/',
        answering((request) => getAccessToken(request, 'example')),
      )
    })
    const { cookie } = await createTestSession(example.auth, { example: { subject: 'ada' } })
    const response = await app.send('/', { headers: { cookie } })
    expect(await response.json()).toMatchObject({ status: 403, code: 'auth/tokens_missing' })
  })
})

describe('updateSession', () => {
  const routes = (app: Express): void => {
    const visit = answering(async (request) => {
      const visits = (sessionOf(request).data.visits ?? 0) + 1
      const session = await updateSession(request, { visits })
      const auth = authOf(request)
      const seen = [
        session,
        sessionOf(request),
        await getSession(request),
        auth.kind === 'session' ? auth.session : null,
      ]
      return seen.map((each) => each?.data.visits)
    })
    app.post('/visit', requireSession(), visit)
    app.get(
      '/visits',
      answering(async (request) => [(await getSession(request))?.data.visits ?? null]),
    )
    const atOnce = answering(async (request) => {
      await Promise.all([
        getAccessToken(request, 'example'),
        updateSession(request, { visits: 10 }),
        getAccessToken(request, 'example'),
        getSession(request),
      ])
      return [sessionOf(request).data.visits]
    })
    app.post('/at-once', requireSession(), atOnce)
    app.post(
      '/unguarded',
      answering(async (request) => [(await updateSession(request, { visits: 20 })).data.visits]),
    )
    app.post(
      '/forget',
      answering(async (request) => Object.keys((await updateSession(request, { visits: undefined })).data)),
    )
  }

  it.each(['cookie', 'store'] as const)('changes a session in a %s for this request and the next', async (strategy) => {
    const app = await listen(createExampleAuth({ session: { strategy } }), routes)
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    for (const visits of [1, 2]) {
      const answer = await browser.fetch('/visit', { method: 'POST' })
      expect(answer.json()).toEqual([visits, visits, visits, visits])
      expect(cookieNames(answer.headers)).toEqual(strategy === 'cookie' ? ['__Host-latchkey'] : [])
      expect((await browser.fetch('/visits')).json()).toEqual([visits])
    }
    expect((await browser.fetch('/at-once', { method: 'POST' })).json()).toEqual([10])
    expect((await browser.fetch('/visits')).json()).toEqual([10])
    expect((await browser.fetch('/unguarded', { method: 'POST' })).json()).toEqual([20])
    expect((await browser.fetch('/forget', { method: 'POST' })).json()).toEqual([])
    expect((await browser.fetch('/visits')).json()).toEqual([null])
  })

  it('refuses a request without a session, and one of another site', async () => {
    const app = await listen(createExampleAuth({ pages: {} }), routes)
    const browser = app.browser()
    const refusalOf = async (from?: string) => (await browser.fetch('/unguarded', { method: 'POST', from })).json()
    expect(await refusalOf()).toMatchObject({ status: 401, code: 'auth/session_required' })
    await browser.signIn({ subject: 'ada' })
    expect(await refusalOf('https://evil.example')).toMatchObject({ status: 403, code: 'core/cross_origin' })
    expect((await browser.fetch('/visits')).json()).toEqual([null])
  })
})

describe('what a guard let pass', () => {
  it('is asked for after that guard alone', async () => {
    const app = await listen(createExampleAuth({ pages: {} }), (main) => {
      for (const [name, ask] of Object.entries({ authOf, sessionOf, bearerOf })) {
        main.get(`/unguarded/${name}`, answering(ask))
      }
      main.get('/session', requireSession(), answering(bearerOf))
      main.get('/bearer', requireBearer(), answering(sessionOf))
    })
    const headers = { cookie: await app.signIn() }
    for (const path of ['/unguarded/authOf', '/unguarded/sessionOf', '/unguarded/bearerOf', '/session']) {
      const response = await app.send(path, { headers })
      expect(await response.json()).toMatchObject({ status: 500, code: 'core/not_mounted' })
    }
  })
})

describe('the cookie of a refresh', () => {
  const start = () =>
    listen(createExampleAuth({ pages: {} }), (app) => {
      const guard = requireSession()
      app.get('/headed', guard, (_request, response) => {
        const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', vary: 'Origin' }
        response.writeHead(200, 'Fine', headers).end('data: 1\n\n')
      })
      app.get('/listed', guard, (_request, response) => {
        response.writeHead(200, ['set-cookie', 'app=1', 'set-cookie', 'theme=dark', 'content-type', 'text/plain'])
        response.end('listed')
      })
      app.get('/written', guard, (_request, response) => {
        response.setHeader('set-cookie', 'app=1')
        response.write('first ')
        response.end('second')
      })
      app.get('/flushed', guard, (_request, response) => {
        response.flushHeaders()
        response.end('flushed')
      })
      app.get('/piped', guard, (_request, response) => void Readable.from(['streamed']).pipe(response))
      app.get('/file', guard, (_request, response) => response.sendFile('package.json', { root: '.' }))
      app.get('/ended', guard, (_request, response) => void response.end())
      const readOnly = answering(async (request) => [
        nameOf(await getSession(request)),
        (await getAccessToken(request, 'example')).length > 0,
      ])
      app.get('/read-only', requireSession({}, { readOnly: true }), readOnly)
      app.get(
        '/upgrade',
        guard,
        answering(async (request) => [nameOf(await getSession(request))]),
      )
      const either = requireSessionOrBearer({ session: {}, bearer: {} })
      app.get(
        '/upgrade-either',
        either,
        answering((request) => [nameOf(sessionOf(request))]),
      )
    })

  it.each([
    ['/headed', 'data: 1\n\n', [], 'Origin, Cookie'],
    ['/listed', 'listed', ['app', 'theme'], 'Cookie'],
    ['/written', 'first second', ['app'], 'Cookie'],
    ['/flushed', 'flushed', [], 'Cookie'],
    ['/piped', 'streamed', [], 'Cookie'],
    ['/file', expect.stringContaining('@latchkey'), [], 'Cookie'],
    ['/ended', '', [], 'Cookie'],
  ] as const)('reaches the browser however %s is answered', async (path, body, ofApp, vary) => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await browser.fetch(path)
    expect([answer.status, answer.text]).toEqual([200, body])
    expect(cookieNames(answer.headers)).toEqual([...ofApp, '__Host-latchkey'])
    expect([answer.headers.get('cache-control'), answer.headers.get('vary')]).toEqual(['private, no-store', vary])
    expect(cookieNames((await browser.fetch(path)).headers)).toEqual(ofApp)
  })

  it('is not made where no header can be set', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await browser.fetch('/read-only')
    expect([answer.json(), cookieNames(answer.headers)]).toEqual([['first name', true], []])
    const headers = {
      cookie: browser.cookies.header(),
      connection: 'keep-alive, Upgrade',
      upgrade: 'websocket',
      origin: 'https://app.example',
    }
    for (const path of ['/upgrade', '/upgrade-either']) {
      const outgoing = nodeRequest({ port: app.port, path, headers }).end()
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
      expect([await text(incoming), incoming.headers['set-cookie']]).toEqual(['["first name"]', undefined])
    }
  })

  it('is not made once an answer has begun, and a change is refused', async () => {
    const codes: unknown[] = []
    const app = await listen(createExampleAuth({ pages: {} }), (main) => {
      main.get('/begun', async (request, response) => {
        response.write('begun ')
        const token = await getAccessToken(request, 'example')
        codes.push(await updateSession(request, { visits: 1 }).catch((error: unknown) => error))
        response.end(`${nameOf(await getSession(request))} ${token.length > 0}`)
      })
    })
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await browser.fetch('/begun')
    expect([answer.text, cookieNames(answer.headers)]).toEqual(['begun first name true', []])
    expect(codes).toEqual([expect.objectContaining({ code: 'express/headers_sent', status: 500 })])
    // Nothing that the vendor has spent is lost.
    const { status, text: again } = await browser.fetch('/begun')
    expect([status, again]).toEqual([200, 'begun first name true'])
  })

  it.each(['/read-only-change', '/upgrade-change'])('is not made by a change of what takes none: %s', async (path) => {
    const app = await listen(createExampleAuth({ pages: {} }), (main) => {
      const change = answering((request) => updateSession(request, { visits: 1 }))
      main.get('/read-only-change', requireSession({}, { readOnly: true }), change)
      main.get('/upgrade-change', requireSession(), change)
    })
    const cookie = await app.signIn()
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', origin: 'https://app.example' }
    const headers = { cookie, host: 'app.example', ...(path === '/upgrade-change' && upgrade) }
    const [incoming] = (await once(nodeRequest({ port: app.port, path, headers }).end(), 'response')) as [
      IncomingMessage,
    ]
    expect(JSON.parse(await text(incoming))).toMatchObject({ status: 500, code: 'express/headers_sent' })
    expect(incoming.headers['set-cookie']).toBeUndefined()
  })

  it('is not written back after a sign-out', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const thief = browser.copy()
    await browser.submit('/auth/logout')
    for (const path of ['/headed', '/written']) {
      const answer = await thief.fetch(path)
      expect([answer.status, cookieNames(answer.headers)]).toEqual([401, []])
    }
  })

  it('shows no token in the answer', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: canary, isDue: true })
    for (const path of ['/read-only', '/upgrade', '/ended']) {
      const answer = await browser.fetch(path)
      expect(answer.text).not.toMatch(/example-canary|a-canary-of-this-test/)
    }
  })
})
