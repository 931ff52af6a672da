import { EventEmitter, once } from 'node:events'
import { type IncomingMessage, request as nodeRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { createExampleAuth } from '@latchkey/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { getSession, requireSession, type SessionEnd, sessionOf, upgradeOf, watchSession } from '../src/index.ts'
import { listen, versions } from './listening-app.ts'

const everySeconds = 0.01
const requirement = { maxAuthAgeSeconds: 300 }
const sender = { origin: 'https://app.example' }

async function start(express = versions['Express 5']) {
  const example = createExampleAuth({ pages: {} })
  /** Emits `end` when a watch of the app has come to its end. */
  const watches = new EventEmitter()
  const ended = (end: SessionEnd): SessionEnd => {
    watches.emit('end', end.reason)
    return end
  }
  const sockets = new WebSocketServer({ noServer: true })
  const router = express.Router()
  router.get('/live', requireSession(), (request, response, next) => {
    const { socket, head } = upgradeOf(request)
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (message) => client.send(`echo of ${String(message)}`))
      client.send(sessionOf(request).user.subject)
      watchSession(request, { everySeconds, requirement })
        .then(ended)
        .then(({ reason }) => client.close(4401, reason), next)
    })
    expect(response.headersSent).toBe(false)
  })
  const app = await listen(
    example,
    (main) => {
      main.use('/sockets', router)
      main.get('/page', requireSession(), async (request, response) => {
        response.send((await getSession(request))?.user.subject)
      })
      main.get('/failing', requireSession(), () => {
        throw new Error('of the app')
      })
      main.get('/taken-twice', requireSession(), (request) => {
        const { socket } = upgradeOf(request)
        try {
          upgradeOf(request)
        } catch (error) {
          socket.end(`HTTP/1.1 500 ${String((error as { code?: unknown }).code)}\r\nConnection: close\r\n\r\n`)
        }
      })
      main.get('/events', requireSession(), async (request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`data: ${sessionOf(request).user.subject}\n\n`)
        ended(await watchSession(request, { everySeconds }))
        response.end('event: end\ndata:\n\n')
      })
      main.get('/done', requireSession(), (request, response) => {
        void watchSession(request, { everySeconds }).then(ended)
        response.send('done')
      })
      main.get('/foreign', async (request, response) => {
        response.json(await watchSession(request, { requirement: { tenant: 'other' } }))
      })
    },
    { express },
  )
  const browser = app.browser()
  await browser.signIn({ subject: 'ada' })
  const open = async (): Promise<WebSocket> => {
    // Node takes headers in place of protocols; the types are those of browsers.
    const options = { headers: { cookie: browser.cookies.header(), ...sender } } as unknown as string
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/sockets/live`, options)
    onTestFinished(() => socket.close())
    const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
    expect(message.data).toBe('ada')
    return socket
  }
  /** A handshake that is answered by a response. */
  const refusalOf = async (path: string, headers: Record<string, string> = {}) => {
    const handshake = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    const cookie = browser.cookies.header()
    const outgoing = nodeRequest({
      port: app.port,
      path,
      headers: { cookie, ...sender, ...handshake, ...key, ...headers },
    })
    outgoing.end()
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    const closed = once(incoming.socket, 'close')
    const body = await text(incoming)
    await closed
    return { status: incoming.statusCode, message: incoming.statusMessage, headers: incoming.headers, body }
  }
  return { app, example, browser, open, refusalOf, watches }
}

describe.each(Object.entries(versions))('a handshake on %s', (_version, express) => {
  it("passes the guards of its route, and its connection is the handler's", async () => {
    const { open } = await start(express)
    const socket = await open()
    const echoed = once(socket, 'message')
    socket.send('hello')
    expect(((await echoed) as [MessageEvent<string>])[0].data).toBe('echo of hello')
  })

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }, 403, 'core/cross_origin'],
    ['a page of a sibling host', { origin: 'https://other.app.example' }, 403, 'core/cross_origin'],
    ['nobody who signed in', { cookie: '' }, 401, 'auth/session_required'],
  ])('of %s is refused like a change, and the connection closed', async (_who, headers, status, code) => {
    const { refusalOf, app } = await start(express)
    const refusal = await refusalOf('/sockets/live', headers)
    expect([refusal.status, JSON.parse(refusal.body)]).toMatchObject([status, { code }])
    expect([refusal.headers.connection, refusal.headers['content-type']]).toEqual(['close', 'application/problem+json'])
    expect(app.errors).toEqual([])
  })

  it('that no route takes is answered as a request is, and the connection closed', async () => {
    const { refusalOf, app } = await start(express)
    expect((await refusalOf('/nothing-here')).status).toBe(404)
    expect(await refusalOf('/page')).toMatchObject({ status: 200, body: 'ada' })
    expect(JSON.parse((await refusalOf('/auth/session')).body)).toMatchObject({ signedIn: true })
    expect(await refusalOf('/failing')).toMatchObject({ status: 500 })
    expect(app.errors).toEqual([new Error('of the app')])
  })

  it('that is refused ends from this side: what follows on the connection is never read', async () => {
    const { app } = await start(express)
    const socket = connect(app.port, '127.0.0.1')
    const handshake = 'Host: app.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    socket.write(`GET /page HTTP/1.1\r\n${handshake}GET /page HTTP/1.1\r\nHost: app.example\r\n\r\n`)
    const answers = (await text(socket)).match(/^HTTP\/1\.1 \d+/gm)
    expect(answers).toEqual(['HTTP/1.1 403'])
  })

  it('refreshes nothing', async () => {
    const { browser, refusalOf } = await start(express)
    await browser.signIn({ subject: 'ada', isDue: true })
    const answer = await refusalOf('/page')
    expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined])
  })

  it('is the only request whose connection can be taken, and once', async () => {
    const { browser, refusalOf } = await start(express)
    const plain = await browser.fetch('/sockets/live')
    expect([plain.status, plain.json()]).toMatchObject([400, { code: 'express/no_upgrade' }])
    expect(await refusalOf('/taken-twice')).toMatchObject({ message: 'express/no_upgrade' })
  })

  it('whose client is gone before it is answered hurts nobody', async () => {
    const { app, browser, open } = await start(express)
    const headers = { cookie: browser.cookies.header(), ...sender, connection: 'Upgrade', upgrade: 'websocket' }
    const outgoing = nodeRequest({ port: app.port, path: '/page', headers }).end()
    const [socket] = (await once(outgoing, 'socket')) as [Socket]
    await once(socket, 'connect')
    outgoing.on('error', () => {})
    socket.resetAndDestroy()
    expect((await open()).readyState).toBe(WebSocket.OPEN)
  })
})

const ends = {
  'the user signs out in another tab': async ({ browser }) => void (await browser.submit('/auth/logout')),
  'the user is revoked': ({ example: { auth } }) =>
    auth.revokeSessions({ provider: 'example', issuer: 'https://example.example', subject: 'ada' }),
} satisfies Record<string, (started: Awaited<ReturnType<typeof start>>) => Promise<void>>

describe('watchSession', () => {
  it.each(Object.entries(ends))('closes a WebSocket when %s', async (_what, end) => {
    const started = await start()
    const socket = await started.open()
    const closed = once(socket, 'close')
    await end(started)
    const [{ code, reason }] = (await closed) as [CloseEvent]
    expect([code, reason]).toEqual([4401, 'auth/session_required'])
  })

  it('closes a WebSocket when its requirement is no longer met', async () => {
    const { open, example } = await start()
    const closed = once(await open(), 'close')
    example.pass(301)
    const [{ reason }] = (await closed) as [CloseEvent]
    expect(reason).toBe('auth/step_up_required')
  })

  it.each(Object.entries(ends))('ends an event stream when %s', async (_what, end) => {
    const started = await start()
    const { body } = await started.app.send('/events', { headers: { cookie: started.browser.cookies.header() } })
    await end(started)
    expect(await text(body as ReadableStream)).toBe('data: ada\n\nevent: end\ndata:\n\n')
  })

  it('stops when the connection is closed first, and when the answer is sent', async () => {
    const { open, watches, browser } = await start()
    const socket = await open()
    const first = once(watches, 'end')
    socket.close()
    expect(await first).toEqual(['closed'])
    const second = once(watches, 'end')
    await browser.fetch('/done')
    expect(await second).toEqual(['closed'])
  })

  it('has ended at once without a session that meets the requirement', async () => {
    const { app, browser } = await start()
    expect(await (await app.send('/foreign')).json()).toEqual({ reason: 'auth/session_required' })
    expect((await browser.fetch('/foreign')).json()).toEqual({ reason: 'auth/tenant_required' })
  })

  it('is refused where no auth is mounted', async () => {
    await expect(watchSession({} as never)).rejects.toMatchObject({ code: 'core/not_mounted' })
  })
})
