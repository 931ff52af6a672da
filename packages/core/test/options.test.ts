import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type AuthOptions, type AuthProvider, createAuth, createVault } from '../src/index.ts'
import { acme } from './acme-provider.ts'

const vault = createVault({ secrets: ['an-example-secret-of-32-bytes-or-more'] })
const good: AuthOptions = { baseUrl: 'https://app.example', vault, providers: [acme('acme')] }

function withRoute(route: object): AuthProvider {
  return {
    name: 'acme',
    mount: () => ({ routes: [{ path: '/x', handle: async () => new Response(), ...route } as never] }),
  }
}

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
    ['vault', { vault: undefined }],
    ['vault', { vault: { secret: 'canary' } }],
    ['session.kind', { session: { kind: 'canary' } }],
    ['idleSecond', { session: { strategy: 'cookie', idleSecond: 5 } }],
    ['session.cookieName', { session: { strategy: 'cookie', cookieName: 'canary' } }],
    ['session.cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a;b=c' } }],
    ['session.cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a\r\nb' } }],
    ['session.cookieName', { session: { strategy: 'cookie', cookieName: '__Host-a\u0000' } }],
    ['session.idleSeconds', { session: { strategy: 'cookie', idleSeconds: 0 } }],
    ['session.idleSeconds', { session: { strategy: 'cookie', idleSeconds: 1.5 } }],
    ['session.idleSeconds', { session: { strategy: 'cookie', idleSeconds: '3600' } }],
    ['session.idleSeconds', { session: { strategy: 'cookie', idleSeconds: 60, absoluteSeconds: 59 } }],
    ['session.absoluteSeconds', { session: { strategy: 'cookie', absoluteSeconds: 43_200_000 } }],
    ['session.maxCookieBytes', { session: { strategy: 'cookie', maxCookieBytes: 999 } }],
    ['session.maxCookieBytes', { session: { strategy: 'cookie', maxCookieBytes: 11_251 } }],
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
    ['providers', { providers: [withRoute({ method: 'GET' })] }],
    ['providers', { providers: [withRoute({ method: 'GET', from: 'own_page' })] }],
    ['providers', { providers: [withRoute({ method: 'POST', accepts: 'provider-callback' })] }],
    ['providers', { providers: [withRoute({ method: 'POST', accepts: 'navigation' })] }],
    ['providers', { providers: [withRoute({ method: 'DELETE', accepts: 'same-origin' })] }],
    ['errors', { pages: { errors: '/oops' } }],
    ['pages.error', { pages: { error: 'https://canary.example/' } }],
    ['pages.error', { pages: { error: '//canary.example' } }],
    ['pages.signIn', { pages: { signIn: '/\\canary.example' } }],
    ['pages.signIn', { pages: { signIn: '/sign in' } }],
    ['pages.signIn', { pages: { signIn: '/sign-in#canary' } }],
    ['pages.signIn', { pages: { signIn: '' } }],
    ['pages.apiPaths', { pages: { apiPaths: '/api' } }],
    ['pages.apiPaths', { pages: { apiPaths: ['api'] } }],
    ['onSignIn', { onSignIn: 'join' }],
    ['onEvent', { onEvent: {} }],
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
