import { describe, expect, it } from 'vitest'
import type { OnSignIn, SignInDecision, SignInRequest } from '../src/index.ts'
import { acme } from './acme-provider.ts'
import { codeOf, createApp, summaryOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'

const link: OnSignIn = ({ current }) => ({ action: current === null ? 'new' : 'link' })

describe('identities of two users', () => {
  it('never share a session by default: another sign-in begins a session of its own', async () => {
    const browser = createApp().browser()
    await browser.signIn({ subject: 'ada' })
    await browser.signIn({ subject: 'wink-of-ada' }, 'beta')
    expect(await usersOf(browser)).toEqual({ beta: 'wink-of-ada' })
    await browser.signIn({ subject: 'bob' })
    expect(await usersOf(browser)).toEqual({ acme: 'bob' })
  })

  it('keep nothing of one another: data, tokens and id are new', async () => {
    const onSignIn: OnSignIn = ({ identity }) => ({ action: 'new', data: { [identity.subject]: 'mine' } })
    const { auth, browser: open } = createApp({ onSignIn })
    const browser = open()
    await browser.signIn({ subject: 'ada', tokens: { accessToken: 'an-example-token-of-ada' } })
    const ada = await auth.requireSession(browser.request())
    await browser.signIn({ subject: 'bob' })
    const bob = await auth.requireSession(browser.request())
    expect(bob.session.id).not.toBe(ada.session.id)
    expect(bob.session.data).toEqual({ bob: 'mine' })
    const context = (await (await browser.fetch('/auth/acme/context')).json()) as { tokens: unknown }
    expect(context.tokens).toBeNull()
  })

  const ada = { subject: 'ada', tenant: { id: 'acme' }, profile: { email: 'ada@example.org' } }
  const { tenant: _tenant, ...adaOfNoTenant } = ada
  it.each([
    ['subject', { ...ada, subject: 'bob' }],
    ['issuer', { ...ada, issuer: 'https://other.example' }],
    ['tenant', { ...ada, tenant: { id: 'globex' } }],
    ['lack of a tenant', adaOfNoTenant],
  ])('are told apart by their %s, however alike the rest is', async (_part, other) => {
    let visits = 0
    const onSignIn: OnSignIn = () => ({ action: 'new', data: { [`visit${++visits}`]: true } })
    const providers = [acme('acme', { accountIssuers: ['https://other.example'] })]
    const { auth, browser: open } = createApp({ onSignIn, providers })
    const browser = open()
    await browser.signIn(ada)
    await browser.signIn(other)
    const { session } = await auth.requireSession(browser.request())
    expect(session.data).toEqual({ visit2: true })
    await browser.signIn(other)
    const again = await auth.requireSession(browser.request())
    expect(again.session.data).toEqual({ visit2: true, visit3: true })
  })

  it('are linked when the app knows that both are one human, and both tokens are kept', async () => {
    const { auth, browser: open } = createApp({ onSignIn: link })
    const browser = open()
    await browser.signIn({ subject: 'ada', tokens: { accessToken: 'an-example-token' } })
    const before = await auth.requireSession(browser.request())
    await browser.signIn({ subject: 'wink-of-ada' }, 'beta')
    const { session } = await auth.requireSession(browser.request())
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'wink-of-ada' })
    expect(session).toMatchObject({ user: { provider: 'acme' }, createdAt: before.session.createdAt })
    expect(session.id).not.toBe(before.session.id)
    const context = (await (await browser.fetch('/auth/acme/context')).json()) as { tokens: unknown }
    expect(context.tokens).toEqual({ accessToken: 'an-example-token' })
  })

  it('stay apart when denied: the session is as it was', async () => {
    const onSignIn: OnSignIn = ({ identity }) => ({ action: identity.provider === 'beta' ? 'deny' : 'new' })
    const browser = createApp({ onSignIn }).browser()
    await browser.signIn({ subject: 'ada' })
    const before = browser.value()
    const response = await browser.signIn({ subject: 'bob' }, 'beta')
    expect([response.status, await codeOf(response)]).toEqual([403, 'auth/sign_in_refused'])
    expect(browser.value()).toBe(before)
    expect(browser.names()).toEqual(['__Host-latchkey'])
    expect(await usersOf(browser)).toEqual({ acme: 'ada' })
  })

  it('may be refused with a code of the app', async () => {
    const browser = createApp({ onSignIn: () => ({ action: 'deny', code: 'app/not_yours' }) }).browser()
    const response = await browser.signIn()
    expect([response.status, await codeOf(response)]).toEqual([403, 'app/not_yours'])
  })

  it.each([
    undefined,
    null,
    {},
    true,
    'link',
    { action: 'allow' },
    { action: 'NEW' },
    { action: ['new'] },
    { kind: 'new' },
  ])('are let in by no answer but the three: %j', async (answer) => {
    const browser = createApp({ onSignIn: () => answer as unknown as SignInDecision }).browser()
    const response = await browser.signIn()
    expect([response.status, await codeOf(response)]).toEqual([403, 'auth/sign_in_refused'])
    expect(browser.names()).toEqual([])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('a database is down')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('a database is down')
      },
    ],
  ] as const)('are not let in by an onSignIn that %s', async (_how, onSignIn) => {
    const browser = createApp({ onSignIn }).browser()
    const response = await browser.signIn()
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([500, { code: 'core/internal_error' }])
    expect(text).not.toContain('database')
    expect(browser.names()).toEqual([])
  })

  it('are asked about with the live session, and whether the login began in it, and without tokens', async () => {
    const seen: SignInRequest[] = []
    const onSignIn: OnSignIn = (request) => {
      seen.push(request)
      return link(request)
    }
    const browser = createApp({ onSignIn }).browser()
    await browser.signIn({ tokens: { accessToken: 'canary-token' } })
    await browser.signIn({ subject: 'b', tokens: { refreshToken: 'canary-token' } }, 'beta')
    expect(seen.map(({ current }) => current?.identities.acme?.subject)).toEqual([undefined, 'ada'])
    expect(seen.map(({ confirmed }) => confirmed)).toEqual([false, true])
    expect(JSON.stringify(seen)).not.toContain('canary-token')
  })
})

