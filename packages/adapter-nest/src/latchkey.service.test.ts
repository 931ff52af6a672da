import { type Authenticated, isAuthError, type Session } from '@latchkey/core'
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  type NestInterceptor,
  Post,
  Req,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { mergeMap } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createExampleAuth, type ExampleAuth } from '../test/example-auth.ts'
import { browserCookies, cookieNames, platforms, start } from '../test/running-app.ts'
import {
  CurrentAuth,
  CurrentSession,
  InjectLatchkey,
  LatchkeyModule,
  LatchkeyService,
  type PlatformRequest,
  RequireSession,
} from './index.ts'

/** Counts a visit after the handler. */
@Injectable()
class CountVisits implements NestInterceptor {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey() latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<PlatformRequest>()
    return next.handle().pipe(
      mergeMap(async (body: object) => {
        const { data } = await this.latchkey.updateSession(request, { visits: 7 })
        return { ...body, data }
      }),
    )
  }
}

/** Counts a visit before the handler. */
@Injectable()
class CountVisitsBefore implements CanActivate {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey() latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  async canActivate(context: ExecutionContext) {
    await this.latchkey.updateSession(context.switchToHttp().getRequest<PlatformRequest>(), { visits: 8 })
    return true
  }
}

@Controller()
class ServiceController {
  private readonly latchkey: LatchkeyService

  constructor(@InjectLatchkey() latchkey: LatchkeyService) {
    this.latchkey = latchkey
  }

  @Get('session')
  async session(@Req() request: PlatformRequest) {
    const session = await this.latchkey.getSession(request)
    return { data: session?.data ?? null }
  }

  @Get('many')
  @RequireSession()
  async many(@Req() request: PlatformRequest) {
    await this.latchkey.updateSession(request, { visits: 1, theme: 'x'.repeat(4000) })
    const before = await this.latchkey.getAccessToken(request, 'example')
    await this.latchkey.updateSession(request, { theme: undefined })
    const session = await this.latchkey.getSession(request)
    return { before, data: session?.data }
  }

  @Get('at-once')
  async atOnce(@Req() request: PlatformRequest) {
    const [, , accessToken] = await Promise.all([
      this.latchkey.updateSession(request, { visits: 1 }),
      this.latchkey.updateSession(request, { theme: 'dark' }),
      this.latchkey.getAccessToken(request, 'example'),
    ])
    return { accessToken, data: (await this.latchkey.getSession(request))?.data }
  }

  @Get('guard')
  @UseGuards(CountVisitsBefore)
  @RequireSession()
  guard(@CurrentSession() session: Session, @CurrentAuth() auth: Authenticated) {
    return { session: session.data, auth: auth.kind === 'session' && auth.session.data }
  }

  @Get('interceptor')
  @RequireSession()
  @UseInterceptors(CountVisits)
  interceptor() {
    return { handled: true }
  }

  @Get('falls')
  async falls(@Req() request: PlatformRequest) {
    return { accessToken: await this.latchkey.getAccessToken(request, 'example') }
  }

  @Get('catches')
  async catches(@Req() request: PlatformRequest) {
    try {
      return await this.latchkey.getAccessToken(request, 'example')
    } catch (error) {
      return { caught: isAuthError(error) ? error.code : 'something else' }
    }
  }

  @Get('refreshed-and-failing')
  async failing(@Req() request: PlatformRequest) {
    await this.latchkey.getSession(request)
    throw new Error('of the app')
  }

  @Get('requirements')
  async requirements(@Req() request: PlatformRequest) {
    const session = await this.latchkey.requireSession(request, { provider: 'example' })
    const { kind } = await this.latchkey.requireSessionOrBearer(request, { session: {}, bearer: {} })
    const bearer = await this.latchkey.requireBearer(request)
    return { is: session.user.subject, kind, bearer: bearer.subject }
  }

  @Post('change')
  async change(@Req() request: PlatformRequest) {
    return (await this.latchkey.updateSession(request, { visits: 1 })).data
  }
}

