import { Writable } from 'node:stream'
import {
  All,
  Body,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  type NestInterceptor,
  Post,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { IsString } from 'class-validator'
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { canary, createExampleAuth } from '../test/example-auth.ts'
import { cookieNames, platforms, sendRaw, start } from '../test/running-app.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
const json = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }

describe.each(platforms)('the routes on %s', (platform) => {
  const wildcard = platform === 'express' ? '*path' : '*'

  it('answer as the auth itself does', async () => {
    const app = await start({ platform })
    const response = await app.send('/auth/session')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.json()).toEqual({ signedIn: false, identities: {} })
  })

  it('answer a preflight of a trusted page, and no other OPTIONS', async () => {
    const trusted = 'https://web.app.example'
    const app = await start({ platform, example: createExampleAuth({ trustedOrigins: [trusted] }) })
    const ask = async (path: string, origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' }
      const answer = await app.send(path, { method: 'OPTIONS', headers })
      return [answer.status, answer.headers.get('access-control-allow-origin')]
    }
    expect(await ask('/auth/logout', trusted)).toEqual([204, trusted])
    expect(await ask('/auth/logout', 'https://evil.example')).toEqual([405, null])
    expect((await ask('/auth/example/login', trusted))[1]).toBeNull()
  })

  it('set every cookie of a sign-in on a line of its own', async () => {
    const app = await start({ platform, example: createExampleAuth({ cookies: 2 }) })
    const response = await app.send('/auth/example/callback')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(cookieNames(response)).toEqual(['__Host-latchkey', '__Host-latchkey.1'])
  })

  it("hand callbacks the platform's request", async () => {
    const example = createExampleAuth()
    const app = await start({ platform, example })
    await app.send('/auth/example/callback?a=b')
    expect(example.frameworkRequests).toMatchObject([
      { ip: '127.0.0.1', query: { a: 'b' }, originalUrl: '/auth/example/callback?a=b' },
    ])
  })

  it('mint nothing for HEAD, prefetches, scripts and other methods', async () => {
    const app = await start({ platform })
    const opened = await app.open('/auth/example/login')
    expect([opened.status, opened.headers.getSetCookie().length]).toEqual([303, 1])
    const refused = [
      await app.send('/auth/example/login', { headers: { 'sec-fetch-dest': 'empty' } }),
      await app.send('/auth/example/login', { headers: { 'sec-purpose': 'prefetch' } }),
      await app.send('/auth/example/login', { method: 'HEAD' }),
      await app.send('/auth/example/login', { method: 'POST', headers: form }),
      await app.send('/auth/logout'),
      await app.send('/auth/logout', { method: 'PUT', headers: form }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 405, 405, 405, 405])
    expect(refused.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
  })

  it.each([
    '/AUTH/session',
    '/auth/session/',
    '//auth/session',
    '/auth//session',
    '/auth/sess%69on',
    '/auth%2fsession',
    '/auth/session;a=b',
    '/auth/./session',
  ])('are found by their own path alone, not by %s', async (target) => {
    const app = await start({ platform })
    expect((await sendRaw(app.port, target)).status).toBe(404)
  })

  it.each(['http://evil.example/auth/session', 'http://evil.example:99999/auth/session', 'http://[/auth/session'])(
    'do not take another host from the request line %s',
    async (target) => {
      const app = await start({ platform })
      expect([400, 404]).toContain((await sendRaw(app.port, target)).status)
    },
  )

  it.each([
    '/auth/example/callback/',
    '/auth/example/callback/x/y',
    '/auth/example/Callback',
    '/auth/example/callbak',
    '/auth/example/',
    '/auth/example//callback',
    '/auth/example/callback;a=b',
    '/auth/example/x/../callback',
    '/auth/example/%2e%2e/example/callback',
  ])('show nothing of a request that went astray to %s', async (path) => {
    const app = await start({ platform })
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status, body } = await sendRaw(app.port, `${path}?code=${canary}&state=${canary}`, { method })
      expect([400, 403, 404, 405, 411]).toContain(status)
      if (body !== '') expect(JSON.parse(body)).toMatchObject({ code: expect.any(String) })
      expect(body).not.toContain(canary)
    }
  })

  it.each(['/auth/example/callback', '/auth/logout', '/auth/session'])(
    'show nothing of a request by a method that %s does not have',
    async (path) => {
      const app = await start({ platform })
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const { status, body } = await sendRaw(app.port, `${path}?code=${canary}`, { method })
        expect([status, JSON.parse(body)]).toMatchObject([405, { code: 'core/method_not_allowed' }])
        expect(body).not.toContain(canary)
      }
    },
  )

  it('leave pages of the app below the base path where they are', async () => {
    @Controller()
    class HelpController {
      @Get('auth/welcome')
      welcome() {
        return 'welcome'
      }

      @Get('auth/example/help')
      help() {
        return 'help'
      }
    }
    const app = await start({ platform, controllers: [HelpController] })
    const texts = ['/auth/welcome', '/auth/example/help?a=b'].map(async (path) => (await app.send(path)).text())
    expect(await Promise.all(texts)).toEqual(['welcome', 'help'])
  })

  it('stay where they are below a global prefix and versions, and behind everything global', async () => {
    class DenyAll implements CanActivate {
      canActivate(context: ExecutionContext) {
        return context.getClass() === NeverController && false
      }
    }
    class Wrap implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler) {
        return next.handle().pipe(map((wrapped: unknown) => ({ wrapped })))
      }
    }
    @Controller()
    class NeverController {
      @All(wildcard)
      handle() {
        return canary
      }
    }
    for (const type of [VersioningType.URI, VersioningType.HEADER] as const) {
      const app = await start({
        platform,
        controllers: [NeverController],
        prepare(prepared) {
          prepared.setGlobalPrefix('api')
          prepared.enableVersioning({ type, header: 'x-version', defaultVersion: '1' })
          prepared.useGlobalGuards(new DenyAll())
          prepared.useGlobalInterceptors(new Wrap())
          prepared.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }))
        },
      })
      const response = await app.send('/auth/session', { headers: { 'x-version': '1' } })
      expect(await response.json()).toEqual({ signedIn: false, identities: {} })
      expect((await app.send('/api/auth/session')).status).not.toBe(200)
      const fields = await app.send('/auth/example/fields', { method: 'POST', headers: form, body: 'name=a' })
      expect(await fields.json()).toEqual({ name: 'a' })
    }
  })

  it('are not shadowed by a wildcard of the app', async () => {
    @Controller()
    class WildcardController {
      @All(wildcard)
      handle() {
        return 'the app'
      }
    }
    const app = await start({ platform, controllers: [WildcardController] })
    expect(await (await app.send('/auth/session')).json()).toEqual({ signedIn: false, identities: {} })
    expect(await (await app.send('/auth/other')).text()).toBe('the app')
  })

  it('come with the headers that the app gives to every answer', async () => {
    const app = await start({
      platform,
      prepare: (prepared) => prepared.enableCors({ origin: ['https://spa.example'] }),
    })
    const response = await app.send('/auth/session', { headers: { origin: 'https://spa.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://spa.example')
    expect(response.headers.get('vary')).toBe('Origin, Cookie')
  })
})

