import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type AuthOptions, createAuth, createMemoryStore, type InstalledProvider } from '../src/index.ts'
import { acme } from './acme-provider.ts'

const secret = 'an-example-secret-of-32-bytes-or-more'
const good: AuthOptions = { baseUrl: 'https://app.example', secret, providers: [acme('acme')] }

function withRoute(route: object): InstalledProvider {
  return {
    name: 'acme',
    mount: () => ({
      accountIssuers: [],
      routes: [{ path: '/x', handle: async () => new Response(), ...route } as never],
    }),
  }
}

const mountedAs = (mounted: object) => ({ name: 'acme', mount: () => mounted })

describe('an option that cannot be right', () => {
  const bad: readonly (readonly [option: string, options: object])[] = [
    ['baseURL', { baseURL: 'https://app.example' }],
    ['baseUrl', { baseUrl: undefined }],
    ['baseUrl', { baseUrl: 'app.example' }],
    ['baseUrl', { baseUrl: 'http://app.example' }],
    ['baseUrl', { baseUrl: 'http://localhost.evil.example' }],
    ['baseUrl', { baseUrl: 'http://127.0.0.1.nip.io' }],
    ['baseUrl', { baseUrl: 'https://app.example/canary' }],
    ['baseUrl', { baseUrl: 'https://canary@app.example' }],
    ['baseUrl', { baseUrl: 'https://app.example?canary' }],
    ['baseUrl', { baseUrl: 'javascript:canary' }],
    ['basePath', { basePath: 'auth' }],
    ['basePath', { basePath: '/auth/' }],
    ['basePath', { basePath: '/' }],
    ['basePath', { basePath: '/a/../b' }],
    ['basePath', { basePath: '/:canary' }],
    ['trustedOrigins', { trustedOrigins: 'https://canary.example' }],
    ['trustedOrigins', { trustedOrigins: ['*'] }],
    ['trustedOrigins', { trustedOrigins: ['null'] }],
    ['trustedOrigins', { trustedOrigins: ['http://canary.example'] }],
    ['returnOrigins', { returnOrigins: ['https://canary.example/path'] }],
    ['vault', { vault: { secret: 'canary' } }],
    ['secrets', { secrets: ['canary-example-secret-of-32-bytes-or-more'] }],
    ['secret', { secret: undefined }],
    ['secret', { secret: null }],
    ['secret', { secret: [] }],
    ['secret', { secret: '' }],
    ['secret', { secret: 'canary-of-31-bytes-............' }],
    ['secret', { secret: ['canary-of-31-bytes-............'] }],
    ['secret', { secret: ['canary-example-secret-of-32-bytes-or-more', 'canary'] }],
    ['secret', { secret: [undefined] }],
    ['secret', { secret: new TextEncoder().encode('canary-example-secret-of-32-bytes-or-more') }],
    ['store', { store: {} }],
    ['store', { store: null }],
    ['store', { store: { ...createMemoryStore(), replace: undefined } }],
    ['strategy', { session: {} }],
    ['strategy', { session: { strategy: undefined } }],
    ['strategy', { session: { strategy: 'canary' } }],
    ['kind', { session: { strategy: 'cookie', kind: 'canary' } }],
    ['session', { session: 'cookie' }],
    ['session', { session: null }],
    ['idleSecond', { session: { strategy: 'cookie', idleSecond: 5 } }],
    ['cookieName', { session: { strategy: 'cookie', cookieName: 'canary' } }],
    ['cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a.b' } }],
    ['cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a;b=c' } }],
    ['cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a\r\nb' } }],
    ['cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a\u0000' } }],
    ['idleSeconds', { session: { strategy: 'cookie', idleSeconds: 0 } }],
    ['idleSeconds', { session: { strategy: 'cookie', idleSeconds: 1.5 } }],
    ['idleSeconds', { session: { strategy: 'cookie', idleSeconds: '3600' } }],
    ['idleSeconds', { session: { strategy: 'cookie', idleSeconds: 60, absoluteSeconds: 59 } }],
    ['absoluteSeconds', { session: { strategy: 'cookie', absoluteSeconds: 43_200_000 } }],
    ['maxCookieBytes', { session: { strategy: 'cookie', maxCookieBytes: 999 } }],
    ['maxCookieBytes', { session: { strategy: 'cookie', maxCookieBytes: 11_251 } }],
    ['providers', { providers: undefined }],
    ['providers', { providers: acme('acme') }],
    ['providers', { providers: [null] }],
    ['providers', { providers: [{ name: 'acme' }] }],
    ['providers', { providers: [acme('acme'), acme('acme')] }],
    ['providers', { providers: [acme('logout')] }],
    ['providers', { providers: [acme('session')] }],
    ['providers', { providers: [acme('Acme')] }],
    ['providers', { providers: [acme('a/b')] }],
    ['providers', { providers: [acme('')] }],
    ['providers', { providers: [mountedAs({ routes: [] })] }],
    ['providers', { providers: [mountedAs({ routes: [], accountIssuers: 'https://canary.example' })] }],
    ['providers', { providers: [withRoute({ method: 'GET' })] }],
    ['providers', { providers: [withRoute({ method: 'GET', accepts: 'own_page' })] }],
    ['providers', { providers: [withRoute({ method: 'POST', accepts: 'provider-callback' })] }],
    ['providers', { providers: [withRoute({ method: 'POST', accepts: 'navigation' })] }],
    ['providers', { providers: [withRoute({ method: 'DELETE', accepts: 'same-origin' })] }],
    ['errors', { pages: { errors: '/oops' } }],
    ['error', { pages: { error: 'https://canary.example/' } }],
    ['error', { pages: { error: '//canary.example' } }],
    ['signIn', { pages: { signIn: '/\\canary.example' } }],
    ['signIn', { pages: { signIn: '/sign in' } }],
    ['signIn', { pages: { signIn: '/sign-in#canary' } }],
    ['signIn', { pages: { signIn: '' } }],
    ['apiPaths', { pages: { apiPaths: '/api' } }],
    ['apiPaths', { pages: { apiPaths: ['api'] } }],
    ['onSignIn', { onSignIn: 'link' }],
    ['onEvent', { onEvent: {} }],
    ['onEvent', { onEvent: [() => {}, 'canary'] }],
    ['sessionResponse', { sessionResponse: {} }],
    ['maxCookieBytes', { session: { strategy: 'store', maxCookieBytes: 5000 } }],
    ['onSignedIn', { session: { strategy: 'cookie', onSignedIn: () => {} } }],
    ['onSignedIn', { session: { strategy: 'external', onSignedIn: 'canary' } }],
    ['session.onSignedIn', { session: { strategy: 'external' } }],
    ['idleSeconds', { session: { strategy: 'external', onSignedIn: () => {}, idleSeconds: 60 } }],
    ['clock', { clock: 5 }],
  ]

  it.each(bad)('`%s` is refused at start, by name and without its value (%#)', (option, options) => {
    try {
      createAuth({ ...good, ...options })
    } catch (error) {
      expect(error).toMatchObject({ code: 'core/invalid_option', status: 500, cause: { option } })
      expect(inspect(error, { depth: 9, showHidden: true }).replaceAll(/^ +at .*$/gm, '')).not.toContain('canary')
      return
    }
    expect.unreachable()
  })
})

