import { describe, expect, it } from 'vitest'
import { createMemoryStore, type OnSignIn } from '../src/index.ts'
import { type AcmeOptions, acme } from './acme-provider.ts'
import { exampleSecret, refusalOf, summaryOf, usersOf } from './app.ts'
import type { Browser } from './browser.ts'
import { at, createStoredApp, keptRecord, type StoredApp, type Strategy, strategies } from './strategies.ts'

const eve = { provider: 'beta', issuer: 'https://beta.example', subject: 'eve' }
const tokensOf = (subject: string) => ({ accessToken: `access-of-${subject}`, refreshToken: `refresh-of-${subject}` })
const link: OnSignIn = ({ current }) => ({ action: current === null ? 'new' : 'link' })
const idleSeconds = 1000

/** Ada at acme with a linked eve at beta, who is revoked then. */
async function revoked(
  strategy: Strategy,
  signOut?: NonNullable<AcmeOptions['signOut']>,
): Promise<{ app: StoredApp; browser: Browser }> {
  const providers = [acme('acme', { ...(signOut && { signOut }) }), acme('beta', { ...(signOut && { signOut }) })]
  const app = createStoredApp(strategy, { providers, onSignIn: link, session: { strategy, idleSeconds } })
  const browser = app.browser()
  await browser.signIn({ tokens: tokensOf('ada') })
  await browser.signIn({ subject: 'eve', profile: { name: 'Eve' }, tokens: tokensOf('eve') }, 'beta')
  expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'eve' })
  expect((await app.auth.getAccessToken(browser.request(), 'beta')).accessToken).toBe('access-of-eve')
  await app.auth.revokeSessions(eve)
  return { app, browser }
}

/** That nothing one can ask knows of eve, and all goes on for ada. */
async function expectGone({ auth }: StoredApp, browser: Browser): Promise<void> {
  for (const readOnly of [true, false]) {
    const { session, headers } = await auth.getSession(browser.request(), { readOnly })
    browser.keep(headers)
    expect(Object.keys(session?.identities ?? {})).toEqual(['acme'])
    const guarded = auth.requireSession(browser.request(), { provider: 'beta' }, { readOnly })
    expect(await refusalOf(guarded)).toBe('auth/step_up_required')
    const either = auth.requireSessionOrBearer(
      browser.request(),
      { session: { provider: 'beta' }, bearer: {} },
      { readOnly },
    )
    expect(await refusalOf(either)).toBe('auth/step_up_required')
    expect(await refusalOf(auth.requireSession(browser.request(), { provider: 'acme' }, { readOnly }))).toBe(
      'not refused',
    )
    const tokens = auth.getAccessToken(browser.request(), 'beta', { readOnly })
    expect(await refusalOf(tokens)).toBe('auth/tokens_missing')
    const own = await auth.getAccessToken(browser.request(), 'acme', { readOnly })
    expect(own.accessToken).toBe('access-of-ada')
  }
  expect(await (await browser.fetch('/auth/beta/context')).json()).toMatchObject({
    session: { identities: { acme: { subject: 'ada' } } },
    tokens: null,
  })
  for (const path of ['/auth/session', '/auth/beta/context', '/auth/acme/context']) {
    expect(await (await browser.fetch(path)).text()).not.toMatch(/"eve"|of-eve/i)
  }
}

