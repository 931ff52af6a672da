import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  UseFilters,
} from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import { canary, createExampleAuth } from '../test/example-auth.ts'
import { platforms, start } from '../test/running-app.ts'
import { RequireSession } from './index.ts'

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