describe('options that are right', () => {
  it.each([
    {},
    { baseUrl: 'https://app.example/' },
    { baseUrl: 'http://localhost:3000' },
    { baseUrl: 'http://acme.localhost:3000' },
    { baseUrl: 'http://127.0.0.1:3000' },
    { baseUrl: 'http://[::1]:3000' },
    { basePath: '/account/auth' },
    { session: { strategy: 'cookie', cookieName: '__Host-my_app-2', maxCookieBytes: 11_250 } },
    { pages: { signIn: '/sign-in?a=b', error: '/', apiPaths: ['/api'] } },
    { providers: [] },
  ] as Partial<AuthOptions>[])('are taken: %j', (options) => {
    expect(() => createAuth({ ...good, ...options })).not.toThrow()
  })

  it('count as not given where they are undefined, each of them', () => {
    const every: { readonly [Name in keyof AuthOptions]-?: undefined } = {
      baseUrl: undefined,
      basePath: undefined,
      callbackOrigin: undefined,
      trustedOrigins: undefined,
      returnOrigins: undefined,
      trustedProxy: undefined,
      secret: undefined,
      store: undefined,
      session: undefined,
      providers: undefined,
      pages: undefined,
      onSignIn: undefined,
      onEvent: undefined,
      sessionResponse: undefined,
      rateLimit: undefined,
      clock: undefined,
    }
    expect(() => createAuth({ ...every, ...good })).not.toThrow()
    const { baseUrl, secret, providers } = good
    const session = {
      strategy: 'cookie',
      cookieName: undefined,
      idleSeconds: undefined,
      maxCookieBytes: undefined,
    } as const
    const pages = { signIn: undefined, error: undefined, apiPaths: undefined }
    expect(() => createAuth({ ...every, baseUrl, secret, providers, session, pages })).not.toThrow()
  })

  it('count the bytes of a secret, not its characters', () => {
    expect(() => createAuth({ ...good, secret: 'é'.repeat(16) })).not.toThrow()
    expect(() => createAuth({ ...good, secret: 'é'.repeat(15) })).toThrow()
  })

  it('may be frozen, and are not changed', () => {
    const frozen = Object.freeze({
      ...good,
      pages: Object.freeze({ signIn: '/sign-in' }),
      trustedOrigins: Object.freeze([]),
    })
    expect(() => createAuth(frozen)).not.toThrow()
  })

  it('are their own: what is on a polluted prototype is none', async () => {
    const prototype = Object.prototype as unknown as Record<string, unknown>
    try {
      prototype.trustedOrigins = ['https://evil.example']
      prototype.basePath = '/evil'
      const { routes, handle } = createAuth(good)
      expect(routes.every(({ path }) => path.startsWith('/auth/'))).toBe(true)
      const headers = { origin: 'https://evil.example' }
      const response = await handle(new Request('https://app.example/auth/logout', { method: 'POST', headers }))
      expect(response.status).toBe(403)
    } finally {
      delete prototype.trustedOrigins
      delete prototype.basePath
    }
  })
})