describe.each(strategies)('an identity that was revoked in a session of others, in a %s', (strategy) => {
  it('is gone at once from everything that one can ask', async () => {
    const { app, browser } = await revoked(strategy)
    await expectGone(app, browser)
  })

  it('is gone after a change of the data, and so is all of it that was kept', async () => {
    const { app, browser } = await revoked(strategy)
    expect(JSON.stringify(await keptRecord(app, browser))).toContain('refresh-of-eve')
    const { session, headers } = await app.auth.updateSession(browser.request(), { theme: 'dark' })
    browser.keep(headers)
    expect(session).toMatchObject({ user: { subject: 'ada' }, data: { theme: 'dark' } })
    expect(JSON.stringify(session)).not.toMatch(/"eve"|of-eve/i)
    expect(JSON.stringify(await keptRecord(app, browser))).not.toMatch(/"eve"|of-eve/i)
    await expectGone(app, browser)
  })

  it('is gone for good while the session is used and prolonged', async () => {
    const { app, browser } = await revoked(strategy)
    for (let count = 0; count < 6; count++) {
      app.clock.now += idleSeconds / 2 + 1
      await expectGone(app, browser)
      expect((await summaryOf(browser)).expiresAt).toBe(app.clock.now + idleSeconds)
      expect(JSON.stringify(await keptRecord(app, browser))).not.toMatch(/"eve"|of-eve/i)
    }
  })

  it('is gone after a sign-in by the user whose session it is, and may sign in anew', async () => {
    const { app, browser } = await revoked(strategy)
    await browser.signIn({ tokens: tokensOf('ada') })
    await expectGone(app, browser)
    expect(JSON.stringify(await keptRecord(app, browser))).not.toMatch(/"eve"|of-eve/i)
    app.clock.now += 1
    await browser.signIn({ subject: 'eve', tokens: tokensOf('eve-again') }, 'beta')
    expect(await usersOf(browser)).toEqual({ acme: 'ada', beta: 'eve' })
    expect((await app.auth.getAccessToken(browser.request(), 'beta')).accessToken).toBe('access-of-eve-again')
  })

  it('is ended at its vendor, too, when the session is signed out', async () => {
    const seen: unknown[] = []
    const { app, browser } = await revoked(strategy, async (tokens, { subject }) => {
      seen.push([subject, tokens])
      return {}
    })
    await browser.submit('/auth/logout')
    expect(seen).toEqual([
      ['ada', tokensOf('ada')],
      ['eve', tokensOf('eve')],
    ])
    expect(app.events.at(-1)).toMatchObject({ type: 'session.ended', user: { subject: 'ada' } })
  })

  it.each<[string, (app: StoredApp, browser: Browser) => Promise<unknown>]>([
    [
      'a reading that prolongs the session',
      async ({ auth, clock }, browser) => {
        clock.now += idleSeconds / 2 + 1
        browser.keep((await auth.getSession(browser.request())).headers)
      },
    ],
    [
      'a change of the data',
      async ({ auth }, browser) =>
        browser.keep((await auth.updateSession(browser.request(), { theme: 'dark' })).headers),
    ],
    ['a sign-in of the user', (_app, browser) => browser.signIn({ tokens: tokensOf('ada') })],
  ])('is ended at its vendor by %s, which drops its tokens, and once', async (_how, write) => {
    const seen: unknown[] = []
    const { app, browser } = await revoked(strategy, async (tokens, { subject }) => {
      seen.push([subject, tokens])
      return {}
    })
    await write(app, browser)
    expect(JSON.stringify(await keptRecord(app, browser))).not.toMatch(/"eve"|of-eve/i)
    expect(seen).toEqual([['eve', tokensOf('eve')]])
    await browser.submit('/auth/logout')
    expect(seen).toEqual([
      ['eve', tokensOf('eve')],
      ['ada', tokensOf('ada')],
    ])
  })

  it('is gone at every moment up to the end of the idle time, also in processes that are started then', async () => {
    const shared = { secret: exampleSecret(), store: createMemoryStore(), onSignIn: link }
    for (const secondsLater of [0, 1, idleSeconds / 2 - 1, idleSeconds / 2 + 1, idleSeconds - 1, idleSeconds]) {
      const start = (): StoredApp => createStoredApp(strategy, { ...shared, session: { strategy, idleSeconds } })
      const app = start()
      const browser = app.browser()
      await browser.signIn({ tokens: tokensOf('ada') })
      await browser.signIn({ subject: 'eve', tokens: tokensOf('eve') }, 'beta')
      await app.auth.revokeSessions(eve)
      const restarted = start()
      const there = at(restarted, browser)
      restarted.clock.now += secondsLater
      if (secondsLater < idleSeconds) {
        const prolonged = await restarted.auth.updateSession(there.request(), { seen: secondsLater })
        there.keep(prolonged.headers)
        expect(Object.keys(prolonged.session.identities)).toEqual(['acme'])
        await expectGone(restarted, there)
        expect((await summaryOf(there)).expiresAt).toBe(restarted.clock.now + idleSeconds)
      } else {
        expect((await restarted.auth.getSession(there.request())).session).toBeNull()
      }
    }
  })

  it('leaves no session if it is the user with whom it began, and the vendors are told at a sign-out', async () => {
    const seen: string[] = []
    const { app, browser } = await revoked(strategy, async (_tokens, { subject }) => {
      seen.push(subject)
      return {}
    })
    await app.auth.revokeSessions({ provider: 'acme', issuer: 'https://acme.example', subject: 'ada' })
    expect((await app.auth.getSession(browser.request())).session).toBeNull()
    for (const asked of [
      app.auth.requireSession(browser.request(), { provider: 'acme' }),
      app.auth.getAccessToken(browser.request(), 'acme'),
      app.auth.updateSession(browser.request(), { theme: 'dark' }),
    ]) {
      expect(await refusalOf(asked)).toBe('auth/session_required')
    }
    await browser.submit('/auth/logout')
    expect([seen, browser.names()]).toEqual([['ada', 'eve'], []])
  })
})
