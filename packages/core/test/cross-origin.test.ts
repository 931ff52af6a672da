import { describe, expect, it } from 'vitest'
import { createAuth } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { createApp, exampleSecret } from './app.ts'

const page = 'https://web.app.example'
const app = () => createApp({ trustedOrigins: [page], returnOrigins: [page] })
const ofPage = (origin = page) => ({ origin, 'sec-fetch-site': 'same-site' })

/** What a browser reads to decide whether a page may see an answer. */
function crossOriginOf({ headers }: Response): Record<string, string> {
  const found = [...headers].filter(([name]) => name.startsWith('access-control-'))
  return Object.fromEntries(found.map(([name, value]) => [name.replace(/^access-control-(?:allow-)?/, ''), value]))
}

const allowed = { origin: page, credentials: 'true', 'expose-headers': 'Date' }

describe('a page of a trusted origin', () => {
  it('reads the session, by its exact origin', async () => {
    const browser = app().browser()
    await browser.signIn()
    const response = await browser.fetch('/auth/session', { headers: ofPage() })
    expect([crossOriginOf(response), response.headers.get('vary')]).toEqual([allowed, 'Cookie, Origin'])
    expect(await response.json()).toMatchObject({ signedIn: true, user: { subject: 'ada' } })
  })

  it('reads that there is none, and that it could not be read', async () => {
    const signedOut = await app().browser().fetch('/auth/session', { headers: ofPage() })
    expect([crossOriginOf(signedOut), await signedOut.json()]).toMatchObject([allowed, { signedIn: false }])
    const sessionResponse = () => {
      throw new Error('canary')
    }
    const broken = createApp({ trustedOrigins: [page], sessionResponse }).browser()
    await broken.signIn()
    const failed = await broken.fetch('/auth/session', { headers: ofPage() })
    expect([failed.status, crossOriginOf(failed)]).toEqual([500, allowed])
  })

  it('signs out, and reads where to go on', async () => {
    const browser = app().browser()
    await browser.signIn()
    const response = await browser.fetch('/auth/logout', { method: 'POST', headers: ofPage() })
    expect([response.status, crossOriginOf(response), response.headers.get('vary')]).toEqual([
      200,
      allowed,
      'Cookie, Origin',
    ])
    expect(await (await browser.fetch('/auth/session')).json()).toMatchObject({ signedIn: false })
  })

  it.each([
    ['GET', '/auth/session', 204],
    ['POST', '/auth/logout', 204],
    ['POST', '/auth/session', 405],
    ['GET', '/auth/logout', 405],
    ['DELETE', '/auth/session', 405],
    ['GET', '/auth/acme/token', 404],
    ['GET', '/auth/acme/login', 405],
  ])('asks in advance for %s %s: %i', async (method, path, status) => {
    const { auth } = app()
    const headers = { ...ofPage(), 'access-control-request-method': method }
    const response = await auth.handle(new Request(`https://app.example${path}`, { method: 'OPTIONS', headers }))
    expect(response.status).toBe(status)
    if (status === 204) {
      const granted = { ...allowed, methods: method, headers: 'content-type' }
      expect([crossOriginOf(response), response.headers.get('vary')]).toEqual([granted, 'Origin'])
      expect(response.headers.getSetCookie()).toEqual([])
    } else expect(crossOriginOf(response)).not.toHaveProperty('methods')
  })

  it.each(['/auth/acme/login', '/auth/acme/callback', '/auth/logout/next', '/auth/nowhere'])(
    'reads nothing else: %s',
    async (path) => {
      const browser = app().browser()
      await browser.signIn()
      expect(crossOriginOf(await browser.fetch(path, { headers: ofPage() }))).toEqual({})
    },
  )
})

