import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AuthOptions, ExternalSessionOptions } from '../src/index.ts'
import type { ProviderHost } from '../src/provider.ts'
import { acme } from './acme-provider.ts'
import { type App, codeOf, createApp, refusalOf } from './app.ts'

const user = { provider: 'acme', issuer: 'https://acme.example', subject: 'ada' }

function createExternal(
  onSignedIn: ExternalSessionOptions['onSignedIn'] = () => {},
  more: Partial<AuthOptions> = {},
): App {
  return createApp({ session: { strategy: 'external', onSignedIn }, ...more })
}

describe('an app that keeps its own sessions', () => {
  it('is handed who has signed in, with the framework’s request and the tokens, and no cookie is kept', async () => {
    const taken: unknown[] = []
    const { auth, browser: open, events } = createExternal((identity, context) => void taken.push(identity, context))
    const browser = open()
    const tokens = { accessToken: 'an-example-token' }
    const state = await browser.begin()
    const query = new URLSearchParams({ state, assertion: JSON.stringify({ tokens }) })
    const frameworkRequest = { id: 'request-1' }
    const response = await auth.handle(browser.request(`/auth/acme/callback?${query}`), { frameworkRequest })
    browser.keep(response.headers)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(taken).toEqual([expect.objectContaining(user), { frameworkRequest, tokens }])
    expect(browser.names()).toEqual([])
    expect(events.map(({ type }) => type)).toEqual(['sign_in.succeeded'])
    await browser.signIn()
    expect(taken.at(-1)).toMatchObject({ tokens: null })
  })

  it.each([
    ['throws', () => Promise.reject(new Error('canary: the database is down'))],
    [
      'throws at once',
      () => {
        throw new Error('canary: the database is down')
      },
    ],
  ])('signs no one in where its hook %s', async (_how, onSignedIn) => {
    const { browser, events } = createExternal(onSignedIn)
    const response = await browser().signIn()
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: 'core/internal_error' }])
    expect(text + JSON.stringify(events)).not.toContain('canary')
    expect(events.map(({ type }) => type)).toEqual(['sign_in.refused'])
  })

  it('signs no one in where its hook never answers, and the tokens that were got are revoked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const revoked: unknown[] = []
    const provider = acme('acme', {
      signOut: async (tokens) => {
        revoked.push(tokens)
        return {}
      },
    })
    const browser = createExternal(() => new Promise<void>(() => {}), { providers: [provider] }).browser()
    const state = await browser.begin()
    const answered = browser.finish(state, { tokens: { refreshToken: 'an-example-token' } })
    await vi.advanceTimersByTimeAsync(5001)
    const response = await answered
    expect([response.status, await codeOf(response)]).toEqual([500, 'core/internal_error'])
    expect(revoked).toEqual([{ refreshToken: 'an-example-token' }])
  })

  it('is not handed those whom `onSignIn` denies', async () => {
    let taken = 0
    const { browser } = createExternal(() => void taken++, { onSignIn: () => ({ action: 'deny' }) })
    expect(await codeOf(await browser().signIn())).toBe('auth/sign_in_refused')
    expect(taken).toBe(0)
  })

  it('has no session here: none is found, and guards refuse', async () => {
    const { auth, browser: open } = createExternal()
    const browser = open()
    await browser.signIn()
    const { session, headers } = await auth.getSession(browser.request())
    expect([session, headers.map(([name]) => name)]).toEqual([null, ['cache-control', 'vary']])
    expect(await refusalOf(auth.requireSession(browser.request()))).toBe('auth/session_required')
    expect(await (await browser.fetch('/auth/session')).json()).toEqual({ signedIn: false, identities: {} })
  })

  it.each([
    ['getAccessToken', ({ auth }: App) => auth.getAccessToken(new Request('https://app.example/'), 'acme')],
    ['updateSession', ({ auth }: App) => auth.updateSession(new Request('https://app.example/'), { theme: 'dark' })],
    ['revokeSessions', ({ auth }: App) => auth.revokeSessions(user)],
  ])('is told by an error that %s is not core’s to do', async (_method, call) => {
    await expect(call(createExternal())).rejects.toMatchObject({ code: 'core/sessions_external', status: 500 })
  })

  it.each([user, { issuer: user.issuer, sid: 'sid-1' }])(
    'lets providers know that they cannot revoke either: %j',
    async (by) => {
      let host: ProviderHost | undefined
      const provider: NonNullable<AuthOptions['providers'][number]> = {
        name: 'acme',
        mount(given) {
          host = given
          return acme('acme').mount(given)
        },
      }
      createExternal(() => {}, { providers: [provider] })
      await expect(host?.revokeSessions(by)).rejects.toMatchObject({ code: 'core/sessions_external' })
    },
  )

  it('does not need a hook where no provider signs anyone in', () => {
    const provider: AuthOptions['providers'][number] = {
      name: 'acme',
      mount: () => ({ accountIssuers: [], routes: [] }),
    }
    expect(() => createApp({ session: { strategy: 'external' }, providers: [provider] })).not.toThrow()
  })
})
