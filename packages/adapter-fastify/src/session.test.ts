import { once } from 'node:events'
import { type IncomingMessage, request as nodeRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Session } from '@latchkey/core'
import { createExampleAuth, createTestSession } from '@latchkey/testkit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { canary, listen } from '../test/listening-app.ts'
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

const names = (headers: Headers) => headers.getSetCookie().map((line) => line.split('=', 1)[0])
const nameOf = (session: Session | null) => session?.identities.example?.profile.name ?? null

describe('getAccessToken', () => {
  it('returns the token of a session, refreshed when it is due, and sets the cookie of the refresh once', async () => {
    const app = await listen(createExampleAuth({ pages: {} }), (instance) => {
      instance.get('/', { preHandler: requireSession() }, async (request) => [
        (await getAccessToken(request, 'example')) === (await getAccessToken(request, 'example')),
        nameOf(await getSession(request)),
      ])
      instance.get('/unguarded', async (request) => ({ length: (await getAccessToken(request, 'example')).length }))
    })
    for (const path of ['/', '/unguarded']) {
      const browser = app.browser()
      await browser.signIn({ subject: 'ada', isDue: true })
      const answer = await browser.fetch(path)
      expect(answer.status).toBe(200)
      expect(names(answer.headers)).toEqual(['__Host-latchkey'])
      expect(answer.headers.get('cache-control')).toBe('private, no-store')
      expect(names((await browser.fetch(path)).headers)).toEqual([])
    }
    const missing = await app.send('/unguarded')
    expect(await missing.json()).toMatchObject({ statusCode: 401, code: 'auth/session_required' })
    expect([missing.headers.get('cache-control'), missing.headers.get('vary')]).toEqual(['private, no-store', 'Cookie'])
  })

  it('refuses a session without tokens of that provider', async () => {
    const example = createExampleAuth()
    const app = await listen(example, (instance) => {
      instance.get('/', async (request) => ({ token: await getAccessToken(request, 'example') }))
    })
    const { cookie } = await createTestSession(example.auth, { example: { subject: 'ada' } })
    const response = await app.send('/', { headers: { cookie } })
    expect(await response.json()).toMatchObject({ statusCode: 403, code: 'auth/tokens_missing' })
  })
})