describe.each(platforms)('the service on %s', (platform) => {
  const run = async (example: ExampleAuth = createExampleAuth({ tokenSeconds: 600 })) => {
    const app = await start({ platform, example, controllers: [ServiceController] })
    const cookie = await app.signIn()
    return { ...app, example, cookie, visit: app.open, open: (path: string) => app.send(path, { headers: { cookie } }) }
  }

  it('is one for all requests', async () => {
    const { app } = await run()
    expect(await app.resolve(LatchkeyService)).toBe(app.get(LatchkeyService))
  })

  it('sets each cookie once, however often a request reads, refreshes and changes the session', async () => {
    const app = await run()
    app.example.pass(541)
    const response = await app.open('/many')
    expect(await response.json()).toEqual({ before: 'access-1', data: { visits: 1 } })
    expect(cookieNames(response)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
    expect(app.example.refreshes()).toBe(1)
    const cookie = browserCookies(app.cookie, response)
    expect(cookie).not.toContain('__Host-latchkey.1')
    const next = await app.send('/session', { headers: { cookie } })
    expect(await next.json()).toEqual({ data: { visits: 1 } })
  })

  it('loses nothing of what one request changes at once', async () => {
    const app = await run()
    app.example.pass(541)
    const response = await app.open('/at-once')
    expect(await response.json()).toEqual({ accessToken: 'access-1', data: { visits: 1, theme: 'dark' } })
    expect([cookieNames(response), app.example.refreshes()]).toEqual([['__Host-latchkey'], 1])
    const next = await app.send('/at-once', { headers: { cookie: browserCookies(app.cookie, response) } })
    expect(await next.json()).toMatchObject({ accessToken: 'access-1' })
  })

  it('shows what a guard changed after the session was let pass', async () => {
    const app = await run()
    expect(await (await app.open('/guard')).json()).toEqual({ session: { visits: 8 }, auth: { visits: 8 } })
  })

  it('does not undo a sign-in whose decision it is asked for', async () => {
    const seen: (string | undefined)[] = []
    const injected: { latchkey?: LatchkeyService } = {}
    const example = createExampleAuth({
      tokenSeconds: 600,
      async onSignIn({ frameworkRequest }) {
        seen.push((await injected.latchkey?.getSession(frameworkRequest))?.user.subject)
        return { action: 'new', data: { visits: 1 } }
      },
    })
    const app = await run(example)
    injected.latchkey = app.app.get(LatchkeyService)
    example.pass(541)
    const response = await app.open('/auth/example/callback')
    expect([cookieNames(response), example.refreshes()]).toEqual([['__Host-latchkey'], 1])
    const next = await app.send('/session', { headers: { cookie: browserCookies(app.cookie, response) } })
    expect([await next.json(), seen]).toEqual([{ data: { visits: 1 } }, [undefined, 'ada']])
  })

  it('serves an interceptor that changes the session after the handler', async () => {
    const app = await run()
    app.example.pass(541)
    const response = await app.open('/interceptor')
    expect(await response.json()).toEqual({ handled: true, data: { visits: 7 } })
    expect(cookieNames(response)).toEqual(['__Host-latchkey'])
    const next = await app.send('/session', { headers: { cookie: browserCookies(app.cookie, response) } })
    expect(await next.json()).toEqual({ data: { visits: 7 } })
  })

  it('puts the cookie of a refresh into the answer of a handler that fails', async () => {
    const app = await run()
    app.example.pass(541)
    const response = await app.open('/refreshed-and-failing')
    expect([response.status, cookieNames(response)]).toEqual([500, ['__Host-latchkey']])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
  })

  it('answers an error that a handler lets pass, and leaves the handler its code', async () => {
    const app = await run(createExampleAuth({ pages: { signIn: '/sign-in' } }))
    const refused = await app.send('/falls')
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
    expect(refused.headers.get('cache-control')).toBe('private, no-store')
    expect(await refused.json()).toMatchObject({ code: 'auth/session_required', signInUrl: '/auth/example/login' })
    const opened = await app.visit('/falls')
    expect([opened.status, opened.headers.get('location')]).toEqual([
      303,
      '/sign-in?return_url=%2Ffalls&code=auth%2Fsession_required',
    ])
    expect(await (await app.send('/catches')).json()).toEqual({ caught: 'auth/session_required' })
  })

  it('refuses what does not meet a requirement', async () => {
    const app = await run()
    expect(await (await app.send('/requirements')).json()).toMatchObject({ code: 'auth/session_required' })
    expect(await (await app.open('/requirements')).json()).toMatchObject({ code: 'auth/bearer_required' })
  })

  it('refuses a change that another site asks for', async () => {
    const app = await run()
    const change = async (site: string) =>
      (await app.send('/change', { method: 'POST', headers: { cookie: app.cookie, 'sec-fetch-site': site } })).json()
    expect(await change('same-origin')).toEqual({ visits: 1 })
    expect(await change('cross-site')).toMatchObject({ status: 403, code: 'core/cross_origin' })
  })
})

describe('the service', () => {
  it('revokes sessions in an app without HTTP', async () => {
    const { auth } = createExampleAuth()
    @Module({ imports: [LatchkeyModule.forRoot({ auth })] })
    class JobModule {}
    const context = await NestFactory.createApplicationContext(JobModule, { logger: false })
    onTestFinished(() => context.close())
    const app = await start({
      platform: 'express',
      imports: [LatchkeyModule.forRoot({ auth })],
      controllers: [ServiceController],
    })
    const cookie = await app.signIn()
    await context
      .get(LatchkeyService)
      .revokeSessions({ provider: 'example', issuer: 'https://vendor.example', subject: 'ada' })
    expect(await (await app.send('/session', { headers: { cookie } })).json()).toEqual({ data: null })
  })
})
