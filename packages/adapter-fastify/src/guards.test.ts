import cookie from '@fastify/cookie'
import { type Auth, AuthError, type Session } from '@latchkey/core'
import { createExampleAuth, exampleToken } from '@latchkey/testkit'
import fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { canary, cookieHeader, listen } from '../test/listening-app.ts'
import {
  authOf,
  bearerOf,
  getSession,
  latchkey,
  requireBearer,
  requireSession,
  requireSessionOrBearer,
  sessionOf,
} from './index.ts'

const halfIdleSeconds = 1800

const subjectOf = (session: Session | null): string | null => session?.identities.example?.subject ?? null

describe('requireSession', () => {
  const withPages = () => createExampleAuth()
  const start = (example = withPages()) =>
    listen(example, (app) => {
      app.get('/api/me', { preHandler: requireSession() }, async (request) => ({ is: subjectOf(sessionOf(request)) }))
      app.get('/page', { onRequest: requireSession() }, async (request) => ({ is: subjectOf(sessionOf(request)) }))
      app.get('/fresh', { preHandler: requireSession({ maxAuthAgeSeconds: 300 }) }, async () => 'fresh')
      app.post('/change', { preHandler: requireSession() }, async () => ({ changed: true }))
    })

  it('refuses with a problem document that no cache keeps', async () => {
    const app = await start()
    const response = await app.send('/api/me')
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.json()).toMatchObject({ status: 401, code: 'auth/session_required', signInUrl: '/sign-in' })
  })

  it('sends a user who opens a page to the sign-in page, but nobody from an API path', async () => {
    const app = await start()
    const response = await app.browser().open('/page?tab=1')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/sign-in?return_url=%2Fpage%3Ftab%3D1&code=auth%2Fsession_required')
    expect(response.text).toBe('')
    expect((await app.browser().open('/api/me')).status).toBe(401)
  })

  it('lets a session pass, at the first hook and the last', async () => {
    const app = await start()
    const headers = { cookie: await app.signIn() }
    for (const path of ['/api/me', '/page']) {
      const response = await app.send(path, { headers })
      expect(await response.json()).toEqual({ is: 'ada' })
      expect(response.headers.get('cache-control')).toBe('private, no-store')
    }
  })

  it('refuses a session that does not meet the requirement', async () => {
    const example = withPages()
    const app = await start(example)
    const headers = { cookie: await app.signIn() }
    expect((await app.send('/fresh', { headers })).status).toBe(200)
    example.pass(301)
    const response = await app.send('/fresh', { headers })
    expect(await response.json()).toMatchObject({ status: 403, code: 'auth/step_up_required' })
  })

  it('refuses a change that another site asks for', async () => {
    const app = await start()
    const headers = { cookie: await app.signIn() }
    const change = async (site: string) =>
      (await app.send('/change', { method: 'POST', headers: { ...headers, 'sec-fetch-site': site } })).json()
    expect(await change('same-origin')).toEqual({ changed: true })
    expect(await change('cross-site')).toMatchObject({ status: 403, code: 'core/cross_origin' })
    expect(await change('same-site')).toMatchObject({ status: 403, code: 'core/cross_origin' })
  })

  it('guards everything under a prefix, and nothing beside it', async () => {
    const app = await listen(withPages(), async (instance) => {
      await instance.register(
        async (scope) => {
          scope.addHook('preHandler', requireSession())
          scope.get('/me', async (request) => ({ is: subjectOf(sessionOf(request)) }))
        },
        { prefix: '/api/v1' },
      )
      instance.get('/open', async () => 'open')
    })
    expect((await app.send('/api/v1/me')).status).toBe(401)
    expect((await app.send('/open')).status).toBe(200)
    const response = await app.send('/api/v1/me', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toEqual({ is: 'ada' })
  })

  it('leaves what is no AuthError to the error handler of the app, in guard and handler', async () => {
    const { auth } = createExampleAuth()
    const broken: Auth = { ...auth, requireSession: () => Promise.reject(new TypeError('of the app')) }
    const app = fastify()
    app.setErrorHandler((error, _request, reply) => reply.code(418).send({ handled: String(error) }))
    await app.register(latchkey, { auth: broken })
    app.get('/guarded', { preHandler: requireSession() }, async () => 'open')
    app.get('/thrown', async () => {
      throw new AuthError('app/teapot', { status: 409, hint: 'An error of the app itself.' })
    })
    for (const [url, handled] of [
      ['/guarded', 'TypeError: of the app'],
      ['/thrown', 'AuthError: app/teapot'],
    ]) {
      const response = await app.inject(url ?? '')
      expect([response.statusCode, response.json()]).toEqual([418, { handled }])
    }
  })
})

