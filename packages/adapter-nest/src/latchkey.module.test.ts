import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Auth, Session } from '@latchkey/core'
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Injectable,
  Module,
  UseFilters,
} from '@nestjs/common'
import { APP_GUARD, ExternalContextCreator, NestFactory } from '@nestjs/core'
import { ClientProxyFactory, MessagePattern, type MicroserviceOptions, Transport } from '@nestjs/microservices'
import { WsAdapter } from '@nestjs/platform-ws'
import { Test } from '@nestjs/testing'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { lastValueFrom, throwError } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { canary, createExampleAuth } from '../test/example-auth.ts'
import { type AppParts, cookieNames, platforms, start } from '../test/running-app.ts'
import {
  authToken,
  CurrentSession,
  InjectAuth,
  LatchkeyGuard,
  LatchkeyModule,
  Public,
  RequireSession,
} from './index.ts'

@Controller()
class MeController {
  private readonly auth: Auth

  constructor(@InjectAuth() auth: Auth) {
    this.auth = auth
  }

  @Get('me')
  @RequireSession()
  me(@CurrentSession() session: Session) {
    return { is: session.identities.example?.subject, routes: this.auth.routes.length }
  }
}

describe.each(platforms)('the module on %s', (platform) => {
  it('takes its auth from a factory with dependencies', async () => {
    const example = createExampleAuth()
    @Injectable()
    class Settings {
      readonly auth = example.auth
    }
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}
    const app = await start({
      platform,
      controllers: [MeController],
      imports: [
        LatchkeyModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: async (settings: Settings) => ({ auth: settings.auth }),
        }),
      ],
    })
    const response = await app.send('/me', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toEqual({ is: 'ada', routes: example.auth.routes.length })
  })

  const staff = () =>
    createExampleAuth({ basePath: '/staff/auth', session: { strategy: 'cookie', cookieName: '__Host-staff' } })

  it('mounts several instances, each with its own sessions and guards', async () => {
    @Controller()
    class UsersController {
      @Get('customer')
      @RequireSession()
      customer(@CurrentSession() session: Session) {
        return session.id
      }

      @Get('staff')
      @RequireSession({}, 'staff')
      staff(@CurrentSession('staff') session: Session) {
        return session.id
      }

      @Get('both')
      @RequireSession()
      @RequireSession({}, 'staff')
      both(@CurrentSession() one: Session, @CurrentSession('staff') other: Session) {
        return { differ: one.id !== other.id }
      }

      @Get('mistaken')
      @RequireSession({}, 'staff')
      mistaken(@CurrentSession() session: Session) {
        return session
      }
    }
    const [customers, employees] = [createExampleAuth(), staff()]
    const app = await start({
      platform,
      controllers: [UsersController],
      imports: [
        LatchkeyModule.forRoot({ auth: customers.auth }),
        LatchkeyModule.forRootAsync({ name: 'staff', useFactory: () => ({ auth: employees.auth }) }),
      ],
    })
    const customer = await app.signIn()
    const employee = await app.signIn('/staff/auth/example/callback')
    const status = async (path: string, cookie: string) => (await app.send(path, { headers: { cookie } })).status
    expect([await status('/customer', customer), await status('/customer', employee)]).toEqual([200, 401])
    expect([await status('/staff', employee), await status('/staff', customer)]).toEqual([200, 401])
    expect([await status('/both', employee), await status('/both', customer)]).toEqual([401, 401])
    expect(await status('/mistaken', employee)).toBe(500)

    customers.pass(1801)
    employees.pass(1801)
    const both = await app.send('/both', { headers: { cookie: `${customer}; ${employee}` } })
    expect(await both.json()).toEqual({ differ: true })
    expect(new Set(cookieNames(both))).toEqual(new Set(['__Host-latchkey', '__Host-staff']))
    expect(both.headers.get('vary')).toBe('Cookie')
  })

  it.each([
    ['a name', undefined, staff],
    ['a route', 'staff', createExampleAuth],
  ])('refuses to start where two instances share %s', async (_what, name, other) => {
    const imports = [
      LatchkeyModule.forRoot({ auth: createExampleAuth().auth }),
      LatchkeyModule.forRoot({ auth: other().auth, name }),
    ]
    await expect(start({ platform, imports })).rejects.toMatchObject({ code: 'nest/mounted_twice' })
  })
})

