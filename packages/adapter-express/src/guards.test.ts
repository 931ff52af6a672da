import { type Auth, AuthError, type Session } from '@latchkey/core'
import { createExampleAuth, exampleToken } from '@latchkey/testkit'
import type { Express } from 'express'
import { describe, expect, it } from 'vitest'
import { canary, cookieHeader, cookieNames, listen, versions } from '../test/listening-app.ts'
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
  const start = (example = createExampleAuth()) =>
    listen(example, (app) => {
      app.get('/api/me', requireSession(), (request, response) => {
        response.json({ is: subjectOf(sessionOf(request)) })
      })
      app.get('/page', requireSession(), (request, response) => {
        response.json({ is: subjectOf(sessionOf(request)) })
      })
      app.get('/fresh', requireSession({ maxAuthAgeSeconds: 300 }), (_request, response) => void response.send('fresh'))
      app.post('/change', requireSession(), (_request, response) => void response.json({ changed: true }))
    })

  it('refuses with a problem document that no cache keeps, and that no error middleware sees', async () => {
    const app = await start()
    const response = await app.send('/api/me')
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('vary')).toBe('Cookie')
    expect(await response.json()).toMatchObject({ status: 401, code: 'auth/session_required', signInUrl: '/sign-in' })
    expect(app.errors).toEqual([])
  })

  it('sends a user who opens a page to the sign-in page, but nobody from an API path', async () => {
    const app = await start()
    const response = await app.browser().open('/page?tab=1')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/sign-in?return_url=%2Fpage%3Ftab%3D1&code=auth%2Fsession_required')
    expect(response.text).toBe('')
    expect((await app.browser().open('/api/me')).status).toBe(401)
  })

  it('lets a session pass', async () => {
    const app = await start()
    const headers = { cookie: await app.signIn() }
    for (const path of ['/api/me', '/page']) {
      const response = await app.send(path, { headers })
      expect(await response.json()).toEqual({ is: 'ada' })
      expect(response.headers.get('cache-control')).toBe('private, no-store')
    }
  })

  it('refuses a session that does not meet the requirement', async () => {
    const example = createExampleAuth()
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

  it.each(Object.entries(versions))(
    'guards a router and a sub-app whole, and nothing beside them, on %s',
    async (_, express) => {
      const router = express.Router()
      const sub = express()
      for (const scope of [router, sub]) {
        scope.use(requireSession())
        scope.get('/me', (request, response) => void response.json({ is: subjectOf(sessionOf(request)) }))
      }
      const app = await listen(
        createExampleAuth(),
        (main) => {
          main.use('/api/v1', router).use('/inner/', sub)
          main.get('/open', (_request, response) => void response.send('open'))
        },
        { express },
      )
      const cookie = await app.signIn()
      for (const prefix of ['/api/v1', '/inner', '/API/v1', '/api/v1/']) {
        expect((await app.send(`${prefix}/me`)).status).toBe(401)
        expect((await app.send(`${prefix}/nothing-here`)).status).toBe(401)
        // What a router cuts off is a part of the page all the same.
        const opened = await app.browser().open('/inner/me?tab=1')
        expect(opened.headers.get('location')).toContain('return_url=%2Finner%2Fme%3Ftab%3D1')
      }
      for (const path of ['/api/v1/me', '/inner/me', '/API/v1/me/']) {
        expect(await (await app.send(path, { headers: { cookie } })).json()).toEqual({ is: 'ada' })
      }
      expect((await app.send('/open')).status).toBe(200)
    },
  )

  it('on the app itself leaves the routes of the auth open, which stand in front', async () => {
    const app = await listen(createExampleAuth({ pages: {} }), (main) => {
      main.use(requireSession())
      main.get('/', (request, response) => void response.send(subjectOf(sessionOf(request))))
    })
    expect((await app.send('/')).status).toBe(401)
    expect(await (await app.send('/', { headers: { cookie: await app.signIn() } })).text()).toBe('ada')
  })

  it.each(Object.entries(versions))(
    'leaves what is no AuthError to the error middleware of the app, on %s',
    async (_version, express) => {
      const { auth } = createExampleAuth()
      const rejecting = (error: unknown): Auth => ({ ...auth, requireSession: () => Promise.reject(error) })
      const open = (main: Express): void =>
        void main.get('/guarded', requireSession(), (_, response) => void response.send('open'))
      for (const [thrown, seen] of [
        [new TypeError('of the app'), new TypeError('of the app')],
        [{ status: 418 }, { status: 418 }],
        // Each of these would have Express go on to the handler, or past the guard of a router.
        [undefined, expect.objectContaining({ cause: undefined })],
        ['route', expect.objectContaining({ cause: 'route' })],
        ['router', expect.objectContaining({ cause: 'router' })],
      ]) {
        const app = await listen({ auth: rejecting(thrown) }, open, { express })
        const response = await app.send('/guarded')
        expect([response.ok, app.errors]).toEqual([false, [seen]])
      }
    },
  )

  it('leaves the errors of handlers to the error middleware of the app', async () => {
    const app = await listen(createExampleAuth(), (main) => {
      main.get('/thrown', requireSession(), () => {
        throw new AuthError('app/teapot', { status: 409, hint: 'An error of the app itself.' })
      })
    })
    const response = await app.send('/thrown', { headers: { cookie: await app.signIn() } })
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'app/teapot' }])
    expect(app.errors).toHaveLength(1)
  })
})

