import { afterEach, describe, expect, it, vi } from 'vitest'
import { AuthError, type OnSignIn } from '../src/index.ts'
import { type AcmeOptions, acme } from './acme-provider.ts'
import { codeOf, createApp, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

type SignOut = NonNullable<AcmeOptions['signOut']>

const link: OnSignIn = ({ current }) => ({ action: current === null ? 'new' : 'link' })
const leaveTo =
  (vendor: string): SignOut =>
  async (_tokens, _identity, { returnTo }) => ({
    url: new URL(`https://${vendor}.example/logout?back=${returnTo}`),
  })

/** A browser that is signed in at acme and beta, which sign out as told. */
async function signedIn(
  { acme: atAcme, beta: atBeta }: { acme?: SignOut; beta?: SignOut },
  more: Parameters<typeof createApp>[0] = {},
): Promise<ReturnType<typeof createApp> & { user: Browser }> {
  const options = (signOut: SignOut | undefined): AcmeOptions => (signOut === undefined ? {} : { signOut })
  const app = createApp({
    providers: [acme('acme', options(atAcme)), acme('beta', options(atBeta))],
    onSignIn: link,
    ...more,
  })
  const user = app.browser()
  await user.signIn({ tokens: { refreshToken: 'an-example-refresh-token' } })
  await user.signIn({ subject: 'palm-1' }, 'beta')
  return { ...app, user }
}

afterEach(() => void vi.useRealTimers())

describe('signing out', () => {
  it('ends the session, removes its cookies and goes where it was asked to', async () => {
    const { user, events } = await signedIn({})
    const copy = user.copy()
    const response = await user.submit('/auth/logout', { return_url: '/bye' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/bye'])
    expect(user.names()).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'session.ended', provider: 'acme', user: { subject: 'ada' } })
    expect(await usersOf(copy)).toEqual({})
  })

  it('refuses an old copied cookie in this process, by whichever chunk count and however often', async () => {
    const { user, auth } = await signedIn({})
    await user.signIn({ profile: { name: 'n'.repeat(3000) } })
    const copy = user.copy()
    expect(copy.names()).toHaveLength(2)
    await user.submit('/auth/logout')
    expect(user.names()).toEqual([])
    for (let asked = 0; asked < 3; asked++) expect(await usersOf(copy)).toEqual({})
    expect((await auth.getSession(copy.request())).headers.map(([name]) => name)).not.toContain('set-cookie')
  })

  it('stays ended though a request that was under way prolongs the session', async () => {
    const { user, auth, clock } = await signedIn({})
    clock.now += 3000
    const { headers } = await auth.getSession(user.request())
    await user.submit('/auth/logout')
    user.keep(headers)
    expect(user.names()).toContain('__Host-latchkey')
    expect(await usersOf(user)).toEqual({})
  })

  it('visits both vendors in turn and then goes where it was asked to', async () => {
    const { user } = await signedIn({ acme: leaveTo('acme'), beta: leaveTo('beta') })
    const first = await user.submit('/auth/logout', { return_url: '/bye?x=1' })
    const back = 'back=https://app.example/auth/logout/next'
    expect([first.status, first.headers.get('location')]).toEqual([303, `https://acme.example/logout?${back}`])
    expect(first.headers.get('referrer-policy')).toBe('no-referrer')
    const second = await user.open('/auth/logout/next?state=anything')
    expect([second.status, second.headers.get('location')]).toEqual([303, `https://beta.example/logout?${back}`])
    const last = await user.open('/auth/logout/next')
    expect([last.status, last.headers.get('location')]).toEqual([303, '/bye?x=1'])
    expect(user.names()).toEqual([])
    expect((await user.open('/auth/logout/next')).headers.get('location')).toBe('/')
  })

  it('hands each provider its own tokens and identity', async () => {
    const seen: unknown[] = []
    const note: SignOut = async (tokens, { subject }) => {
      seen.push([subject, tokens])
      return {}
    }
    const { user } = await signedIn({ acme: note, beta: note })
    await user.submit('/auth/logout')
    expect(seen).toEqual([
      ['ada', { refreshToken: 'an-example-refresh-token' }],
      ['palm-1', null],
    ])
  })

  it('tells a fetch where to go, for it cannot leave the page', async () => {
    const { user } = await signedIn({ acme: leaveTo('acme') })
    const response = await user.fetch('/auth/logout', { method: 'POST' })
    const signOutUrl = 'https://acme.example/logout?back=https://app.example/auth/logout/next'
    expect([response.status, await response.json()]).toEqual([200, { signOutUrl }])
    expect(await usersOf(user)).toEqual({})
    const again = await user.fetch('/auth/logout', { method: 'POST' })
    expect([again.status, await again.json()]).toEqual([200, {}])
  })

  it.each(['https://evil.example/', '//evil.example', '/auth/acme/login', 'javascript:alert(1)', '/a\\b', ''])(
    'ends the session and the vendors’ side of it, and goes to `/`, when asked to return to %j',
    async (target) => {
      let asked = 0
      const count: SignOut = async () => {
        asked++
        return {}
      }
      const { user } = await signedIn({ acme: count, beta: count })
      const response = await user.submit('/auth/logout', { return_url: target })
      expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
      expect([asked, user.names()]).toEqual([2, []])
    },
  )

  it.each([
    ['is of no known type', '[', 'text/xml'],
    ['is half a JSON', '{"return_url":', 'application/json'],
    ['has a field twice', 'return_url=%2Fa&return_url=%2Fb', 'application/x-www-form-urlencoded'],
    ['is too large', `return_url=${'x'.repeat(70_000)}`, 'application/x-www-form-urlencoded'],
  ])('ends the session and the vendors’ side of it, and goes to `/`, when the body %s', async (_how, body, type) => {
    const { user } = await signedIn({ acme: leaveTo('acme') })
    const copy = user.copy()
    const init = { method: 'POST', body, headers: { 'content-type': type, 'sec-fetch-mode': 'navigate' } }
    const response = await user.fetch('/auth/logout', init)
    expect(new URL(response.headers.get('location') ?? '').host).toBe('acme.example')
    expect(await usersOf(copy)).toEqual({})
    expect((await user.open('/auth/logout/next')).headers.get('location')).toBe('/')
    expect(user.names()).toEqual([])
  })

  describe.each(['cookie', 'store'] as const)('everywhere, with sessions in a %s', (strategy) => {
    it.each([
      ['yes', {}],
      ['no', { acme: 'ada', beta: 'palm-1' }],
      ['true', { acme: 'ada', beta: 'palm-1' }],
      ['', { acme: 'ada', beta: 'palm-1' }],
    ])('with `everywhere=%s` leaves the user’s other sessions: %j', async (everywhere, left) => {
      const { user, browser: open, events } = await signedIn({}, { session: { strategy } })
      const [other, eve] = [open(), open()]
      await other.signIn()
      await other.signIn({ subject: 'palm-1' }, 'beta')
      await eve.signIn({ subject: 'eve' })
      await user.submit('/auth/logout', { everywhere })
      expect(user.names()).toEqual([])
      expect(await usersOf(other)).toEqual(left)
      expect(await usersOf(eve)).toEqual({ acme: 'eve' })
      const reason = everywhere === 'yes' ? 'signed_out_everywhere' : 'signed_out'
      expect(events.at(-1)).toMatchObject({ type: 'session.ended', reason, user: { subject: 'ada' } })
    })
  })

  const failures: readonly (readonly [string, () => unknown])[] = [
    ['rejects', () => Promise.reject(new Error('canary-token'))],
    [
      'throws',
      () => {
        throw new Error('canary-token')
      },
    ],
    ['answers nothing', () => undefined],
  ]
  it.each(failures)('ends the session and visits the other vendor when one %s', async (how, signOut) => {
    const { user, events } = await signedIn({ acme: signOut as unknown as SignOut, beta: leaveTo('beta') })
    const copy = user.copy()
    const response = await user.submit('/auth/logout')
    expect(new URL(response.headers.get('location') ?? '').host).toBe('beta.example')
    expect(await usersOf(copy)).toEqual({})
    const failed = events.filter(({ type }) => type === 'provider.sign_out_failed')
    expect(failed).toHaveLength(how === 'answers nothing' ? 0 : 1)
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('says which error of a vendor it was, and why, where it is one of ours', async () => {
    const signOut: SignOut = () =>
      Promise.reject(new AuthError('acme/down', { status: 502, hint: 'canary', cause: { reason: 'dns' } }))
    const { user, events } = await signedIn({ acme: signOut })
    await user.submit('/auth/logout')
    expect(events.find(({ type }) => type === 'provider.sign_out_failed')).toEqual({
      at: expect.any(Number),
      type: 'provider.sign_out_failed',
      provider: 'acme',
      code: 'acme/down',
      reason: 'dns',
    })
  })

  it('waits three seconds for a vendor that hangs, and no longer', async () => {
    const { user } = await signedIn({ acme: () => new Promise(() => {}), beta: leaveTo('beta') })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let answered = false
    const pending = user.submit('/auth/logout').finally(() => {
      answered = true
    })
    await vi.advanceTimersByTimeAsync(2999)
    expect(answered).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(new URL((await pending).headers.get('location') ?? '').host).toBe('beta.example')
    expect(user.names()).toEqual(['__Host-latchkey.logout'])
  })

  it('is over after two minutes, whatever the browser kept', async () => {
    const { user, clock } = await signedIn({ acme: leaveTo('acme'), beta: leaveTo('beta') })
    await user.submit('/auth/logout', { return_url: '/bye' })
    const kept = user.copy()
    clock.now += 119
    expect((await kept.copy().open('/auth/logout/next')).headers.get('location')).toContain('beta.example')
    clock.now += 1
    expect((await kept.open('/auth/logout/next')).headers.get('location')).toBe('/')
    expect(kept.names()).toEqual([])
  })

  it('goes on at the origin that it began at, and at no other', async () => {
    const baseUrl = ['https://app.example', 'https://app.example:8443']
    const { user, auth } = await signedIn({ acme: leaveTo('acme'), beta: leaveTo('beta') }, { baseUrl })
    await user.submit('/auth/logout', { return_url: '/bye' })
    const headers = { cookie: user.header() }
    const elsewhere = await auth.handle(new Request('https://app.example:8443/auth/logout/next', { headers }))
    expect(elsewhere.headers.get('location')).toBe('/')
    expect((await user.copy().open('/auth/logout/next')).headers.get('location')).toContain('beta.example')
  })

  it('carries addresses of any length from vendor to vendor', async () => {
    const far: SignOut = async () => ({ url: new URL(`https://beta.example/logout?hint=${'x'.repeat(4000)}`) })
    const { user } = await signedIn({ acme: leaveTo('acme'), beta: far })
    await user.submit('/auth/logout')
    expect((await user.open('/auth/logout/next')).headers.get('location')).toContain('https://beta.example/logout')
    expect((await user.open('/auth/logout/next')).headers.get('location')).toBe('/')
    expect(user.names()).toEqual([])
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'http://acme.example/logout',
    'http://localhost.acme.example/logout',
    'https://ada:word@acme.example/logout',
    'blob:https://acme.example/1',
    'intent://acme.example/#Intent;scheme=https;end',
  ])('never sends a browser to %s, and visits the other vendor', async (url) => {
    const { user, events } = await signedIn({ acme: async () => ({ url: new URL(url) }), beta: leaveTo('beta') })
    const response = await user.fetch('/auth/logout', { method: 'POST' })
    const { signOutUrl } = (await response.json()) as { signOutUrl: string }
    expect(new URL(signOutUrl).host).toBe('beta.example')
    expect((await user.open('/auth/logout/next')).headers.get('location')).toBe('/')
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'provider.sign_out_failed', provider: 'acme', code: 'core/insecure_url' }),
    )
  })

  it.each(['http://localhost:4001/logout', 'http://127.0.0.1:4001/logout', 'http://acme.localhost:4001/logout'])(
    'sends a browser to %s on this machine',
    async (url) => {
      const { user } = await signedIn({ acme: async () => ({ url: new URL(url) }) })
      expect((await user.submit('/auth/logout')).headers.get('location')).toBe(url)
    },
  )

  it('ends quietly when there is no session', async () => {
    const { browser } = createApp({ providers: [acme('acme', { signOut: leaveTo('acme') })] })
    const response = await browser().submit('/auth/logout', { return_url: '/bye' })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/bye'])
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('sends a client without fetch metadata on as its Accept header says', async () => {
    const { auth } = createApp()
    const send = (accept: string): Promise<Response> =>
      auth.handle(
        new Request('https://app.example/auth/logout', {
          method: 'POST',
          headers: { origin: 'https://app.example', accept },
        }),
      )
    expect((await send('text/html')).status).toBe(303)
    expect((await send('application/json')).status).toBe(200)
  })
})

describe('no one else signs a user out', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://sibling.app.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'null' },
  ])('a form of %j is refused', async (headers) => {
    const { user } = await signedIn({})
    const response = await user.submit('/auth/logout', {}, headers)
    expect([response.status, await codeOf(response)]).toEqual([403, 'core/cross_origin'])
    expect(await usersOf(user)).toEqual({ acme: 'ada', beta: 'palm-1' })
  })

  it('a request that says nothing of its origin is refused', async () => {
    const { user, auth } = await signedIn({})
    const response = await auth.handle(user.request('/auth/logout', { method: 'POST' }))
    expect([response.status, await codeOf(response)]).toEqual([403, 'core/cross_origin'])
    expect(await usersOf(user)).toEqual({ acme: 'ada', beta: 'palm-1' })
  })

  it('a link or a prefetch of one does nothing', async () => {
    const { user } = await signedIn({})
    const response = await user.open('/auth/logout')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    await user.open('/auth/logout/next')
    expect(await usersOf(user)).toEqual({ acme: 'ada', beta: 'palm-1' })
  })
})

it('tells a page where its forms may end, for its content security policy', async () => {
  const { auth } = createApp()
  expect(auth.formActionOrigins()).toEqual(['https://acme.example', 'https://acmetwo.example', 'https://beta.example'])
})
