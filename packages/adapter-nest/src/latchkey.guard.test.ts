import type { Session } from '@latchkey/core'
import { Controller, Get, type INestApplication, VersioningType } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { describe, expect, it } from 'vitest'
import { bearerToken, canary, createExampleAuth } from '../test/example-auth.ts'
import { platforms, sendRaw, start } from '../test/running-app.ts'
import { CurrentSession, LatchkeyGuard, OptionalSession, Public, RequireBearer, RequireSession } from './index.ts'

@Controller('users')
class UsersController {
  @Get('guarded')
  guarded(@CurrentSession() session: Session) {
    return { is: session.identities.example?.subject, canary }
  }

  @Get('open')
  @Public()
  open() {
    return 'open'
  }

  @Get('greeting')
  @Public()
  @OptionalSession()
  greeting(@CurrentSession() session: Session | null) {
    return { is: session?.identities.example?.subject ?? null }
  }

  @Get('token')
  @Public()
  @RequireBearer()
  token() {
    return canary
  }

  @Get('both')
  @RequireBearer()
  both() {
    return canary
  }

  @Get('fresh')
  @RequireSession({ maxAuthAgeSeconds: 300 })
  fresh() {
    return canary
  }
}

@Controller('public')
@Public()
class PublicController {
  @Get()
  open() {
    return 'open'
  }

  @Get('guarded')
  @RequireSession()
  guarded() {
    return canary
  }
}

@Controller('child')
class ChildController extends PublicController {}

@Controller('guarded-class')
@RequireSession()
class GuardedController {
  @Get()
  @Public()
  open() {
    return canary
  }
}

const controllers = [UsersController, PublicController, ChildController, GuardedController]
const global = { providers: [{ provide: APP_GUARD, useClass: LatchkeyGuard }] }

describe.each(platforms)('the global guard on %s', (platform) => {
  const run = (example = createExampleAuth()) => start({ platform, example, controllers, ...global })

  it('lets no one pass without a session, but to what is public', async () => {
    const app = await run()
    const headers = { cookie: await app.signIn() }
    for (const path of ['/users/guarded', '/users/both', '/users/fresh', '/child']) {
      const response = await app.send(path)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json(), path).toMatchObject({ status: 401, code: 'auth/session_required' })
    }
    expect(await (await app.send('/users/open')).text()).toBe('open')
    expect(await (await app.send('/public')).text()).toBe('open')
    expect(await (await app.send('/users/greeting')).json()).toEqual({ is: null })
    expect(await (await app.send('/users/greeting', { headers })).json()).toEqual({ is: 'ada' })
    expect(await (await app.send('/users/guarded', { headers })).json()).toEqual({ is: 'ada', canary })
    expect((await app.send('/child', { headers })).status).toBe(200)
  })

  it('is not what a requirement of a handler or class leans on', async () => {
    const example = createExampleAuth()
    const app = await run(example)
    const headers = { cookie: await app.signIn() }
    const token = { authorization: `Bearer ${bearerToken()}` }
    const status = async (path: string, init?: RequestInit) => (await app.send(path, init)).status
    expect(await status('/users/token')).toBe(401)
    expect(await status('/users/token', { headers: token })).toBe(200)
    expect(await status('/users/both', { headers: token })).toBe(401)
    expect(await status('/users/both', { headers })).toBe(401)
    expect(await status('/users/both', { headers: { ...headers, ...token } })).toBe(200)
    expect(await status('/public/guarded')).toBe(401)
    expect(await status('/guarded-class')).toBe(401)
    expect(await status('/guarded-class', { headers })).toBe(200)
    example.pass(301)
    expect(await status('/users/fresh', { headers })).toBe(403)
    expect(await status('/users/guarded', { headers })).toBe(200)
  })

  it('leaves the auth routes open', async () => {
    const app = await run()
    expect((await app.send('/auth/session')).status).toBe(200)
    expect((await app.open('/auth/example/login')).status).toBe(303)
  })
})

describe.each(platforms)('paths on %s', (platform) => {
  @Controller('admin')
  class AdminController {
    @Get()
    @RequireSession()
    index() {
      return canary
    }

    @Get('items/:id')
    @RequireSession()
    item() {
      return canary
    }
  }

  const targets = (base: string) =>
    [
      '',
      '/',
      '//',
      '/.',
      '.',
      '?',
      '?a=b',
      '#',
      ';x=1',
      '%00',
      '%2f',
      '%252f',
      '..;/',
      '\\',
      '/index',
      '/items/1',
      '/items/%31',
      '/items/1/',
      '//items//1',
      '/items/..%2f..%2fadmin',
      '/items/1;a=b',
      '/./items/1',
      '.json',
      '%20',
      '/%2e',
    ]
      .map((end) => base + end)
      .concat(
        `/${base}`,
        `//x/..${base}`,
        `/;${base}`,
        `/x/..${base}`,
        base.toUpperCase(),
        base.replace('admin', '%61dmin'),
        base.replace('admin', '%2561dmin'),
        `/%2f${base.slice(1)}`,
        `/\\${base.slice(1)}`,
      )
  const headerSets: readonly Record<string, string>[] = [
    {},
    { 'x-original-url': '/auth/session', 'x-rewrite-url': '/auth/session', 'x-forwarded-prefix': '/auth' },
    { 'x-http-method-override': 'OPTIONS', 'x-user-id': '1', 'sec-fetch-dest': 'document' },
    { 'x-version': '1', authorization: 'Basic YTpi' },
  ]
  const methods = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PROPFIND']

  const plain = { base: '/admin', prepare: () => {} }
  const versioned = {
    base: '/api/v1/admin',
    prepare(app: INestApplication) {
      app.setGlobalPrefix('api')
      app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' })
    },
  }
  const loose = {
    ignoreTrailingSlash: true,
    ignoreDuplicateSlashes: true,
    caseSensitive: false,
    useSemicolonDelimiter: true,
  }

  it.each([
    ['plain', plain, {}],
    ['with prefix and version', versioned, {}],
    ['with a lenient router', plain, loose],
  ])(
    'that are written in another way lead to no handler, or past its guard: %s',
    async (_name, { base, prepare }, routerOptions) => {
      const app = await start({ platform, controllers: [AdminController], prepare, fastify: { routerOptions } })
      const headers = { cookie: await app.signIn() }
      const control = await app.send(`${base}/items/1`, { headers })
      expect(await control.text()).toBe(canary)

      for (const target of targets(base)) {
        for (const method of methods) {
          for (const extra of headerSets) {
            const { status, body } = await sendRaw(app.port, target, { method, headers: extra })
            const what = `${method} ${target}: ${status}`
            expect(body, what).not.toContain(canary)
            if (method === 'GET') expect(status, what).toBeGreaterThanOrEqual(300)
          }
        }
      }
    },
  )
})
