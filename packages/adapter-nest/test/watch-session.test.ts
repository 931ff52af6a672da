import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Controller, Inject, Req, Sse } from '@nestjs/common'
import { WsAdapter } from '@nestjs/platform-ws'
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets'
import { from, NEVER, startWith, takeUntil } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { WebSocket as ServerSocket } from 'ws'
import { LatchkeyService, type PlatformRequest, RequireSession } from '../src/index.ts'
import { createExampleAuth } from './example-auth.ts'
import { platforms, start } from './running-app.ts'

const everySeconds = 0.01
const user = { provider: 'example', issuer: 'https://vendor.example', subject: 'ada' }

describe.each(platforms)('watchSession on %s', (platform) => {
  const run = async () => {
    const example = createExampleAuth()
    const reasons: string[] = []
    @WebSocketGateway()
    class Gateway implements OnGatewayConnection {
      @Inject(LatchkeyService)
      private readonly latchkey!: LatchkeyService

      async handleConnection(client: ServerSocket, request: IncomingMessage) {
        client.send('open')
        const requirement = { maxAuthAgeSeconds: 300 }
        const { reason } = await this.latchkey.watchSession(request, { everySeconds, requirement })
        reasons.push(reason)
        client.close(4401, reason)
      }
    }
    @Controller()
    class EventsController {
      @Inject(LatchkeyService)
      private readonly latchkey!: LatchkeyService

      @Sse('events')
      @RequireSession()
      events(@Req() request: PlatformRequest) {
        const end = this.latchkey.watchSession(request, { everySeconds })
        void end.then(({ reason }) => reasons.push(reason))
        return NEVER.pipe(startWith({ data: 'open' }), takeUntil(from(end)))
      }
    }
    const app = await start({
      platform,
      example,
      controllers: [EventsController],
      providers: [Gateway],
      prepare: (prepared) => void prepared.useWebSocketAdapter(new WsAdapter(prepared)),
    })
    const cookie = await app.signIn()
    const open = async (): Promise<WebSocket> => {
      // Node takes headers in place of protocols; the types are those of browsers.
      const options = { headers: { cookie, origin: 'http://localhost:3002' } } as unknown as string
      const socket = new WebSocket(`ws://127.0.0.1:${app.port}/`, options)
      onTestFinished(() => socket.close())
      await once(socket, 'message')
      return socket
    }
    const signOut = () =>
      app.send('/auth/logout', { method: 'POST', headers: { cookie, 'sec-fetch-site': 'same-origin' } })
    return { app, example, cookie, open, signOut, reasons }
  }

  it('closes a WebSocket when the user signs out, is revoked, or authenticated too long ago', async () => {
    const { open, signOut, example } = await run()
    const [first, second] = [await open(), await run()]
    const closed = once(first, 'close')
    await signOut()
    expect(((await closed) as [CloseEvent])[0]).toMatchObject({ code: 4401, reason: 'auth/session_required' })
    expect(example.refreshes()).toBe(0)

    const revoked = once(await second.open(), 'close')
    await second.example.auth.revokeSessions(user)
    expect(((await revoked) as [CloseEvent])[0].reason).toBe('auth/session_required')

    const third = await run()
    const old = once(await third.open(), 'close')
    third.example.pass(301)
    expect(((await old) as [CloseEvent])[0].reason).toBe('auth/step_up_required')
  })

  it('ends an event stream when the user signs out', async () => {
    const { app, cookie, signOut, reasons } = await run()
    const { body } = await app.send('/events', { headers: { cookie } })
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    let received = ''
    while (!received.includes('open')) received += (await reader?.read())?.value ?? ''
    await signOut()
    while ((await reader?.read())?.done === false);
    expect(reasons).toEqual(['auth/session_required'])
  })
})
