import type { Auth, BearerToken, Identity, Session } from '@latchkey/core'
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Header,
  HttpException,
  Post,
  Res,
  Sse,
  UseFilters,
} from '@nestjs/common'
import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { bearerToken, canary, createExampleAuth, halfIdleSeconds } from '../test/example-auth.ts'
import { cookieHeader, cookieNames, platforms, start } from '../test/running-app.ts'
import {
  CurrentBearer,
  CurrentIdentity,
  CurrentSession,
  OptionalSession,
  RequireBearer,
  RequireEither,
  RequireSession,
} from './index.ts'

const subjectOf = (session: Session | null): string | null => session?.identities.example?.subject ?? null

@Controller()
class UsersController {
  @Get('api/me')
  @RequireSession()
  me(@CurrentSession() session: Session, @CurrentIdentity('example') identity: Identity | null) {
    return { is: subjectOf(session), subject: identity?.subject }
  }

  @Get('page')
  @RequireSession()
  page() {
    return canary
  }

  @Get('fresh')
  @RequireSession({ maxAuthAgeSeconds: 300 })
  fresh() {
    return canary
  }

  @Post('change')
  @RequireSession()
  change() {
    return { changed: true }
  }

  @Get('reports')
  @RequireBearer({ scopes: ['reports'] })
  reports(@CurrentBearer() bearer: BearerToken, @CurrentSession() session: Session | null) {
    return { is: bearer.subject, session }
  }

  @Get('either')
  @RequireEither({ session: {}, bearer: {} })
  either(@CurrentBearer() bearer: BearerToken | null, @CurrentSession() session: Session | null) {
    return { bearer: bearer?.subject ?? null, session: subjectOf(session) }
  }

  @Get('optional')
  @OptionalSession()
  optional(@CurrentSession() session: Session | null) {
    return { is: subjectOf(session) }
  }

  @Get('unguarded')
  unguarded(@CurrentSession() session: Session | null) {
    return { is: subjectOf(session) }
  }

  @Get('static')
  static() {
    return 'static'
  }
}

const withPages = () => createExampleAuth({ pages: { signIn: '/sign-in', error: '/error', apiPaths: ['/api'] } })

