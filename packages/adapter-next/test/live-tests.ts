import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NextVersion } from './lay-out-app.ts'
import {
  buildLiveApp,
  type LiveApp,
  type LiveBrowser,
  type LiveBuild,
  type PathOptions,
  startLiveApp,
} from './live-app.ts'
import { cookieNames } from './visitor.ts'

const deadline = 600_000
const i18n = { locales: ['en', 'de'], defaultLocale: 'en' }

const combinations: Readonly<Record<string, PathOptions>> = {
  'no options': {},
  'a base path': { basePath: '/docs' },
  'trailing slashes': { trailingSlash: true },
  locales: { i18n },
  'a base path, trailing slashes and locales': { basePath: '/docs', trailingSlash: true, i18n },
}

/** Declares what is shown of one version of Next, over real sockets, with each combination of what changes paths. */
export function testLive(next: NextVersion): void {
  const builds = new Map<string, LiveBuild>()

  beforeAll(async () => {
    const waiting = Object.entries(combinations)
    const build = async (): Promise<void> => {
      for (let given = waiting.shift(); given !== undefined; given = waiting.shift()) {
        const [name, options] = given
        const folder = `live-${next.version}-${name.replaceAll(/\W+/g, '-')}`
        // What differs between the others is no matter of types, nor of the minifier.
        builds.set(name, await buildLiveApp(folder, next, options, name === 'no options'))
      }
    }
    // A build keeps one core busy for most of its time.
    await Promise.all([build(), build()])
  }, deadline)

  it(`is built by Next ${next.version} without a warning, with what \`route\` makes of every kind of context`, () => {
    const { output = '' } = builds.get('no options') ?? {}
    // Of Next 15 the proxy is middleware on the edge, where it warns of what it takes for Node's.
    expect(output).not.toMatch(/warning|not supported/i)
    for (const path of ['/api/plain', '/api/orders/[id]', '/api/files/[[...path]]', '/auth/[...path]', '/account']) {
      expect(output).toContain(`ƒ ${path}`)
    }
    expect(output).toMatch(/ƒ (?:Middleware|Proxy)/)
  })

  describe.each(Object.entries(combinations))(`on Next ${next.version} with %s`, (name, options) => {
    let app: LiveApp
    let browser: LiveBrowser

    beforeAll(async () => {
      app = await startLiveApp(builds.get(name)?.folder ?? '', next, options)
    })
    afterAll(() => app?.stop())

    const open = (): LiveBrowser => {
      browser = app.browser()
      return browser
    }
    const signInPage = (): string => app.at('/sign-in')

    const paths = ['/account', '/counter', '/plain', ...(options.i18n ? [] : ['/de/start'])]
    describe.each(paths)('%s', (path) => {
      it('leads who is not signed in to the sign-in page, and from there exactly back', async () => {
        open()
        const refused = await browser.arrive(app.at(path))
        expect([refused.status, refused.url.pathname]).toEqual([200, signInPage()])
        const arrived = await browser.signIn(refused, '&code=abc/&subject=ada/')
        expect([arrived.status, arrived.url.href]).toEqual([200, app.origin + app.at(path)])
        expect(arrived.text).toMatch(/ada\/|Ada: 1 visits/)
      })

      it('is opened with a session that is due: refreshed once, with one cookie of a name in each answer', async () => {
        open()
        await browser.signInDue()
        const due = browser.cookies.get('__Host-latchkey')
        const address = `${app.at(path)}?count`
        const opened = await browser.arrive(address, { from: app.origin })
        expect([opened.status, opened.url.pathname]).toEqual([200, app.at(path)])
        expect(browser.cookies.get('__Host-latchkey')).not.toBe(due)
        const [name = ''] = /Ada, refreshed \d+/.exec(opened.text) ?? []
        expect(name).not.toBe('')
        const again = await browser.arrive(address, { from: app.origin })
        expect(again.text).toContain(name)
        if (opened.text.includes('visits')) {
          expect([opened.text, again.text]).toEqual([`${name}: 1 visits`, `${name}: 2 visits`])
        }
      })
    })

    it('comes back to a query that ends in a slash, and leaves those of handlers whole', async () => {
      open()
      const returnTo = `${app.at('/account')}?next=/`
      const page = await browser.arrive(`${signInPage()}?${new URLSearchParams({ return_url: returnTo })}`)
      const arrived = await browser.signIn(page, '&subject=ada/')
      expect(arrived.url.href).toBe(app.origin + returnTo)
      expect(arrived.text).toContain('account of ada/')
      expect((await browser.arrive(`${app.at('/api/me')}?at=/a/`)).json()).toEqual({ subject: 'ada/', query: '/a/' })
    })

    it('answers scripts and API paths by a problem that names the sign-in page', async () => {
      open()
      const refused = await browser.arrive(app.at('/api/me'))
      expect([refused.status, refused.json()]).toMatchObject([
        401,
        { code: 'auth/session_required', signInUrl: `${app.basePath}/sign-in` },
      ])
    })

    it('shows the error page of the app after a login that fails', async () => {
      open()
      const failed = await browser.arrive(`${app.basePath}/auth/acme/callback`, { from: 'https://vendor.example' })
      expect([failed.status, failed.url.pathname]).toEqual([200, app.at('/auth-error')])
      expect(failed.text).toContain('error: acme/missing_state')
    })

    it('refuses a Server Action of a form without scripts by the way to the sign-in page', async () => {
      open()
      const signedIn = await browser.signIn(await browser.arrive(app.at('/account')))
      const form = new FormData()
      form.set(/name="(\$ACTION_ID_[0-9a-f]+)"/.exec(signedIn.text)?.[1] ?? '', '')
      const encoded = new Response(form)
      const headers = { 'content-type': encoded.headers.get('content-type') ?? '' }
      const body = await encoded.text()
      const refused = await app.browser().submit(app.at('/account'), {}, { headers, body })
      expect([refused.status, refused.location?.pathname]).toEqual([303, `${app.basePath}/sign-in`])
      expect((await browser.submit(app.at('/account'), {}, { headers, body })).status).toBe(200)
    })

    it('signs out to a page of the app, and the session is over', async () => {
      open()
      await browser.signIn(await browser.arrive(app.at('/account')))
      const thief = browser.copy()
      const fields = { return_url: signInPage() }
      const asked = await browser.submit(`${app.basePath}/auth/logout`, fields)
      const ended = asked.status === 308 ? await browser.submit(asked.location ?? '', fields) : asked
      expect([ended.status, ended.headers.get('location')]).toEqual([303, signInPage()])
      expect([...new Set(cookieNames(ended))]).toEqual(cookieNames(ended))
      expect(browser.cookies.names()).toEqual([])
      expect((await thief.fetch(app.at('/api/me'))).status).toBe(401)
    })

    it("leaves the auth's own routes to themselves while a session is due", async () => {
      open()
      await browser.signInDue()
      const due = browser.cookies.get('__Host-latchkey')
      const told = await browser.arrive(`${app.basePath}/auth/session`)
      expect([told.status, cookieNames(told)]).toEqual([200, []])
      const page = await browser.arrive(`${app.basePath}/auth/acme/login`, { from: app.origin })
      expect(page.location?.origin).not.toBe(app.origin)
      expect(browser.cookies.get('__Host-latchkey')).toBe(due)
    })

    it('believes nobody else that a request is refreshed', async () => {
      open()
      await browser.signIn(await browser.arrive(app.at('/account')))
      const headers = { 'x-latchkey-refreshed': '/elsewhere' }
      for (const path of ['/counter', '/plain']) {
        const counted = await browser.open(`${app.at(path)}?count`, { from: app.origin, headers })
        expect([counted.status, cookieNames(counted)]).toEqual([200, ['__Host-latchkey']])
      }
    })

    it('refreshes in front of the Pages Router, in which no session can be read', async () => {
      open()
      const locales = options.i18n ? { '/members': 'en', '/de/members': 'de' } : { '/members': 'none' }
      for (const [path, locale] of Object.entries(locales)) {
        await browser.signInDue()
        const members = await browser.arrive(app.at(path))
        expect(members.text).toContain(`members, locale ${locale}, session refused`)
        expect([members.url.pathname, cookieNames(members)]).toEqual([app.at(path), ['__Host-latchkey']])
      }
      await browser.signInDue()
      const hello = await browser.arrive(app.at('/api/hello'))
      expect([hello.json(), cookieNames(hello).toSorted()]).toEqual([
        { reading: 'refused' },
        ['__Host-latchkey', 'own'],
      ])
    })

    if (options.i18n) {
      it('has the App Router at the default locale alone', async () => {
        open()
        for (const path of ['/de/account', '/de/counter', '/de/start']) {
          expect((await browser.arrive(app.at(path))).status).toBe(404)
        }
      })
    }

    it('logs no secret and no token', () => {
      expect(app.output()).not.toMatch(/example-canary|secret-of-at-least|__Host-latchkey=/)
    })
  })
}