describe('requireBearer and requireSessionOrBearer', () => {
  const start = () =>
    listen(createExampleAuth({ pages: {} }), (app) => {
      app.get('/reports', { onRequest: requireBearer() }, async (request) => ({ is: bearerOf(request).subject }))
      app.get('/scoped', { preHandler: requireBearer({ scopes: ['example:write'] }) }, async () => 'open')
      const either = requireSessionOrBearer({ session: {}, bearer: {} })
      app.get('/either', { preHandler: either }, async (request) => ({ kind: authOf(request).kind }))
      app.get('/token-or-nothing', { preHandler: either }, async (request) => sessionOf(request))
      app.get('/unguarded', async (request) => bearerOf(request))
    })
  const bearer = { authorization: `Bearer ${exampleToken('ada')}` }

  it('let a token pass, and refuse with the challenge of RFC 6750', async () => {
    const app = await start()
    const passed = await app.send('/reports', { headers: bearer })
    expect(await passed.json()).toEqual({ is: 'ada' })
    expect(passed.headers.get('cache-control')).toBe('private, no-store')
    for (const [path, headers, status, challenge] of [
      ['/reports', {}, 401, 'Bearer'],
      ['/reports', { authorization: 'Bearer forged' }, 401, 'Bearer error="invalid_token"'],
      ['/scoped', bearer, 403, 'Bearer error="insufficient_scope"'],
    ] as const) {
      const refused = await app.send(path, { headers })
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([status, challenge])
      expect(refused.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  it('tell which of the two passed', async () => {
    const app = await start()
    expect((await app.send('/either')).status).toBe(401)
    expect(await (await app.send('/either', { headers: bearer })).json()).toEqual({ kind: 'bearer' })
    const cookie = await app.signIn()
    expect(await (await app.send('/either', { headers: { cookie } })).json()).toEqual({ kind: 'session' })
    const both = { ...bearer, cookie, authorization: 'Bearer forged' }
    expect((await app.send('/either', { headers: both })).status).toBe(401)
    for (const path of ['/token-or-nothing', '/unguarded']) {
      expect(await (await app.send(path, { headers: bearer })).json()).toMatchObject({ code: 'core/not_mounted' })
    }
  })
})

describe('the headers of a session', () => {
  const start = () => {
    const example = createExampleAuth()
    const app = listen(example, async (instance) => {
      await instance.register(cookie)
      instance.addHook('onRequest', async (_request, reply) => {
        reply.header('vary', 'Accept-Encoding, Origin')
      })
      instance.get('/guarded', { preHandler: requireSession() }, async (_request, reply) =>
        reply.header('cache-control', 'public, max-age=60').setCookie('app', '1').send('guarded'),
      )
      instance.get('/read', async (request, reply) => {
        reply.header('cache-control', 'public').header('set-cookie', 'app=1')
        return { is: subjectOf(await getSession(request)) }
      })
      instance.get('/both', { preHandler: requireSession() }, async (request) => ({
        same: (await getSession(request)) === sessionOf(request),
      }))
      const twice = [requireSession(), requireSession({ maxAuthAgeSeconds: 86_400 })]
      instance.get(
        '/twice',
        { onRequest: async (request) => void (await getSession(request)), preHandler: twice },
        async () => 'twice',
      )
      instance.get('/failing', { preHandler: requireSession() }, async () => {
        throw new Error('of the app')
      })
    })
    return { example, app }
  }
  const names = (response: Response) => response.headers.getSetCookie().map((line) => line.split('=', 1)[0])

  it.each(['/guarded', '/read'])('stand beside those of the app on %s', async (path) => {
    const { example, app: starting } = start()
    const app = await starting
    const headers = { cookie: await app.signIn({ isLarge: true }) }
    expect(names(await app.send(path, { headers }))).toEqual(['app'])
    example.pass(halfIdleSeconds + 1)
    const refreshed = await app.send(path, { headers })
    expect(new Set(names(refreshed))).toEqual(new Set(['__Host-latchkey', '__Host-latchkey.1', 'app']))
    expect(names(refreshed)).toHaveLength(3)
    expect(refreshed.headers.get('vary')).toBe('Accept-Encoding, Origin, Cookie')
    expect(refreshed.headers.get('cache-control')).toBe('private, no-store')
    example.pass(halfIdleSeconds + 1)
    expect((await app.send('/guarded', { headers })).status).toBe(401)
    expect((await app.send('/guarded', { headers: { cookie: cookieHeader(refreshed) } })).status).toBe(200)
  })

  it('are written once where a session is required and read, or required again', async () => {
    const { example, app: starting } = start()
    const app = await starting
    const headers = { cookie: await app.signIn() }
    example.pass(halfIdleSeconds + 1)
    const response = await app.send('/both', { headers })
    expect(await response.json()).toEqual({ same: true })
    expect(names(response)).toEqual(['__Host-latchkey'])
    const fresh = { cookie: await app.signIn() }
    example.pass(halfIdleSeconds + 1)
    expect(names(await app.send('/twice', { headers: fresh }))).toEqual(['__Host-latchkey'])
  })

  it('reach an answer that fails, too', async () => {
    const { example, app: starting } = start()
    const app = await starting
    const headers = { cookie: await app.signIn() }
    example.pass(halfIdleSeconds + 1)
    const response = await app.send('/failing', { headers })
    expect([response.status, names(response)]).toEqual([500, ['__Host-latchkey']])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('getSession', () => {
  it('reads what is there, or nothing, and requires nothing', async () => {
    const app = await listen(createExampleAuth(), (instance) => {
      instance.get('/', async (request) => ({ is: subjectOf(await getSession(request)) }))
    })
    const anonymous = await app.send('/')
    expect(await anonymous.json()).toEqual({ is: null })
    expect(anonymous.headers.get('vary')).toBe('Cookie')
    expect(await (await app.send('/', { headers: { cookie: await app.signIn() } })).json()).toEqual({ is: 'ada' })
    const forged = { headers: { cookie: `__Host-latchkey=${canary}` } }
    expect(await (await app.send('/', forged)).json()).toEqual({ is: null })
  })

  it('is not done for requests that do not ask', async () => {
    const app = await listen(createExampleAuth(), (instance) => {
      instance.get('/', async () => 'static')
    })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect([response.headers.get('vary'), response.headers.get('cache-control')]).toEqual([null, null])
  })
})

describe('core/not_mounted', () => {
  it('is a session that no guard let pass', async () => {
    const app = await listen(createExampleAuth(), (instance) => {
      instance.get('/', async (request) => sessionOf(request))
    })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toMatchObject({ statusCode: 500, code: 'core/not_mounted' })
  })

  it('is not the answer behind a guard of the app, in a part of it that has an auth of its own', async () => {
    const secret = 'one-secret-for-both-auths-of-this-test'
    const app = await listen(createExampleAuth({ secret }), async (instance) => {
      await instance.register(async (guarded) => {
        guarded.addHook('onRequest', requireSession())
        await guarded.register(async (part) => {
          await part.register(latchkey, { auth: createExampleAuth({ secret, basePath: '/other' }).auth })
          part.get('/', async (request) => ({ is: subjectOf(sessionOf(request)) }))
        })
      })
    })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toEqual({ is: 'ada' })
  })

  it('is a guard or a reading where no auth is mounted, or in a sibling scope alone', async () => {
    const app = fastify()
    const routes = async (scope: FastifyInstance): Promise<void> => {
      scope.get('/guarded', { preHandler: requireSession() }, async () => 'open')
      scope.get('/read', async (request) => ({ is: await getSession(request) }))
    }
    await app.register(async (scope) => {
      await scope.register(latchkey, { auth: createExampleAuth().auth })
      await scope.register(routes, { prefix: '/inside' })
    })
    await app.register(routes, { prefix: '/outside' })
    for (const path of ['/outside/guarded', '/outside/read']) {
      expect((await app.inject(path)).json()).toMatchObject({ statusCode: 500, code: 'core/not_mounted' })
    }
    expect((await app.inject('/inside/guarded')).statusCode).toBe(401)
    expect((await app.inject('/inside/read')).json()).toEqual({ is: null })
  })
})
