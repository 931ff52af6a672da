import { EventEmitter, once } from 'node:events'
import { text } from 'node:stream/consumers'
import websocket from '@fastify/websocket'
import { createExampleAuth } from '@latchkey/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { requireSession, type SessionEnd, sessionOf, watchSession } from '../src/index.ts'
import { listen } from './listening-app.ts'

const everySeconds = 0.01
const requirement = { maxAuthAgeSeconds: 300 }

async function start() {
  const example = createExampleAuth({ pages: {} })
  /** Emits `end` when a watch of the app has come to its end. */
  const watches = new EventEmitter()
  const ended = (end: SessionEnd): SessionEnd => {
    watches.emit('end', end.reason)
    return end
  }
  const app = await listen(example, async (instance) => {
    await instance.register(websocket)
    instance.get('/live', { websocket: true, preHandler: requireSession() }, async (socket, request) => {
      socket.send(sessionOf(request).user.subject)
      const { reason } = ended(await watchSession(request, { everySeconds, requirement }))
      socket.close(4401, reason)
    })
    instance.get('/events', { preHandler: requireSession() }, async (request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
      reply.raw.write(`data: ${sessionOf(request).user.subject}\n\n`)
      ended(await watchSession(request, { everySeconds }))
      reply.raw.end('event: end\ndata:\n\n')
    })
    instance.get('/done', { preHandler: requireSession() }, async (request) => {
      void watchSession(request, { everySeconds }).then(ended)
      return 'done'
    })
    instance.get('/foreign', async (request) => watchSession(request, { requirement: { tenant: 'other' } }))
  })
  const browser = app.browser()
  await browser.signIn({ subject: 'ada' })
  const open = async (): Promise<WebSocket> => {
    // Node takes headers in place of protocols; the types are those of browsers.
    const options = { headers: { cookie: browser.cookies.header(), origin: 'https://app.example' } }
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/live`, options as unknown as string)
    onTestFinished(() => socket.close())
    const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
    expect(message.data).toBe('ada')
    return socket
  }
  return { app, example, browser, open, watches }
}

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

  it('is refused where the plugin is not registered', async () => {
    await expect(watchSession({ server: {} } as never)).rejects.toMatchObject({ code: 'core/not_mounted' })
  })
})