describe.each(platforms)('bodies on %s', (platform) => {
  const parsers: readonly [string, (app: INestApplication) => void, boolean][] = [
    ["Nest's parsers", () => {}, true],
    ['no parser', () => {}, false],
    [
      'a parser that leaves an empty object for what it has not read',
      (app) =>
        void app.use((request: { body?: unknown }, _response: unknown, next: () => void) => {
          request.body = {}
          next()
        }),
      false,
    ],
    [
      'a parser for text',
      (app) => {
        if (platform === 'express') (app as NestExpressApplication).useBodyParser('text', { type: '*/*' })
        else {
          const parse = (_request: unknown, body: Buffer, done: (error: null, value: string) => void) =>
            done(null, body.toString())
          ;(app as NestFastifyApplication).useBodyParser('*', { bodyLimit: 1_000_000 }, parse as never)
        }
      },
      false,
    ],
    [
      'a parser for bytes',
      (app) => {
        if (platform === 'express') (app as NestExpressApplication).useBodyParser('raw', { type: '*/*' })
      },
      false,
    ],
  ]

  describe.each(parsers)('with %s', (_name, prepare, bodyParser) => {
    const run = (rawBody = false) => start({ platform, options: { bodyParser, rawBody }, prepare })

    it.each([
      ['a form', { headers: form, body: 'name=Zo%C3%AB&word=a+b' }],
      ['JSON', { headers: json, body: '{"name":"Zoë","word":"a b"}' }],
    ])('are read from %s', async (_body, init) => {
      for (const app of [await run(), await run(true)]) {
        const response = await app.send('/auth/example/fields', { method: 'POST', ...init })
        expect(await response.json()).toEqual({ name: 'Zoë', word: 'a b' })
      }
    })

    it('are none for a form without fields', async () => {
      const app = await run()
      const init = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } }
      expect(await (await app.send('/auth/example/fields', init)).json()).toEqual({})
      expect(await (await app.send('/auth/example/fields', { ...init, headers: form, body: '' })).json()).toEqual({})
    })

    it.each([
      ['a name twice', form, 'name=a&name=b', 400],
      ['text', { ...form, 'content-type': 'text/plain' }, 'name=a', 400],
      ['half a JSON', json, '{"name":', 400],
      ['a list of JSON', json, '[1]', 400],
      ['more than the limit', form, `name=${'x'.repeat(100 * 1024)}`, 413],
      ['far more than that', form, `name=${'x'.repeat(10_000_000)}`, 413],
      ['another site', { ...form, 'sec-fetch-site': 'cross-site' }, 'name=a', 403],
    ])('are refused: %s', async (_body, headers, body, status) => {
      const app = await run()
      const response = await app.send('/auth/example/fields', { method: 'POST', headers, body })
      expect(response.status).toBe(status)
      await response.text()
      expect((await app.send('/auth/session')).status).toBe(200)
    })
  })

  it('of other routes are parsed as the app wants it', async () => {
    class Name {
      @IsString()
      name!: string
    }
    @Controller()
    class EchoController {
      @Post('echo')
      echo(@Body(new ValidationPipe({ expectedType: Name, whitelist: true })) body: Name) {
        return body
      }
    }
    const app = await start({ platform, controllers: [EchoController] })
    const echo = async (headers: Record<string, string>, body: string) =>
      (await app.send('/echo', { method: 'POST', headers, body })).json()
    expect(await echo(json, '{"name":"a","other":1}')).toEqual({ name: 'a' })
    expect(await echo(form, 'name=a')).toEqual({ name: 'a' })
    expect(await echo(json, '{"name":1}')).toMatchObject({ statusCode: 400 })
  })
})