describe.each(platforms)('requirements on %s', (platform) => {
  const run = (example = withPages()) => start({ platform, example, controllers: [UsersController] })

  it('refuse with a problem document that no cache keeps', async () => {
    const app = await run()
    const response = await app.send('/api/me')
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.json()).toMatchObject({ status: 401, code: 'auth/session_required', signInUrl: '/sign-in' })
  })

  it('send a user who opens a page to the sign-in page, but nobody from an API path', async () => {
    const app = await run()
    const response = await app.open('/page?tab=1')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/sign-in?return_url=%2Fpage%3Ftab%3D1&code=auth%2Fsession_required')
    expect(await response.text()).toBe('')
    expect((await app.open('/api/me')).status).toBe(401)
  })

  it('let a session pass, and hand it to the handler', async () => {
    const app = await run()
    const response = await app.send('/api/me', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toEqual({ is: 'ada', subject: 'ada' })
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
  })

  it('refuse a session that does not meet them', async () => {
    const example = withPages()
    const app = await run(example)
    const headers = { cookie: await app.signIn() }
    expect((await app.send('/fresh', { headers })).status).toBe(200)
    example.pass(301)
    const response = await app.send('/fresh', { headers })
    expect(await response.json()).toMatchObject({ status: 403, code: 'auth/step_up_required' })
  })

  it('refuse a change that another site asks for', async () => {
    const app = await run()
    const headers = { cookie: await app.signIn() }
    const change = async (site: string) =>
      (await app.send('/change', { method: 'POST', headers: { ...headers, 'sec-fetch-site': site } })).json()
    expect(await change('same-origin')).toEqual({ changed: true })
    expect(await change('cross-site')).toMatchObject({ status: 403, code: 'core/cross_origin' })
    expect(await change('same-site')).toMatchObject({ status: 403, code: 'core/cross_origin' })
  })

  it('answer HEAD as GET, without a body', async () => {
    const app = await run()
    const cookie = await app.signIn()
    const anonymous = await app.send('/page', { method: 'HEAD' })
    expect([anonymous.status, await anonymous.text()]).toEqual([401, ''])
    expect((await app.send('/page', { method: 'HEAD', headers: { cookie } })).status).toBe(200)
  })

  it('let a token pass that meets them, and tell others what is missing', async () => {
    const app = await run()
    const ask = (token?: string) =>
      app.send('/reports', token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
    expect(await (await ask(bearerToken(['reports']))).json()).toEqual({ is: 'ada', session: null })
    expect(await (await ask()).json()).toMatchObject({ status: 401, code: 'auth/bearer_required' })
    expect(await (await ask(bearerToken([]))).json()).toMatchObject({ status: 403, code: 'auth/scope_required' })
    expect(await (await ask(bearerToken(['reports'], 'bad'))).json()).toMatchObject({ code: 'auth/bearer_invalid' })
    const withSession = await app.send('/reports', { headers: { cookie: await app.signIn() } })
    expect(await withSession.json()).toMatchObject({ code: 'auth/bearer_required' })
  })

  it('let either pass, and say which', async () => {
    const app = await run()
    const cookie = await app.signIn()
    const ask = async (headers: Record<string, string>) => (await app.send('/either', { headers })).json()
    expect(await ask({ cookie })).toEqual({ bearer: null, session: 'ada' })
    expect(await ask({ authorization: `Bearer ${bearerToken()}` })).toEqual({ bearer: 'ada', session: null })
    expect(await ask({ cookie, authorization: 'Bearer bad' })).toMatchObject({ code: 'auth/bearer_invalid' })
    expect(await ask({})).toMatchObject({ code: 'auth/session_required' })
  })

  it('read a session that is optional', async () => {
    const app = await run()
    const anonymous = await app.send('/optional')
    expect(await anonymous.json()).toEqual({ is: null })
    expect(anonymous.headers.get('vary')).toBe('Cookie')
    expect(await (await app.send('/optional', { headers: { cookie: await app.signIn() } })).json()).toEqual({
      is: 'ada',
    })
    const forged = { headers: { cookie: `__Host-latchkey=${canary}` } }
    expect(await (await app.send('/optional', forged)).json()).toEqual({ is: null })
  })

  it('read nothing where nobody asks, and give no session where no guard ran', async () => {
    const app = await run()
    const headers = { cookie: await app.signIn() }
    const response = await app.send('/static', { headers })
    expect([response.headers.get('vary'), response.headers.get('cache-control')]).toEqual([null, null])
    expect((await app.send('/unguarded', { headers })).status).toBe(500)
  })
})

describe.each(platforms)('several requirements on %s', (platform) => {
  @Controller('class')
  @RequireSession({ maxAuthAgeSeconds: 300 })
  class GuardedController {
    @Get('plain')
    plain() {
      return canary
    }

    @Get('weaker')
    @RequireSession()
    weaker(@CurrentSession() session: Session) {
      return { is: subjectOf(session) }
    }

    @Get('token')
    @RequireBearer()
    token(@CurrentBearer() bearer: BearerToken, @CurrentSession() session: Session) {
      return { bearer: bearer.subject, session: subjectOf(session) }
    }

    @Get('optional')
    @OptionalSession()
    optional() {
      return canary
    }
  }

  @Controller('twice')
  class TwiceController {
    @Get()
    @RequireSession()
    @RequireSession({ maxAuthAgeSeconds: 300 })
    handle() {
      return canary
    }
  }

  @Controller('child')
  class ChildController extends GuardedController {}

  @Controller('second-child')
  @RequireSession()
  class SecondChildController extends GuardedController {}

  const controllers = [GuardedController, TwiceController, ChildController, SecondChildController]

  it('must all hold: of class and method, of one method, and of a class that is extended', async () => {
    const example = withPages()
    const app = await start({ platform, example, controllers })
    const headers = { cookie: await app.signIn() }
    const paths = [
      '/class/plain',
      '/class/weaker',
      '/class/optional',
      '/twice',
      '/child/weaker',
      '/second-child/weaker',
    ]
    for (const path of paths) {
      expect((await app.send(path)).status, path).toBe(401)
      expect((await app.send(path, { headers })).status, path).toBe(200)
    }
    const token = { authorization: `Bearer ${bearerToken()}` }
    expect((await app.send('/class/token', { headers })).status).toBe(401)
    expect((await app.send('/class/token', { headers: token })).status).toBe(401)
    const both = await app.send('/class/token', { headers: { ...headers, ...token } })
    expect(await both.json()).toEqual({ bearer: 'ada', session: 'ada' })
    expect(both.headers.get('vary')).toBe('Cookie')
    example.pass(301)
    for (const path of paths) expect((await app.send(path, { headers })).status, path).toBe(403)
  })

  it('refresh the session once', async () => {
    const example = createExampleAuth({ cookies: 2 })
    @Controller('both')
    @RequireSession()
    class BothController {
      @Get()
      @RequireSession({ maxAuthAgeSeconds: 86_400 })
      handle() {
        return canary
      }
    }
    const app = await start({ platform, example, controllers: [BothController] })
    const headers = { cookie: await app.signIn() }
    example.pass(halfIdleSeconds + 1)
    const refreshed = await app.send('/both', { headers })
    expect(cookieNames(refreshed)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    example.pass(halfIdleSeconds + 1)
    expect((await app.send('/both', { headers })).status).toBe(401)
    expect((await app.send('/both', { headers: { cookie: cookieHeader(refreshed) } })).status).toBe(200)
  })
})

describe.each(platforms)('the headers of a session on %s', (platform) => {
  interface AnyResponse {
    setHeader?(name: string, value: string | string[]): void
    header?(name: string, value: string | string[]): void
    readonly raw?: AnyResponse
    writeHead(status: number, headers: Record<string, string | string[]> | string[]): AnyResponse
    end(body: string): void
  }

  @Controller()
  class AnswersController {
    @Get('plain')
    @RequireSession()
    @Header('cache-control', 'public, max-age=60')
    plain(@Res({ passthrough: true }) response: AnyResponse) {
      const set = (response.raw === undefined ? response.setHeader : response.header)?.bind(response)
      set?.('set-cookie', ['app=1', 'other=2'])
      set?.('vary', 'Accept-Encoding, Origin')
      return { is: 'ada' }
    }

    @Get('raw')
    @RequireSession()
    raw(@Res() response: AnyResponse) {
      const raw = response.raw ?? response
      raw.writeHead(200, { 'Cache-Control': 'public', 'Set-Cookie': 'app=1' }).end('raw')
    }

    @Get('raw-list')
    @RequireSession()
    rawList(@Res() response: AnyResponse) {
      const raw = response.raw ?? response
      raw.writeHead(200, ['Set-Cookie', 'app=1', 'Set-Cookie', 'other=2', 'Cache-Control', 'public']).end('raw')
    }

    @Sse('events')
    @RequireSession()
    events() {
      return of({ data: 'event' })
    }

    @Get('failing')
    @RequireSession()
    failing() {
      throw new Error(canary)
    }

    @Get('teapot')
    @RequireSession()
    teapot() {
      throw new HttpException('teapot', 418)
    }
  }

  const run = async () => {
    const example = createExampleAuth({ cookies: 2 })
    const app = await start({ platform, example, controllers: [AnswersController] })
    const headers = { cookie: await app.signIn() }
    example.pass(halfIdleSeconds + 1)
    return (path: string) => app.send(path, { headers })
  }
  const ours = ['__Host-latchkey', '__Host-latchkey.1']

  it.each([
    ['/plain', 200, ['app', 'other', ...ours]],
    ['/raw', 200, ['app', ...ours]],
    ['/raw-list', 200, ['app', 'other', ...ours]],
    ['/events', 200, ours],
    ['/failing', 500, ours],
    ['/teapot', 418, ours],
  ])('reach the answer of %s beside those of the app', async (path, status, cookies) => {
    const response = await (await run())(path)
    expect([response.status, cookieNames(response)]).toEqual([status, cookies])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe(path === '/plain' ? 'Accept-Encoding, Origin, Cookie' : 'Cookie')
    await response.text()
  })
})

describe.each(platforms)('the headers of a grant on %s', (platform) => {
  it('are made when the answer is sent', async () => {
    const { auth } = createExampleAuth()
    let isHandled = false
    const late: Auth = {
      ...auth,
      async requireSession(incoming, requirement, options) {
        const { kind, session } = await auth.requireSession(incoming, requirement, options)
        return {
          kind,
          session,
          get headers() {
            return [['x-made', isHandled ? 'late' : 'early']] as const
          },
        }
      },
    }
    @Controller()
    class LateController {
      @Get('late')
      @RequireSession()
      handle() {
        isHandled = true
        return 'late'
      }
    }
    const app = await start({
      platform,
      example: { ...createExampleAuth(), auth: late },
      controllers: [LateController],
    })
    const response = await app.send('/late', { headers: { cookie: await app.signIn() } })
    expect(response.headers.get('x-made')).toBe('late')
  })
})

describe.each(platforms)('filters of the app on %s', (platform) => {
  @Catch()
  class CatchAll implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost) {
      const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): void } }>()
      const status = error instanceof HttpException ? error.getStatus() : 418
      response.status(status).send({ caught: error instanceof HttpException ? error.getResponse() : String(error) })
    }
  }

  @Controller()
  class ThrowingController {
    @Get('guarded')
    @RequireSession()
    guarded() {
      return canary
    }

    @Get('own')
    @UseFilters(CatchAll)
    @RequireSession()
    own() {
      return canary
    }
  }

  it('do not replace our answer, unless they stand on the handler: then they find what they need', async () => {
    const app = await start({
      platform,
      example: createExampleAuth({ pages: { signIn: '/sign-in' } }),
      controllers: [ThrowingController],
      prepare: (prepared) => void prepared.useGlobalFilters(new CatchAll()),
    })
    const guarded = await app.send('/guarded')
    expect(guarded.headers.get('content-type')).toBe('application/problem+json')
    expect(await guarded.json()).toMatchObject({ code: 'auth/session_required' })
    const own = await app.send('/own')
    expect([own.status, own.headers.get('cache-control')]).toEqual([401, 'private, no-store'])
    const opened = await app.open('/own')
    expect([opened.status, opened.headers.get('location')]).toEqual([
      303,
      '/sign-in?return_url=%2Fown&code=auth%2Fsession_required',
    ])
  })

  it('get what is no AuthError', async () => {
    const { auth } = createExampleAuth()
    const broken = { ...auth, requireSession: () => Promise.reject(new TypeError('of the app')) }
    const app = await start({
      platform,
      example: { ...createExampleAuth(), auth: broken },
      controllers: [ThrowingController],
      prepare: (prepared) => void prepared.useGlobalFilters(new CatchAll()),
    })
    const response = await app.send('/guarded')
    expect([response.status, await response.json()]).toEqual([418, { caught: 'TypeError: of the app' }])
  })
})

describe('a decorator', () => {
  it('without its parentheses is an error at start', () => {
    const decorate = RequireSession as unknown as MethodDecorator
    const descriptor = Object.getOwnPropertyDescriptor(UsersController.prototype, 'page')
    expect(() => decorate(UsersController.prototype, 'page', descriptor ?? {})).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })

  it('does not compile with a requirement that says nothing, or an unknown provider', async () => {
    @Controller()
    class TypoController {
      @Get()
      // @ts-expect-error a misspelt requirement does not compile
      @RequireSession({ maxAgeSecond: 300 })
      // @ts-expect-error an unknown provider does not compile
      handle(@CurrentIdentity('exampel') identity: Identity | null) {
        return [canary, identity]
      }
    }
    const app = await start({ platform: 'express', controllers: [TypoController] })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toMatchObject({ status: 500, code: 'core/invalid_option' })
  })

  it('whose module is not there is an error at start', async () => {
    await expect(start({ platform: 'express', imports: [], controllers: [UsersController] })).rejects.toThrow(/auth/)
  })
})
