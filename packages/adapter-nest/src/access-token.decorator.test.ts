import { Controller, Get, Post } from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import { bearerToken, canary, createExampleAuth, type ExampleAuth } from '../test/example-auth.ts'
import { browserCookies, cookieNames, platforms, start } from '../test/running-app.ts'
import { AccessToken, OptionalSession, RequireBearer, RequireSession, RequireSessionOrBearer } from './index.ts'

@Controller()
class TokenController {
  @Get('alone')
  alone(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Get('guarded')
  @RequireSession()
  guarded(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Get('optional')
  @OptionalSession()
  optional(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Get('either')
  @RequireSessionOrBearer({ session: {}, bearer: {} })
  either(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Get('fresh')
  @RequireSession({ maxAuthAgeSeconds: 300 })
  fresh(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Get('twice')
  twice(@AccessToken('example') one: string, @AccessToken('example') other: string) {
    return { one, other }
  }

  @Post('change')
  change(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }

  @Post('bearer')
  @RequireBearer()
  bearer(@AccessToken('example') accessToken: string) {
    return { accessToken }
  }
}

@Controller('child')
class ChildController extends TokenController {
  @Get('alone')
  override alone(accessToken: string) {
    return { accessToken, canary }
  }
}

describe.each(platforms)('@AccessToken() on %s', (platform) => {
  const run = async (example: ExampleAuth) => {
    const app = await start({ platform, example, controllers: [TokenController, ChildController] })
    const json = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      (await app.send(path, { method, headers })).json()
    return { ...app, json }
  }

  it.each(['/alone', '/guarded', '/optional', '/either', '/fresh'])(
    'gives the token of the session: %s',
    async (path) => {
      const app = await run(createExampleAuth())
      expect(await app.json(path, { cookie: await app.signIn() })).toEqual({ accessToken: 'access-0' })
    },
  )

  it.each(['/alone', '/guarded', '/optional', '/either', '/fresh', '/twice'])(
    'refuses a request without a session as a guard would: %s',
    async (path) => {
      const example = createExampleAuth({ pages: { signIn: '/sign-in' } })
      const app = await run(example)
      const response = await app.send(path)
      expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect(await response.json()).toMatchObject({ code: 'auth/session_required' })
      expect((await app.open(path)).headers.get('location')).toMatch(/^\/sign-in\?/)
    },
  )

  it('refuses a bearer token in place of a session', async () => {
    const app = await run(createExampleAuth())
    const authorization = `Bearer ${bearerToken()}`
    expect(await app.json('/either', { authorization })).toMatchObject({ status: 401, code: 'auth/session_required' })
  })

  it('refuses a change that another site asks for, whatever guard stands beside it', async () => {
    const app = await run(createExampleAuth())
    const headers = { cookie: await app.signIn(), authorization: `Bearer ${bearerToken()}` }
    for (const path of ['/change', '/bearer']) {
      const change = (site: string) => app.json(path, { ...headers, 'sec-fetch-site': site }, 'POST')
      expect(await change('same-origin'), path).toEqual({ accessToken: 'access-0' })
      expect(await change('cross-site'), path).toMatchObject({ status: 403, code: 'core/cross_origin' })
    }
  })

  it('meets the requirements beside it', async () => {
    const example = createExampleAuth()
    const app = await run(example)
    const cookie = await app.signIn()
    example.pass(301)
    expect(await app.json('/fresh', { cookie })).toMatchObject({ status: 403, code: 'auth/step_up_required' })
  })

  it.each(['/alone', '/guarded', '/twice'])(
    'refreshes what is due once, and sets the cookie once: %s',
    async (path) => {
      const example = createExampleAuth({ tokenSeconds: 600 })
      const app = await run(example)
      const cookie = await app.signIn()
      example.pass(541)
      const response = await app.send(path, { headers: { cookie } })
      expect(new Set(Object.values((await response.json()) as object))).toEqual(new Set(['access-1']))
      expect(cookieNames(response)).toEqual(['__Host-latchkey'])
      expect(example.refreshes()).toBe(1)
      const next = await app.send(path, { headers: { cookie: browserCookies(cookie, response) } })
      expect(new Set(Object.values((await next.json()) as object))).toEqual(new Set(['access-1']))
      expect([cookieNames(next), example.refreshes()]).toEqual([[], 1])
    },
  )

  it('gives a token that is due and good when the vendor is down, and refuses one that has expired', async () => {
    const example = createExampleAuth({ tokenSeconds: 600, isVendorDown: () => true })
    const app = await run(example)
    const cookie = await app.signIn()
    example.pass(541)
    expect(await app.json('/guarded', { cookie })).toEqual({ accessToken: 'access-0' })
    example.pass(60)
    const response = await app.send('/guarded', { headers: { cookie } })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 503, code: 'auth/tokens_unavailable' })
  })

  it('says so where the session has no token', async () => {
    const app = await run(createExampleAuth({ withTokens: false }))
    const cookie = await app.signIn()
    expect(await app.json('/alone', { cookie })).toMatchObject({ status: 403, code: 'auth/tokens_missing' })
  })

  it('is an error in a method that overrides the decorated one', async () => {
    const app = await run(createExampleAuth())
    const response = await app.send('/child/alone', { headers: { cookie: await app.signIn() } })
    expect([response.status, (await response.text()).includes(canary)]).toEqual([500, false])
  })
})

describe('@AccessToken()', () => {
  it('on what is no handler is an error at start', () => {
    const declare = () => {
      class Service {
        // @ts-expect-error not of a constructor
        constructor(@AccessToken('example') readonly accessToken: string) {}
      }
      return Service
    }
    expect(declare).toThrow(expect.objectContaining({ code: 'core/invalid_option' }))
  })
})
