import 'reflect-metadata'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { describeForeignPages } from '@latchkey/tool-test-support'
import { Controller, Get, Header, Module, Sse } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { WsAdapter } from '@nestjs/platform-ws'
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets'
import { of } from 'rxjs'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  CurrentUser,
  InjectLatchkey,
  LatchkeyModule,
  LatchkeyService,
  type PlatformRequest,
  RequireSession,
} from '../../src/index.ts'
import { createExampleAuth } from '../example-auth.ts'
import { platforms } from '../running-app.ts'

@Controller()
class GuardedController {
  @Get('page')
  @Header('content-type', 'text/html')
  page() {
    return '<!doctype html><title>App</title>'
  }

  @Get('api/me')
  @RequireSession()
  me(@CurrentUser() user: { readonly subject: string }) {
    return user.subject
  }

  @Sse('events')
  @RequireSession()
  events(@CurrentUser() user: { readonly subject: string }) {
    return of({ data: user.subject })
  }
}

@WebSocketGateway({ path: '/live' })
class LiveGateway implements OnGatewayConnection {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey() latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  async handleConnection(client: WebSocket, request: IncomingMessage) {
    try {
      const { user } = await this.latchkey.requireSession(request)
      client.send(user.subject)
    } catch {
      client.close()
    }
  }
}

@Module({})
class AppModule {}

/** Takes over upgrades itself, without a gateway. */
function answerUpgrades(server: Server, latchkey: LatchkeyService): void {
  const sockets = new WebSocketServer({ noServer: true })
  const accept = async (request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> => {
    try {
      const { user } = await latchkey.requireSession(request)
      sockets.handleUpgrade(request, connection, head, (socket) => socket.send(user.subject))
    } catch {
      connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    }
  }
  server.on('upgrade', (request, connection, head) => void accept(request, connection, head))
}

const cases = platforms.flatMap((platform) => (['gateway', 'raw upgrade'] as const).map((by) => ({ platform, by })))

for (const { platform, by } of cases) {
  describeForeignPages(`pages of other origins and a ${by} of Nest on ${platform}`, async ({ port, origins }) => {
    const { auth } = createExampleAuth({ baseUrl: origins })
    const module = {
      module: AppModule,
      imports: [LatchkeyModule.forRoot({ auth })],
      controllers: [GuardedController],
      providers: by === 'gateway' ? [LiveGateway] : [],
    }
    const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter({ forceCloseConnections: true })
    const app = await NestFactory.create(module, adapter, { logger: false, forceCloseConnections: true })
    app.enableCors({ origin: true, credentials: true })
    app.useWebSocketAdapter(new WsAdapter(app))
    const http = app.getHttpAdapter()
    http.get('/sign-in', (_request: PlatformRequest, response: { redirect(url: string): void }) =>
      response.redirect('/auth/example/callback'),
    )
    const server = app.getHttpServer() as Server
    if (by === 'raw upgrade') answerUpgrades(server, app.get(LatchkeyService))
    await app.listen(port, '127.0.0.1')
    return { server, close: () => app.close() }
  })
}