describe('requireBearer and requireSessionOrBearer', () => {
  const start = () =>
    listen(createExampleAuth({ pages: {} }), (app) => {
      app.get('/reports', requireBearer(), (request, response) => void response.json({ is: bearerOf(request).subject }))
      app.get(
        '/scoped',
        requireBearer({ scopes: ['example:write'] }),
        (_request, response) => void response.send('open'),
      )
      const either = requireSessionOrBearer({ session: {}, bearer: {} })
      app.get('/either', either, (request, response) => void response.json({ kind: authOf(request).kind }))
      app.get('/token-or-nothing', either, (request, response) => void response.json(sessionOf(request)))
      app.get('/unguarded', (request, response) => void response.json(bearerOf(request)))
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
  const start = async () => {
    const example = createExampleAuth()
    const app = await listen(example, (main) => {
      main.use((_request, response, next) => {
        response.set('vary', 'Accept-Encoding, Origin')
        next()
      })
      main.get('/guarded', requireSession(), (_request, response) => {
        response.set('cache-control', 'public, max-age=60').cookie('app', '1').send('guarded')
      })
      main.get('/read', async (request, response) => {
        response.set('cache-control', 'public').append('set-cookie', 'app=1')
        response.json({ is: subjectOf(await getSession(request)) })
      })
      main.get('/both', requireSession(), async (request, response) => {
        response.json({ same: (await getSession(request)) === sessionOf(request) })
      })
      const twice = [requireSession(), requireSession({ maxAuthAgeSeconds: 86_400 })]
      const read = async (request: Parameters<typeof getSession>[0], _response: unknown, next: () => void) => {
        await getSession(request)
        next()
      }
      main.get('/twice', read, ...twice, (_request, response) => void response.send('twice'))
      main.get('/failing', requireSession(), () => {
        throw new Error('of the app')
      })
      main.get('/rendered', requireSession(), (_request, response) => response.redirect('/read'))
    })
    return { example, app }
  }

  it.each(['/guarded', '/read'])('stand beside those of the app on %s', async (path) => {
    const { example, app } = await start()
    const headers = { cookie: await app.signIn({ isLarge: true }) }
    expect(cookieNames((await app.send(path, { headers })).headers)).toEqual(['app'])
    example.pass(halfIdleSeconds + 1)
    const refreshed = await app.send(path, { headers })
    expect(new Set(cookieNames(refreshed.headers))).toEqual(new Set(['__Host-latchkey', '__Host-latchkey.1', 'app']))
    expect(cookieNames(refreshed.headers)).toHaveLength(3)
    expect(refreshed.headers.get('vary')).toBe('Accept-Encoding, Origin, Cookie')
    expect(refreshed.headers.get('cache-control')).toBe('private, no-store')
    example.pass(halfIdleSeconds + 1)
    expect((await app.send('/guarded', { headers })).status).toBe(401)
    expect((await app.send('/guarded', { headers: { cookie: cookieHeader(refreshed) } })).status).toBe(200)
  })

  it('are written once where a session is required and read, or required again', async () => {
    const { example, app } = await start()
    for (const path of ['/both', '/twice', '/rendered']) {
      const headers = { cookie: await app.signIn() }
      example.pass(halfIdleSeconds + 1)
      expect(cookieNames((await app.send(path, { headers })).headers), path).toEqual(['__Host-latchkey'])
    }
  })

  it('reach an answer that fails, too', async () => {
    const { example, app } = await start()
    const headers = { cookie: await app.signIn() }
    example.pass(halfIdleSeconds + 1)
    const response = await app.send('/failing', { headers })
    expect([response.status, cookieNames(response.headers)]).toEqual([500, ['__Host-latchkey']])
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('getSession', () => {
  it('reads what is there, or nothing, and requires nothing', async () => {
    const app = await listen(createExampleAuth(), (main) => {
      main.get('/', async (request, response) => void response.json({ is: subjectOf(await getSession(request)) }))
    })
    const anonymous = await app.send('/')
    expect(await anonymous.json()).toEqual({ is: null })
    expect(anonymous.headers.get('vary')).toBe('Cookie')
    expect(await (await app.send('/', { headers: { cookie: await app.signIn() } })).json()).toEqual({ is: 'ada' })
    const forged = { headers: { cookie: `__Host-latchkey=${canary}` } }
    expect(await (await app.send('/', forged)).json()).toEqual({ is: null })
  })

  it('is not done for requests that do not ask', async () => {
    const app = await listen(createExampleAuth(), (main) => {
      main.get('/', (_request, response) => void response.send('static'))
    })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect([response.headers.get('vary'), response.headers.get('cache-control')]).toEqual([null, null])
  })
})

describe('core/not_mounted', () => {
  it('is a session that no guard let pass', async () => {
    const app = await listen(createExampleAuth(), (main) => {
      main.get('/', (request, response) => void response.json(sessionOf(request)))
    })
    const response = await app.send('/', { headers: { cookie: await app.signIn() } })
    expect(await response.json()).toMatchObject({ status: 500, code: 'core/not_mounted' })
  })

  it.each(Object.entries(versions))(
    'is a guard in front of the auth, or beside the sub-app that has it, on %s',
    async (_, express) => {
      const inside = createExampleAuth({ basePath: '/inside/auth', pages: {} })
      const sub = express().use(latchkey({ auth: inside.auth }))
      const app = await listen(createExampleAuth(), undefined, {
        express,
        before(main) {
          sub.get('/guarded', requireSession(), (_request, response) => void response.send('open'))
          main.use('/inside', sub)
          main.get('/outside/guarded', requireSession(), (_request, response) => void response.send('open'))
        },
      })
      const outside = await app.send('/outside/guarded')
      expect(await outside.json()).toMatchObject({ status: 500, code: 'core/not_mounted' })
      expect((await app.send('/inside/guarded')).status).toBe(401)
    },
  )
})