describe('the module', () => {
  const refused = (imports: AppParts['imports']) =>
    expect(start({ platform: 'express', imports: imports ?? [] })).rejects.toMatchObject({
      code: 'core/invalid_option',
    })

  it('refuses options that it does not know, and what is no auth', async () => {
    const { auth } = createExampleAuth()
    const options = { auth, prefix: '/v1' }
    expect(() => LatchkeyModule.forRoot(options)).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
    const asyncOptions = { useFactory: () => ({ auth }), global: true }
    expect(() => LatchkeyModule.forRootAsync(asyncOptions)).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
    // @ts-expect-error an auth is needed
    expect(() => LatchkeyModule.forRoot({})).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
    // @ts-expect-error an auth is needed
    await refused([LatchkeyModule.forRootAsync({ useFactory: () => ({ auht: auth }) })])
  })

  it('lets a test put an auth of its own in the place of the real one', async () => {
    const { auth } = createExampleAuth({ basePath: '/other' })
    const testing = await Test.createTestingModule({
      imports: [LatchkeyModule.forRoot({ auth: createExampleAuth().auth })],
    })
      .overrideProvider(authToken())
      .useValue(auth)
      .compile()
    const app = testing.createNestApplication()
    onTestFinished(() => app.close())
    await app.listen(0, '127.0.0.1')
    const { port } = app.getHttpServer().address() as AddressInfo
    expect((await fetch(`http://127.0.0.1:${port}/other/session`)).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${port}/auth/session`)).status).toBe(404)
  })

  it('gives its auth to an app without HTTP', async () => {
    const { auth } = createExampleAuth()
    @Module({ imports: [LatchkeyModule.forRoot({ auth })] })
    class JobModule {}
    const context = await NestFactory.createApplicationContext(JobModule, { logger: false })
    onTestFinished(() => context.close())
    expect(context.get(authToken())).toBe(auth)
  })
})

describe('outside of HTTP', () => {
  @Catch()
  class Code implements ExceptionFilter {
    catch(error: { readonly code?: string }, host: ArgumentsHost) {
      if (host.getType() === 'rpc') return throwError(() => ({ refused: error.code }))
      host
        .switchToWs()
        .getClient<{ send(text: string): void }>()
        .send(JSON.stringify({ refused: error.code }))
      return undefined
    }
  }

  const guarded = (name: string) => {
    @Controller()
    @UseFilters(Code)
    class JobController {
      @MessagePattern('required')
      @RequireSession()
      required() {
        return canary
      }

      @MessagePattern('global')
      global() {
        return canary
      }

      @MessagePattern('current')
      @Public()
      current(@CurrentSession() session: Session) {
        return session
      }

      @MessagePattern('public')
      @Public()
      open() {
        return name
      }
    }
    return JobController
  }

  it('a message of a microservice is refused by code', async () => {
    @Module({
      imports: [LatchkeyModule.forRoot({ auth: createExampleAuth().auth })],
      controllers: [guarded('open')],
      providers: [{ provide: APP_GUARD, useClass: LatchkeyGuard }],
    })
    class JobModule {}
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(JobModule, {
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
      logger: false,
    })
    onTestFinished(() => app.close())
    await app.listen()
    const { port } = app.unwrap<{ address(): AddressInfo }>().address()
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } })
    onTestFinished(() => void client.close())
    for (const pattern of ['required', 'global', 'current']) {
      await expect(lastValueFrom(client.send(pattern, {})), pattern).rejects.toEqual({ refused: 'nest/http_only' })
    }
    expect(await lastValueFrom(client.send('public', {}))).toBe('open')
  })

  it('a message of a WebSocket is refused by code, whatever its handshake brought', async () => {
    @WebSocketGateway()
    @UseFilters(Code)
    class Gateway {
      @SubscribeMessage('required')
      @RequireSession()
      required() {
        return canary
      }

      @SubscribeMessage('current')
      current(@CurrentSession() session: Session) {
        return session
      }
    }
    const app = await start({
      platform: 'express',
      providers: [Gateway],
      prepare: (prepared) => void prepared.useWebSocketAdapter(new WsAdapter(prepared)),
    })
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/`)
    onTestFinished(() => socket.close())
    await once(socket, 'open')
    for (const event of ['required', 'current']) {
      socket.send(JSON.stringify({ event, data: {} }))
      const [message] = (await once(socket, 'message')) as [MessageEvent<string>]
      expect(JSON.parse(message.data), event).toEqual({ refused: 'nest/http_only' })
    }
  })

  it('a GraphQL resolver is refused by code', async () => {
    @Injectable()
    class Resolver {
      @RequireSession()
      user() {
        return canary
      }
    }
    const { app } = await start({ platform: 'express', providers: [Resolver] })
    const resolver = app.get(Resolver)
    const creator = app.get(ExternalContextCreator)
    const resolve = creator.create(
      resolver,
      resolver.user,
      'user',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'graphql',
    )
    await expect(resolve({}, {}, { req: {} }, {})).rejects.toMatchObject({ code: 'nest/http_only' })
  })
})