describe('any other page', () => {
  const others = [
    'https://evil.example',
    'null',
    'https://web.app.example.evil.example',
    'https://evil-web.app.example',
    'https://web.app.example:8443',
    'http://web.app.example',
    'https://WEB.app.example',
    'https://web.app.example/',
    '*',
  ]

  it.each(others)('reads nothing and ends nothing: %s', async (origin) => {
    const browser = app().browser()
    await browser.signIn()
    const response = await browser.fetch('/auth/session', { headers: ofPage(origin) })
    expect([crossOriginOf(response), response.headers.get('vary')]).toEqual([{}, 'Cookie, Origin'])
    expect(await response.json()).toEqual({ signedIn: false, identities: {} })
    const refused = await browser.fetch('/auth/logout', { method: 'POST', headers: ofPage(origin) })
    expect([refused.status, crossOriginOf(refused)]).toEqual([403, {}])
    const preflight = await browser.fetch('/auth/session', {
      method: 'OPTIONS',
      headers: { ...ofPage(origin), 'access-control-request-method': 'GET' },
    })
    expect([preflight.status, crossOriginOf(preflight), preflight.headers.get('vary')]).toEqual([
      405,
      {},
      'Cookie, Origin',
    ])
    expect(await (await browser.fetch('/auth/session')).json()).toMatchObject({ signedIn: true })
  })

  it('is every page where no origin is trusted, and our own needs no leave', async () => {
    const browser = createApp().browser()
    const response = await browser.fetch('/auth/session', { headers: ofPage() })
    expect([crossOriginOf(response), response.headers.get('vary')]).toEqual([{}, 'Cookie'])
    expect(crossOriginOf(await app().browser().fetch('/auth/session'))).toEqual({})
  })
})

describe('signInUrl', () => {
  const refused = async (headers: Record<string, string>, options: Parameters<typeof createApp>[0] = {}) => {
    const { auth } = createApp({ trustedOrigins: [page], ...options })
    const request = new Request('https://app.example/api', { headers: { host: 'app.example', ...headers } })
    const error = await auth.requireSession(request).catch((thrown: unknown) => thrown)
    return (await auth.errorResponse(error, request).json()) as { readonly signInUrl?: string }
  }

  it('is absolute for a page of a trusted origin, and names no return target: that is the page’s own', async () => {
    expect(await refused(ofPage())).toMatchObject({ signInUrl: 'https://app.example/auth/acme/login' })
    const pages = { signIn: '/sign-in' }
    expect(await refused(ofPage(), { pages })).toMatchObject({ signInUrl: 'https://app.example/sign-in' })
  })

  it('is built from the entry of `baseUrl` that was asked', async () => {
    const baseUrl = ['https://other.example', 'https://app.example']
    expect(await refused(ofPage(), { baseUrl })).toMatchObject({ signInUrl: 'https://app.example/auth/acme/login' })
  })

  it.each([{}, { origin: 'https://app.example' }, { referer: `${page}/` }])('is a path for %j', async (headers) => {
    expect(await refused(headers)).toMatchObject({ signInUrl: '/auth/acme/login' })
  })

  it('is a path at a host that is none of ours, where an error is answered all the same', async () => {
    const auth = createAuth({
      baseUrl: ['https://app.example', 'https://other.example'],
      secret: exampleSecret(),
      trustedOrigins: [page],
      providers: [acme('acme')],
    })
    const error = await auth.requireSession(new Request('https://app.example/api')).catch((thrown: unknown) => thrown)
    const nowhere = new Request('https://nowhere.example/api', { headers: ofPage() })
    expect(await auth.errorResponse(error, nowhere).json()).toMatchObject({ signInUrl: '/auth/acme/login' })
  })

  it('leads to a login that comes back to the page, if it is in `returnOrigins`', async () => {
    const browser = app().browser()
    const query = new URLSearchParams({ return_url: `${page}/account` })
    const state = await browser.begin('acme', `?${query}`, { 'sec-fetch-site': 'same-site', referer: `${page}/` })
    expect((await browser.finish(state)).headers.get('location')).toBe(`${page}/account`)
    const elsewhere = new URLSearchParams({ return_url: 'https://evil.example/' })
    expect((await browser.open(`/auth/acme/login?${elsewhere}`)).status).toBe(400)
  })
})