describe('updateSession', () => {
  const routes = (app: FastifyInstance): void => {
    app.post('/visit', { preHandler: requireSession() }, async (request) => {
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
    app.get('/visits', async (request) => [(await getSession(request))?.data.visits ?? null])
    app.post('/at-once', { preHandler: requireSession() }, async (request) => {
      await Promise.all([
        getAccessToken(request, 'example'),
        updateSession(request, { visits: 10 }),
        getAccessToken(request, 'example'),
        getSession(request),
      ])
      return [sessionOf(request).data.visits]
    })
    app.post('/unguarded', async (request) => [(await updateSession(request, { visits: 20 })).data.visits])
    app.post('/forget', async (request) => Object.keys((await updateSession(request, { visits: undefined })).data))
  }

  it.each(['cookie', 'store'] as const)('changes a session in a %s for this request and the next', async (strategy) => {
    const app = await listen(createExampleAuth({ session: { strategy } }), routes)
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    for (const visits of [1, 2]) {
      const answer = await browser.fetch('/visit', { method: 'POST' })
      expect(answer.json()).toEqual([visits, visits, visits, visits])
      expect(names(answer.headers)).toEqual(strategy === 'cookie' ? ['__Host-latchkey'] : [])
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
    expect(await refusalOf()).toMatchObject({ statusCode: 401, code: 'auth/session_required' })
    await browser.signIn({ subject: 'ada' })
    expect(await refusalOf('https://evil.example')).toMatchObject({ statusCode: 403, code: 'core/cross_origin' })
    expect((await browser.fetch('/visits')).json()).toEqual([null])
  })
})

describe('what a guard let pass', () => {
  it('is asked for after that guard alone', async () => {
    const app = await listen(createExampleAuth({ pages: {} }), (instance) => {
      for (const [name, ask] of Object.entries({ authOf, sessionOf, bearerOf })) {
        instance.get(`/unguarded/${name}`, async (request) => ask(request))
      }
      instance.get('/session', { preHandler: requireSession() }, async (request) => bearerOf(request))
      instance.get('/bearer', { preHandler: requireBearer() }, async (request) => sessionOf(request))
    })
    const headers = { cookie: await app.signIn() }
    for (const path of ['/unguarded/authOf', '/unguarded/sessionOf', '/unguarded/bearerOf', '/session']) {
      const response = await app.send(path, { headers })
      expect(await response.json()).toMatchObject({ statusCode: 500, code: 'core/not_mounted' })
    }
  })
})

describe('the cookie of a refresh', () => {
  const start = () =>
    listen(createExampleAuth({ pages: {} }), (app) => {
      const preHandler = requireSession()
      app.get('/hijacked', { preHandler }, async (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200, 'Fine', {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache',
          vary: 'Origin',
        })
        reply.raw.end('data: 1\n\n')
      })
      app.get('/listed', { preHandler }, async (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200, ['set-cookie', 'app=1', 'set-cookie', 'theme=dark', 'content-type', 'text/plain'])
        reply.raw.end('listed')
      })
      app.get('/raw', { preHandler }, async (_request, reply) => {
        reply.hijack()
        reply.raw.setHeader('set-cookie', 'app=1')
        reply.raw.write('first ')
        reply.raw.end('second')
      })
      app.get('/flushed', { preHandler }, async (_request, reply) => {
        reply.hijack().raw.flushHeaders()
        reply.raw.end('flushed')
      })
      app.get('/stream', { preHandler }, async () => new Response('streamed').body)
      app.get('/ended', { preHandler }, async (_request, reply) => void reply.hijack().raw.end())
      app.get('/read-only', { preHandler: requireSession({}, { readOnly: true }) }, async (request) => [
        nameOf(await getSession(request)),
        (await getAccessToken(request, 'example')).length > 0,
      ])
      app.get('/upgrade', { preHandler }, async (request) => [nameOf(await getSession(request))])
      const either = requireSessionOrBearer({ session: {}, bearer: {} })
      app.get('/upgrade-either', { preHandler: either }, async (request) => [nameOf(sessionOf(request))])
    })

  it.each([
    ['/hijacked', 'data: 1\n\n', [], 'Origin, Cookie'],
    ['/listed', 'listed', ['app', 'theme'], 'Cookie'],
    ['/raw', 'first second', ['app'], 'Cookie'],
    ['/flushed', 'flushed', [], 'Cookie'],
    ['/stream', 'streamed', [], 'Cookie'],
    ['/ended', '', [], 'Cookie'],
  ] as const)('reaches the browser however %s is answered', async (path, text, ofApp, vary) => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await browser.fetch(path)
    expect([answer.status, answer.text]).toEqual([200, text])
    expect(names(answer.headers)).toEqual([...ofApp, '__Host-latchkey'])
    expect([answer.headers.get('cache-control'), answer.headers.get('vary')]).toEqual(['private, no-store', vary])
    expect(names((await browser.fetch(path)).headers)).toEqual(ofApp)
  })

  it('is not made where no header can be set', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await browser.fetch('/read-only')
    expect([answer.json(), names(answer.headers)]).toEqual([['first name', true], []])
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

  it.each(['hijacked', 'raw'])('is not made once a %s answer has begun, and a change is refused', async (path) => {
    const example = createExampleAuth({ pages: {} })
    const codes: unknown[] = []
    const app = await listen(example, (instance) => {
      instance.get(`/${path}`, async (request, reply) => {
        if (path === 'hijacked') reply.hijack().raw.writeHead(200, { 'content-type': 'text/event-stream' })
        reply.raw.write('begun ')
        const token = await getAccessToken(request, 'example')
        codes.push(await updateSession(request, { visits: 1 }).catch((error: unknown) => error))
        reply.hijack().raw.end(`${nameOf(await getSession(request))} ${token.length > 0}`)
      })
    })
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await browser.fetch(`/${path}`)
    expect([answer.text, names(answer.headers)]).toEqual(['begun first name true', []])
    expect(codes).toEqual([expect.objectContaining({ code: 'fastify/headers_sent', status: 500 })])
    // Nothing that the vendor has spent is lost.
    const { status, text: again } = await browser.fetch(`/${path}`)
    expect([status, again]).toEqual([200, 'begun first name true'])
  })

  it.each(['/read-only-change', '/upgrade-change'])('is not made by a change of what takes none: %s', async (path) => {
    const app = await listen(createExampleAuth({ pages: {} }), (instance) => {
      const change = async (request: FastifyRequest) => updateSession(request, { visits: 1 })
      instance.get('/read-only-change', { preHandler: requireSession({}, { readOnly: true }) }, change)
      instance.get('/upgrade-change', { preHandler: requireSession() }, change)
    })
    const cookie = await app.signIn()
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', origin: 'https://app.example' }
    const headers = { cookie, host: 'app.example', ...(path === '/upgrade-change' && upgrade) }
    const [incoming] = (await once(nodeRequest({ port: app.port, path, headers }).end(), 'response')) as [
      IncomingMessage,
    ]
    expect(JSON.parse(await text(incoming))).toMatchObject({ statusCode: 500, code: 'fastify/headers_sent' })
    expect(incoming.headers['set-cookie']).toBeUndefined()
  })

  it('is not written back after a sign-out', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: 'ada', isDue: true })
    const thief = browser.copy()
    await browser.submit('/auth/logout')
    for (const path of ['/hijacked', '/raw']) {
      const answer = await thief.fetch(path)
      expect([answer.status, names(answer.headers)]).toEqual([401, []])
    }
  })

  it('shows no token in the answer or the log', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn({ subject: canary, isDue: true })
    const answer = await browser.fetch('/upgrade')
    expect(answer.text + JSON.stringify(app.lines)).not.toMatch(/example-canary|a-canary-of-this-test/)
  })
})