describe('the same user', () => {
  it('is replaced in place: other identities, data and the user stay', async () => {
    const { auth, clock, browser: open } = createApp({ onSignIn: link })
    const browser = open()
    await browser.signIn({ subject: 'ada' })
    await browser.signIn({ subject: 'wink-of-ada', profile: { name: 'A' } }, 'beta')
    const before = await auth.requireSession(browser.request())
    clock.now += 60
    await browser.signIn({ subject: 'wink-of-ada', profile: { name: 'Ada' } }, 'beta')
    const { session } = await auth.requireSession(browser.request())
    expect(session.identities.beta).toMatchObject({ profile: { name: 'Ada' }, signedInAt: clock.now })
    expect(session.identities.acme).toEqual(before.session.identities.acme)
    expect(session).toMatchObject({ user: { provider: 'acme' }, createdAt: before.session.createdAt })
  })

  it('keeps what was linked, even if the app says new', async () => {
    const actions: SignInDecision['action'][] = ['new', 'link', 'new']
    const browser = createApp({ onSignIn: () => ({ action: actions.shift() ?? 'deny' }) }).browser()
    await browser.signIn({ subject: 'ada' })
    await browser.signIn({ subject: 'wink-of-ada' }, 'beta')
    await browser.signIn({ subject: 'ada' })
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'wink-of-ada' })
  })
})

describe('the session that a login begins in', () => {
  it('must not be another one at the end', async () => {
    const browser = createApp({ onSignIn: link }).browser()
    await browser.signIn({ subject: 'ada' })
    const state = await browser.begin('beta')
    await browser.signIn({ subject: 'bob' })
    const response = await browser.finish(state, { subject: 'wink-of-ada' }, 'beta')
    expect([response.status, await codeOf(response)]).toEqual([409, 'auth/session_changed'])
    expect((await summaryOf(browser)).identities.beta).toBeUndefined()
    expect(browser.names()).toEqual(['__Host-latchkey'])
  })

  it.each([
    ['been signed out', async (browser: Browser) => void (await browser.submit('/auth/logout'))],
    ['lost its cookie', async (browser: Browser) => browser.drop('__Host-latchkey')],
  ])('counts as none once it has %s', async (_how, end) => {
    const seen: SignInRequest[] = []
    const onSignIn: OnSignIn = (request) => {
      seen.push(request)
      return { action: 'new' }
    }
    const browser = createApp({ onSignIn }).browser()
    await browser.signIn({ subject: 'ada' })
    const state = await browser.begin('beta')
    const pending = browser.names().find((name) => name.includes('beta')) ?? ''
    const transaction = browser.value(pending)
    await end(browser)
    browser.plant(pending, transaction)
    await browser.finish(state, { subject: 'bob' }, 'beta')
    expect(seen.at(-1)).toMatchObject({ current: null, confirmed: false })
    expect(await usersOf(browser)).toEqual({ beta: 'bob' })
  })

  it('counts as none once it has expired', async () => {
    const { clock, browser: open } = createApp({ session: { strategy: 'cookie', idleSeconds: 100 }, onSignIn: link })
    const browser = open()
    await browser.signIn({ subject: 'ada' })
    const state = await browser.begin('beta')
    clock.now += 101
    await browser.finish(state, { subject: 'bob' }, 'beta')
    expect(await usersOf(browser)).toEqual({ beta: 'bob' })
  })
})

it('answers each of many users at once with who they are', async () => {
  const { browser: open } = createApp()
  const users = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const browser = open()
      await browser.signIn({ subject: `user-${index}` })
      return { browser, subject: `user-${index}` }
    }),
  )
  const seen = await Promise.all(users.map(({ browser }) => usersOf(browser)))
  expect(seen).toEqual(users.map(({ subject }) => ({ acme: subject })))
})
