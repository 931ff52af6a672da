import cors from '@fastify/cors'
import { latchkey, requireSession, sessionOf } from '@latchkey/adapter-fastify'
import { type AuthOptions, createAuth, type SignInRequest } from '@latchkey/core'
import { describeWithBrowser, freePort, listen } from '@latchkey/tool-test-support'
import { shareBrowser } from '@latchkey/tool-test-support/share-browser'
import fastify from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { acme } from './acme.ts'
import { type Browser, openTab, signIn, type Tab } from './tab.ts'
import { startVendor, type Vendor } from './vendor.ts'
import { buildVitePage, type VitePage } from './vite-host.ts'

/** What of a request a page is told to send. */
interface Sent {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly mode?: 'no-cors'
}

describe.each([
  {
    place: 'another subdomain',
    pageHost: 'web.app.localhost',
    apiHost: 'api.app.localhost',
    evil: 'evil.app.localhost',
  },
  { place: 'another port', pageHost: 'localhost', apiHost: 'localhost', evil: 'localhost' },
])('a page of Vite and React on $place', ({ pageHost, apiHost, evil }) => {
  describeWithBrowser('with an API on Fastify', () => {
    let browser: Browser
    let context: Awaited<ReturnType<Browser['newContext']>>
    let built: VitePage
    let vendor: Vendor
    let places: { readonly api: string; readonly page: string; readonly evil: string; readonly elsewhere: string }
    let tab: Tab
    const names: string[] = []
    const decisions: SignInRequest[] = []
    const closing: (() => Promise<unknown>)[] = []

    beforeAll(async () => {
      vendor = await startVendor()
      const apiPort = await freePort()
      const api = `http://${apiHost}:${apiPort}`
      built = await buildVitePage(19, `${api}/auth`)
      const page = await listen(({ url = '/' }, outgoing) => {
        const file = built.fileAt(url.split('?')[0] ?? '/')
        if (file === undefined) outgoing.writeHead(404).end()
        else outgoing.setHeader('content-type', file.type).end(file.body)
      })
      const stranger = await listen((_, outgoing) =>
        outgoing.setHeader('content-type', 'text/html').end('<!doctype html><title>Evil</title>'),
      )
      places = {
        api,
        page: `http://${pageHost}:${page.port}`,
        evil: `http://${evil}:${stranger.port}`,
        elsewhere: `http://elsewhere.localhost:${stranger.port}`,
      }
      const origins = [places.page, places.elsewhere]
      const auth = createAuth({
        baseUrl: api,
        secret: 'an-example-secret-of-32-bytes-or-more',
        trustedOrigins: origins,
        returnOrigins: [places.page],
        providers: [acme(() => vendor.origin)] as unknown as AuthOptions['providers'],
        onSignIn(request) {
          decisions.push(request)
          return { action: 'new' }
        },
      })
      const app = fastify({ forceCloseConnections: true })
      await app.register(cors, { origin: origins, credentials: true, methods: ['GET', 'POST'] })
      await app.register(latchkey, { auth })
      app.get('/api/me', { preHandler: requireSession() }, async (request) => ({
        name: sessionOf(request).user.subject,
      }))
      app.post<{ Body: { name: string } }>('/api/names', { preHandler: requireSession() }, async ({ body }) => {
        names.push(body.name)
        return { names }
      })
      await app.listen({ host: '127.0.0.1', port: apiPort })
      closing.push(() => app.close(), page.close, stranger.close, vendor.close)
    })
    afterAll(async () => {
      await Promise.all(closing.map((close) => close()))
      built?.remove()
    })
    shareBrowser((shared) => {
      browser = shared
    })
    beforeEach(async () => {
      vendor.user = 'Ada'
      context = await browser.newContext()
      tab = await openTab(context, { origin: places.page })
      await tab.shows('signed-out nobody')
    })
    afterEach(() => context.close())

    /** A script of a page asks the API; the status and the answer, or the name of the error if the page may not read it. */
    const ask = (path: string, init: Sent = {}, from: Tab['page'] = tab.page): Promise<unknown> =>
      from.evaluate(
        async ([url, request]) => {
          try {
            const response = await fetch(url, { credentials: 'include', ...request })
            return [response.type, response.status, await response.json().catch(() => null)]
          } catch (error) {
            return (error as Error).name
          }
        },
        [places.api + path, init] as const,
      )

    const post = (name: string): Sent => ({
      method: 'POST',
      body: JSON.stringify({ name }),
      headers: { 'content-type': 'application/json' },
    })

    it('signs in, gets and posts what is guarded, and signs out', async () => {
      expect(await ask('/api/me')).toMatchObject(['cors', 401, { code: 'auth/session_required' }])
      await signIn(tab)
      expect(new URL(tab.page.url()).origin).toBe(places.page)
      expect(await ask('/api/me')).toEqual(['cors', 200, { name: 'ada' }])
      expect(await ask('/api/names', post('Countess'))).toEqual(['cors', 200, { names: ['Countess'] }])
      const other = await openTab(context, { origin: places.page })
      await other.shows('signed-in Ada')
      const back = tab.page.waitForResponse((response) => response.url() === `${places.page}/session`)
      await tab.click('Sign out')
      await other.shows('signed-out nobody')
      await back
      await tab.shows('signed-out nobody')
      expect(await ask('/api/me')).toMatchObject(['cors', 401, {}])
      expect(tab.complaints.filter((text) => !text.includes('401'))).toEqual([])
    })

    it('goes to `signInUrl` with a return target of its own, and to no other', async () => {
      const [, , { signInUrl }] = (await ask('/api/me')) as [string, number, { signInUrl: string }]
      expect(signInUrl).toBe(`${places.api}/auth/acme/login`)
      await tab.page.goto(`${signInUrl}?${new URLSearchParams({ return_url: `${places.page}/session?of=mine` })}`)
      await tab.shows('signed-in Ada')
      expect(tab.page.url()).toBe(`${places.page}/session?of=mine`)
      const refused = await tab.page.goto(`${signInUrl}?${new URLSearchParams({ return_url: `${places.evil}/` })}`)
      expect([refused?.status(), await refused?.json()]).toMatchObject([400, { code: 'auth/return_url_invalid' }])
    })

    it('begins logins that may link, since its origin is trusted', async () => {
      await signIn(tab)
      vendor.user = 'Bob'
      await signIn(tab, 'Bob')
      expect(decisions.at(-1)).toMatchObject({ confirmed: true, current: { user: { subject: 'ada' } } })
    })

    it('is not heard on a third origin, which reads nothing and changes nothing', async () => {
      await signIn(tab)
      const before = [...names]
      const stranger = await context.newPage()
      for (const origin of [places.evil, places.evil.replace(/\/\/[^:]+/, '//evil.localhost')]) {
        await stranger.goto(origin)
        for (const path of ['/auth/session', '/api/me']) expect(await ask(path, {}, stranger)).toBe('TypeError')
        expect(await ask('/api/names', post('Eve'), stranger)).toBe('TypeError')
        const simple = { ...post('Eve'), mode: 'no-cors', headers: { 'content-type': 'text/plain' } } as const
        expect(await ask('/api/names', simple, stranger)).toEqual(['opaque', 0, null])
        expect(await ask('/auth/logout', { method: 'POST' }, stranger)).toBe('TypeError')
        await stranger.setContent(`<form method="post" action="${places.api}/auth/logout"><button>Go</button></form>`)
        const answer = stranger.waitForResponse(`${places.api}/auth/logout`)
        await stranger.click('button')
        expect((await answer).status()).toBe(403)
      }
      expect(names).toEqual(before)
      expect(await ask('/api/me')).toEqual(['cors', 200, { name: 'ada' }])
    })

    it('never works from another site, whose requests have no cookie of SameSite=Lax, though it is listed', async () => {
      await signIn(tab)
      const page = await context.newPage()
      await page.goto(places.elsewhere)
      expect(await ask('/auth/session', {}, page)).toEqual(['cors', 200, { signedIn: false, identities: {} }])
      expect(await ask('/api/me', {}, page)).toMatchObject(['cors', 401, {}])
    })
  })
})
