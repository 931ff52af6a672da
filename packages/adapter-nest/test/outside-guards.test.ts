import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Controller, Get, Inject, type MiddlewareConsumer, Module, type NestModule, Req, Res } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { WsAdapter } from '@nestjs/platform-ws'
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets'
import { describe, expect, it, onTestFinished } from 'vitest'
import { InjectLatchkey, LatchkeyModule, LatchkeyService, type PlatformRequest, RequireSession } from '../src/index.ts'
import { createExampleAuth, halfIdleSeconds } from './example-auth.ts'
import { cookieNames, platforms, start } from './running-app.ts'

interface StreamingResponse {
  readonly raw?: StreamingResponse
  write(text: string): void
  end(text: string): void
}

interface RawResponse extends StreamingResponse {
  readonly raw?: RawResponse
  setHeader(name: string, value: string): void
  writeHead(status: number, headers: Readonly<Record<string, string>>): void
}

@Controller()
class AnswersController {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey() latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  @Get('session')
  async session(@Req() request: PlatformRequest) {
    const session = await this.latchkey.getSession(request)
    return { is: session?.user.subject ?? null }
  }

  @Get('stream')
  async stream(@Req() request: PlatformRequest, @Res() response: StreamingResponse) {
    const raw = response.raw ?? response
    raw.write('begun ')
    const session = await this.latchkey.getSession(request)
    const code = await this.latchkey.updateSession(request, { visits: 1 }).catch((error) => error.code)
    raw.end(`${session?.user.subject} ${code}`)
  }

  @Get('raw')
  @RequireSession()
  async raw(@Req() request: PlatformRequest, @Res() response: RawResponse) {
    const raw = response.raw ?? response
    await this.latchkey.getAccessToken(request, 'example')
    await this.latchkey.updateSession(request, { visits: 1 })
    raw.setHeader('set-cookie', 'app=1')
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    raw.write('data: 1\n\n')
    raw.end('data: 2\n\n')
  }

  @Get('broken-stream')
  async brokenStream(@Req() request: PlatformRequest, @Res() response: StreamingResponse) {
    const raw = response.raw ?? response
    raw.write('begun')
    await this.latchkey.updateSession(request, { visits: 1 })
  }
}

describe.each(platforms)('a response on %s', (platform) => {
  const run = async () => {
    const example = createExampleAuth({ tokenSeconds: 600 })
    const app = await start({ platform, example, controllers: [AnswersController] })
    const cookie = await app.signIn()
    return { ...app, example, open: (path: string) => app.send(path, { headers: { cookie } }) }
  }

  it('reads alone once the answer has begun, and refuses a change that would be lost', async () => {
    const app = await run()
    app.example.pass(541)
    const response = await app.open('/stream')
    expect(await response.text()).toBe('begun ada nest/headers_sent')
    expect([response.headers.getSetCookie(), app.example.refreshes()]).toEqual([[], 0])
    expect(await (await app.open('/broken-stream')).text()).toBe('begun')
  })

  it('has the cookie of a refresh and a change once, where the handler writes to it itself', async () => {
    const app = await run()
    app.example.pass(541)
    const response = await app.open('/raw')
    expect([response.status, await response.text()]).toEqual([200, 'data: 1\n\ndata: 2\n\n'])
    expect([cookieNames(response), app.example.refreshes()]).toEqual([['app', '__Host-latchkey'], 1])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })

  it('reads the session of a request in a middleware', async () => {
    const seen: (string | undefined)[] = []
    @Module({})
    class ReadingModule implements NestModule {
      private readonly latchkey: LatchkeyService

      constructor(@Inject(LatchkeyService) latchkey: LatchkeyService) {
        this.latchkey = latchkey
      }

      configure(consumer: MiddlewareConsumer) {
        const read = async (request: IncomingMessage, _response: unknown, next: () => void) => {
          seen.push((await this.latchkey.getSession(request))?.user.subject)
          next()
        }
        consumer.apply(read).forRoutes('session')
      }
    }
    const { auth, pass } = createExampleAuth()
    const app = await start({
      platform,
      controllers: [AnswersController],
      imports: [LatchkeyModule.forRoot({ auth }), ReadingModule],
    })
    const cookie = await app.signIn()
    pass(halfIdleSeconds + 1)
    const response = await app.send('/session', { headers: { cookie } })
    expect([response.status, seen]).toEqual([200, ['ada']])
    expect(cookieNames(response)).toEqual(['__Host-latchkey'])
  })

  it('reads the session of an upgrade, and refreshes nothing there', async () => {
    const example = createExampleAuth({ tokenSeconds: 600 })
    @WebSocketGateway()
    class Gateway implements OnGatewayConnection {
      private readonly latchkey: LatchkeyService

      constructor(@InjectLatchkey() latchkey: LatchkeyService) {
        this.latchkey = latchkey
      }

      async handleConnection(client: { send(text: string): void }, request: IncomingMessage) {
        const session = await this.latchkey.getSession(request)
        const either = await this.latchkey.requireSessionOrBearer(request, { session: {}, bearer: {} })
        client.send(either.kind === 'session' ? (session?.user.subject ?? 'nobody') : either.kind)
      }
    }
    const app = await start({
      platform,
      example,
      providers: [Gateway],
      prepare: (prepared) => void prepared.useWebSocketAdapter(new WsAdapter(prepared)),
    })
    const cookie = await app.signIn()
    example.pass(541)
    // Node takes headers in place of protocols; the types are those of browsers.
    const options = { headers: { cookie, origin: 'http://localhost:3002' } } as unknown as string
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/`, options)
    onTestFinished(() => socket.close())
    const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
    expect([message.data, example.refreshes()]).toEqual(['ada', 0])
  })
})

describe("Fastify's `inject`", () => {
  it('gives the cookies of the service', async () => {
    const example = createExampleAuth()
    const { app, signIn } = await start({ platform: 'fastify', example, controllers: [AnswersController] })
    const cookie = await signIn()
    example.pass(halfIdleSeconds + 1)
    const response = await (app as NestFastifyApplication).inject({ url: '/session', headers: { cookie } })
    expect([response.statusCode, response.cookies.map(({ name }) => name)]).toEqual([200, ['__Host-latchkey']])
  })
})
