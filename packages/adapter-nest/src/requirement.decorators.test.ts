import type { AuthOptions, BearerToken, Identity, Session } from '@latchkey/core'
import { Controller, Get, Post } from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import { bearerToken, canary, createExampleAuth, halfIdleSeconds } from '../test/example-auth.ts'
import { cookieHeader, cookieNames, platforms, start } from '../test/running-app.ts'
import {
  CurrentBearer,
  CurrentIdentity,
  CurrentSession,
  OptionalSession,
  RequireBearer,
  RequireSession,
  RequireSessionOrBearer,
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
  @RequireSessionOrBearer({ session: {}, bearer: {} })
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

describe('a decorator', () => {
  it('without its parentheses is an error at start', () => {
    const decorate = RequireSession as unknown as MethodDecorator
    const descriptor = Object.getOwnPropertyDescriptor(UsersController.prototype, 'page')
    expect(() => decorate(UsersController.prototype, 'page', descriptor ?? {})).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })

  const absent = ({} as Record<string, never>)['misspelt']

  it.each([
    ['a member of a session requirement', () => RequireSession({ tenant: absent as never })],
    ['a predicate', () => RequireSession({ where: absent as never })],
    ['a member of a bearer requirement', () => RequireBearer({ scopes: absent as never })],
    ['a session requirement', () => RequireSession(absent)],
    ['a bearer requirement', () => RequireBearer(absent, 'staff')],
    ['half of either', () => RequireSessionOrBearer({ session: {}, bearer: absent as never })],
    ['a member of half of either', () => RequireSessionOrBearer({ session: { tenant: absent as never }, bearer: {} })],
    ['all of either', () => RequireSessionOrBearer(absent as never)],
  ])('refuses to be made with undefined in place of %s', (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  })

  it('does not compile with a requirement that says nothing, or an unknown provider', () => {
    // @ts-expect-error a misspelt requirement does not compile
    const misspelt = () => RequireSession({ maxAgeSecond: 300 })
    expect(misspelt).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
    // @ts-expect-error an unknown provider does not compile
    expect(CurrentIdentity('exampel')).toBeTypeOf('function')
  })

  it('with a provider that is not installed lets nobody pass', async () => {
    @Controller()
    class TypoController {
      @Get()
      // @ts-expect-error an unknown provider does not compile
      @RequireSession({ provider: 'exampel' })
      handle() {
        return canary
      }
    }
    const app = await start({ platform: 'express', controllers: [TypoController] })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toMatchObject({ status: 500, code: 'core/invalid_option' })
  })

  it('that leaves open which of two providers of one issuer judges a token is an error at start', async () => {
    const bearer = { issuers: ['https://one.example'], verify: () => Promise.reject(new Error('not asked')) }
    const mount = () => ({ accountIssuers: ['https://one.example'], routes: [], bearer })
    const providers = ['example', 'web'].map((name) => ({ name, mount })) as unknown as AuthOptions['providers']
    const startWith = (decorator: MethodDecorator) => {
      @Controller()
      class ApiController {
        @Get()
        @decorator
        handle() {
          return canary
        }
      }
      const example = createExampleAuth({ providers })
      return start({ platform: 'express', example, controllers: [ApiController] })
    }
    const refused = expect.objectContaining({
      code: 'core/invalid_option',
      cause: expect.objectContaining({ option: 'provider' }),
    })
    await expect(startWith(RequireBearer())).rejects.toEqual(refused)
    await expect(startWith(RequireSessionOrBearer({ session: {}, bearer: {} }))).rejects.toEqual(refused)
    const app = await startWith(RequireBearer({ provider: 'example' }))
    expect((await app.send('/')).status).toBe(401)
  })

  it('whose module is not there is an error at start', async () => {
    await expect(start({ platform: 'express', imports: [], controllers: [UsersController] })).rejects.toThrow(/auth/)
  })
})
