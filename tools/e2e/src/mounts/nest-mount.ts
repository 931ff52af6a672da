import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import {
  type AnyRequest,
  CurrentBearer,
  CurrentSession,
  InjectLatchkey,
  LatchkeyModule,
  type LatchkeyService,
  OptionalSession,
  RequireBearer,
  RequireSession,
  RequireSessionOrBearer,
} from '@latchkey/adapter-nest'
import type { BearerToken, ProviderName, Session } from '@latchkey/core'
import type { ExampleGuard, ExampleRoute, Mount, SeenRequest } from '@latchkey/testkit'
import {
  Body,
  Controller,
  Get,
  HttpCode,
  type INestApplication,
  Module,
  Post,
  Req,
  Res,
  StreamableFile,
  type Type,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { keepLogs } from './log-lines.ts'

/** What of Nest a mount sets. */
export interface NestMountOptions {
  readonly name: string
  readonly platform: 'express' | 'fastify'
  readonly prefix?: `/${string}`
  /** Options of Fastify itself. */
  readonly fastify?: ConstructorParameters<typeof FastifyAdapter>[0]
  /** Changes the app before it listens. */
  prepare?(app: INestApplication): void
}

/** Makes a mount of adapter-nest. */
export function createNestMount({ name, platform, prefix, fastify = {}, prepare }: NestMountOptions): Mount {
  return {
    name,
    ...(prefix !== undefined && { prefix }),
    async start({ auth, routes }) {
      class AppModule {}
      const controllers = routes.flatMap((route) => route.methods.map((method) => controllerOf(route, method)))
      // Decorators as the functions that they are: Node cannot run their syntax.
      Module({ imports: [LatchkeyModule.forRoot({ auth })], controllers })(AppModule)
      const logs = keepLogs()
      const logger = { level: 'trace', stream: logs.stream }
      const adapter =
        platform === 'express'
          ? new ExpressAdapter()
          : new FastifyAdapter({ forceCloseConnections: true, logger, ...fastify } as typeof fastify)
      const app = await NestFactory.create(AppModule, adapter, {
        logger: false,
        abortOnError: false,
        forceCloseConnections: true,
      })
      prepare?.(app)
      await app.listen(0, '127.0.0.1')
      const { port } = (app.getHttpServer() as { address(): AddressInfo }).address()
      return { origin: `http://127.0.0.1:${port}`, logs: logs.text, close: () => app.close() }
    },
  }
}

/** What the responses of both platforms have. */
interface PlatformResponse {
  append?(name: string, value: string): unknown
  header(name: string, value: string): unknown
}

/** What the decorators of parameters give, in their order. */
type HandlerParameters = [
  session: Session | null | undefined,
  bearer: BearerToken | null | undefined,
  body: unknown,
  response: PlatformResponse,
  request: AnyRequest,
]

/** A controller with one route, by the decorators that an app would write on a method. */
function controllerOf(route: ExampleRoute, method: 'GET' | 'POST'): Type {
  class ExampleController {
    readonly service: LatchkeyService

    constructor(service: LatchkeyService) {
      this.service = service
    }

    async handle(...[session, bearer, body, response, request]: HandlerParameters): Promise<unknown> {
      const { service } = this
      const calls: SeenRequest['calls'] = {
        getSession: () => service.getSession(request),
        getAccessToken: (provider) => service.getAccessToken(request, provider as ProviderName),
        updateSession: (data) => service.updateSession(request, data),
      }
      const answer = await route.answer({ ...(session && { session }), ...(bearer && { bearer }), body, calls })
      for (const [name, value] of answer.headers) {
        if (response.append === undefined) response.header(name, value)
        else response.append(name, value)
      }
      if (!(answer.body instanceof ReadableStream)) return answer.body
      return new StreamableFile(Readable.fromWeb(answer.body as never), { type: 'text/plain' })
    }
  }
  const { prototype } = ExampleController
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'handle') as TypedPropertyDescriptor<unknown>
  const decorators = [(method === 'GET' ? Get : Post)(route.path), HttpCode(200), ...guardsOf(route.guard)]
  for (const decorate of decorators) decorate(prototype, 'handle', descriptor)
  if (route.guard.kind !== 'nothing') {
    CurrentSession()(prototype, 'handle', 0)
    CurrentBearer()(prototype, 'handle', 1)
  }
  Body()(prototype, 'handle', 2)
  Res({ passthrough: true })(prototype, 'handle', 3)
  Req()(prototype, 'handle', 4)
  InjectLatchkey()(ExampleController, undefined, 0)
  Controller()(ExampleController)
  return ExampleController
}

function guardsOf(guard: ExampleGuard): readonly MethodDecorator[] {
  switch (guard.kind) {
    case 'nothing':
      return []
    case 'reading':
      return [OptionalSession()]
    case 'session':
      return [RequireSession(guard.session)]
    case 'bearer':
      return [RequireBearer(guard.bearer)]
    case 'either':
      return [RequireSessionOrBearer({ session: guard.session, bearer: guard.bearer })]
    default:
      return guard satisfies never
  }
}
