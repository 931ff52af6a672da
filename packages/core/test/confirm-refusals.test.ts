import { describe, expect, it } from 'vitest'
import type { AuthOptions, SignInDecision } from '../src/index.ts'
import { codeOf, createApp, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { createStoredApp, strategies } from './strategies.ts'

const pages = { signIn: '/sign-in', error: '/error' }

describe.each(strategies)('a sign-in that is refused after the button, with sessions in a %s,', (strategy) => {
  /** A browser of ada in which eve's sign-in waits for the button. */
  const waiting = async (options: Partial<AuthOptions> = {}) => {
    const app = createStoredApp(strategy, { pages, ...options })
    const browser = app.browser()
    await browser.signIn({ subject: 'ada' })
    const page = await browser.finish(await begin(browser), { subject: 'eve' }, 'beta')
    const sealed = /name="sign_in" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    return { ...app, browser, fields: { sign_in: sealed } }
  }
  const begin = (browser: Browser): Promise<string> => browser.begin('beta', '', { 'sec-fetch-site': 'none' })
  const denyEve = ({ identity }: { identity: { subject: string } }): SignInDecision =>
    identity.subject === 'eve' ? { action: 'deny', code: 'app/not_yours' } : { action: 'new' }

  it.each<[string, string, Partial<AuthOptions>, (app: Awaited<ReturnType<typeof waiting>>) => unknown]>([
    ['that the app denies', 'app/not_yours', { onSignIn: denyEve }, () => null],
    [
      'about which the app throws',
      'core/internal_error',
      {
        onSignIn: ({ identity }) => {
          if (identity.subject === 'eve') throw new Error('canary')
          return { action: 'new' }
        },
      },
      () => null,
    ],
    ['that came too late', 'auth/login_expired', {}, ({ clock }) => void (clock.now += 601)],
    ['of a session that is no more', 'auth/session_changed', {}, ({ browser }) => browser.submit('/auth/logout')],
    ['of another session', 'auth/session_changed', {}, ({ browser }) => browser.signIn({ subject: 'bob' })],
  ])('%s leads to the error page, and is reported as a sign-in', async (_what, code, options, change) => {
    const app = await waiting(options)
    await change(app)
    const before = await usersOf(app.browser)
    const response = await app.browser.submit('/auth/confirm', app.fields)
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      `/error?${new URLSearchParams({ code })}`,
    ])
    expect(app.events.at(-1)).toMatchObject({ type: 'sign_in.refused', provider: 'beta', code })
    expect(await usersOf(app.browser)).toEqual(before)
  })

  it('that was confirmed before leads to the error page', async () => {
    const { browser, fields, events } = await waiting()
    const copy = browser.copy()
    expect((await browser.submit('/auth/confirm', fields)).status).toBe(303)
    const again = await copy.submit('/auth/confirm', fields)
    expect(again.headers.get('location')).toMatch(/^\/error\?code=auth%2F(?:login_replayed|session_changed)$/)
    expect(events.at(-1)).toMatchObject({ type: 'sign_in.refused', provider: 'beta' })
  })

  it('that is made up leads to the error page, and is no sign-in of anyone', async () => {
    const { browser, events } = await waiting()
    const response = await browser.submit('/auth/confirm', { sign_in: 'junk' })
    expect(response.headers.get('location')).toBe('/error?code=auth%2Fsession_changed')
    expect(events.at(-1)).toMatchObject({ type: 'request.refused', code: 'auth/session_changed' })
  })

  it('is a problem document for a script, and where the app has no page', async () => {
    const { browser, fields } = await waiting({ onSignIn: denyEve })
    const body = new URLSearchParams(fields)
    const response = await browser.fetch('/auth/confirm', { method: 'POST', body })
    expect([response.status, await codeOf(response)]).toEqual([403, 'app/not_yours'])
    const bare = await waiting({ onSignIn: denyEve, pages: {} })
    const shown = await bare.browser.submit('/auth/confirm', bare.fields)
    expect([shown.status, await codeOf(shown)]).toEqual([403, 'app/not_yours'])
  })
})

describe('any other form', () => {
  it('that a page posts to one of our routes is refused by a problem document', async () => {
    const { browser: open } = createApp({ pages })
    const response = await open().submit('/auth/nowhere')
    expect([response.status, await codeOf(response)]).toEqual([404, 'core/not_found'])
  })

  it('of the app’s own that a guard refuses stays a problem document', async () => {
    const { auth, browser: open } = createApp({ pages })
    const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' }
    const request = open().request('/form', { method: 'POST', headers })
    const error: unknown = await auth.requireSession(request).catch((thrown: unknown) => thrown)
    expect(auth.errorResponse(error, request).status).toBe(401)
  })
})

describe('an empty return target of a login', () => {
  it('is none', async () => {
    const browser = createApp().browser()
    const login = await browser.open('/auth/acme/login?return_url=')
    const state = new URL(login.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const response = await browser.finish(state)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
  })
})
