import type { Auth } from '@latchkey/core'
import { Controller, Get, Header, HttpException, Res, Sse } from '@nestjs/common'
import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { canary, createExampleAuth, halfIdleSeconds } from '../test/example-auth.ts'
import { cookieNames, platforms, start } from '../test/running-app.ts'
import { RequireSession } from './index.ts'

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

describe.each(platforms)('the headers of an answer on %s', (platform) => {
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