describe("Fastify's log", () => {
  @Controller()
  class OpenController {
    @Get('open')
    open() {
      return 'open'
    }
  }

  it('shows no query of an auth route', async () => {
    const lines: Record<string, unknown>[] = []
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)))
        done()
      },
    })
    const app = await start({
      platform: 'fastify',
      controllers: [OpenController],
      fastify: { logger: { level: 'trace', stream } },
    })
    for (const query of [`code=${canary}`, `broken&code=${canary}`]) await app.send(`/auth/example/callback?${query}`)
    await app.open(`/auth/example/login?return_url=//${canary}`)
    await app.send('/open?a=b')
    const urls = lines.flatMap(({ req, msg }) => (msg === 'incoming request' ? [(req as { url: string }).url] : []))
    expect(urls).toEqual(['/auth/example/callback', '/auth/example/callback', '/auth/example/login', '/open?a=b'])
    expect(JSON.stringify(lines)).not.toContain(canary)
  })

  it.each(['/auth/example/callback/', '/auth/example/callbak', '/auth/example/x/../callback'])(
    'shows nothing of a callback that went astray to %s, nor does the answer',
    async (path) => {
      let log = ''
      const stream = new Writable({
        write(chunk, _encoding, done) {
          log += String(chunk)
          done()
        },
      })
      const app = await start({ platform: 'fastify', fastify: { logger: { level: 'trace', stream } } })
      const { status, body } = await sendRaw(app.port, `${path}?code=${canary}`)
      expect([status, JSON.parse(body).code]).toEqual([404, 'core/not_found'])
      expect(log).toContain('incoming request')
      expect(body + log).not.toContain(canary)
    },
  )
})
