import { busyAnswers, noAnswer, type OddAnswer, oddAnswers } from '@latchkey/tool-test-support'
import { beforeEach, describe, expect, it } from 'vitest'
import { oidcProvider } from '../src/index.ts'
import { type App, createApp } from './app.ts'
import { clientId, createFakeProvider, type FakeProvider, issuer } from './fake-provider.ts'

let fake: FakeProvider
/** The answer of one endpoint while it is odd; null where all is well. */
let odd: { readonly path: string; readonly answer: OddAnswer } | null = null

beforeEach(async () => {
  fake = await createFakeProvider()
  odd = null
})

function openApp(): { readonly app: App; readonly browser: ReturnType<App['browser']> } {
  fake.answers.clear()
  fake.claims = {}
  fake.offset = 0
  const fetchOddly: typeof fetch = async (input, init) => {
    const response = await fake.fetch(input, init)
    if (odd === null || new URL(String(input)).pathname !== odd.path) return response
    return odd.answer(await response.text())
  }
  const app = createApp(
    [oidcProvider({ name: 'google', issuer, clientId, clientSecret: 'an-example-secret', fetch: fetchOddly })],
    { store: undefined, session: { strategy: 'cookie', idleSeconds: 7200 } },
  )
  return { app, browser: app.browser() }
}

/** Signs in, or is refused at the login route already. */
async function tryToSignIn(browser: ReturnType<App['browser']>) {
  const begun = await browser.open('/auth/google/login')
  return begun.status === 303 ? fake.signIn(browser) : begun
}

async function read(app: App, browser: ReturnType<App['browser']>) {
  const { session, headers } = await app.auth.getSession(browser.request())
  browser.cookies.keep(headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line))
  return session?.identities.google
}

const endpoints: Readonly<Record<string, readonly string[]>> = {
  '/.well-known/openid-configuration': [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'userinfo_endpoint',
    'revocation_endpoint',
    'end_session_endpoint',
    'id_token_signing_alg_values_supported',
    'token_endpoint_auth_methods_supported',
    'authorization_response_iss_parameter_supported',
  ],
  '/token': ['access_token', 'id_token', 'refresh_token', 'expires_in', 'token_type', 'scope'],
  '/userinfo': ['sub', 'name', 'email', 'email_verified', 'picture', 'updated_at'],
  '/jwks': ['keys'],
}

/** Whether an identity is that of the user, and nothing in it is of another type. */
function expectAda(identity: Awaited<ReturnType<typeof read>>, title: string): void {
  expect(identity, title).toMatchObject({ issuer, subject: 'ada' })
  const { emailVerified, ...texts } = identity?.profile ?? {}
  for (const text of Object.values(texts)) expect(['undefined', 'string'], title).toContain(typeof text)
  expect([undefined, true, false]).toContain(emailVerified)
}

const refusal = /^(?:core|oidc)\/(?!internal_error)[a-z_]+$/

describe('an odd answer at a sign-in', () => {
  it.each(Object.entries(endpoints))('of %s signs the user in, or is refused with a code', async (path, names) => {
    for (const [title, answer] of oddAnswers(names)) {
      const { app, browser } = openApp()
      odd = { path, answer }
      const { status } = await tryToSignIn(browser)
      const refused = app.events.flatMap((event) => (event.type === 'sign_in.refused' ? [event.code] : []))
      const identity = await read(app, browser)
      if (identity !== undefined) {
        expectAda(identity, title)
      } else {
        expect(refused, title).toEqual([expect.stringMatching(refusal)])
        const statuses = refused[0] === 'core/session_too_large' ? [500] : [401, 502, 503]
        expect(statuses, `${title}: ${refused[0]}`).toContain(status)
      }
    }
  })

  it.each(Object.keys(endpoints))('of %s that asks to wait is passed on', async (path) => {
    for (const [title, answer] of busyAnswers) {
      const { browser } = openApp()
      odd = { path, answer }
      const response = await tryToSignIn(browser)
      expect([response.status, response.headers.get('retry-after')], title).toEqual([503, '17'])
    }
  })

  it.each(Object.keys(endpoints))('of %s that never comes is reported with the reason', async (path) => {
    const { app, browser } = openApp()
    odd = { path, answer: noAnswer }
    await tryToSignIn(browser)
    const refused = app.events.find(({ type }) => type === 'sign_in.refused')
    expect(refused).toMatchObject({ reason: 'refused' })
    for (const event of app.events.filter(({ type }) => type === 'provider.metadata_failed')) {
      expect(event).toMatchObject({ reason: 'refused' })
    }
  })
})

describe('an odd answer at a refresh', () => {
  async function refreshOddly(path: string, answer: OddAnswer, claims: object = { nonce: undefined }) {
    const { app, browser } = openApp()
    await fake.signIn(browser)
    // A refreshed ID token has the nonce of the login, or none.
    fake.claims = claims as typeof fake.claims
    const move = (seconds: number): void => {
      app.clock.offset += seconds
      fake.offset += seconds
    }
    odd = { path, answer }
    move(580)
    const during = await read(app, browser)
    odd = null
    move(100)
    return { app, during, after: await read(app, browser) }
  }

  it.each(['/userinfo', '/jwks'])('of %s costs nobody the sign-in, unless it names another', async (path) => {
    for (const [title, answer] of [...oddAnswers(endpoints[path] ?? []), ...busyAnswers]) {
      const { app, during, after } = await refreshOddly(path, answer)
      if (/^sub: (?:a number as text|20 kB|text)/.test(title)) {
        expect([during, after], title).toEqual([undefined, undefined])
        expect(app.events.at(-1), title).toMatchObject({ type: 'session.ended', reason: 'subject_mismatch' })
      } else {
        expectAda(during, title)
        expectAda(after, title)
      }
    }
  })

  it('of userinfo that never comes is reported with the reason', async () => {
    const { app } = await refreshOddly('/userinfo', noAnswer)
    expect(app.events).toContainEqual(
      expect.objectContaining({
        type: 'provider.profile_kept',
        code: 'core/vendor_unreachable',
        reason: 'refused',
      }),
    )
  })

  it('of the token endpoint is refused with a code, and never another’s', async () => {
    for (const [title, answer] of oddAnswers(endpoints['/token'] ?? []).filter(([name]) => !name.includes('20 kB'))) {
      const { app, during, after } = await refreshOddly('/token', answer)
      for (const identity of [during, after]) if (identity !== undefined) expectAda(identity, title)
      for (const event of app.events) if ('code' in event && event.code) expect(event.code, title).toMatch(refusal)
      if (during === undefined) expect(title).toMatch(/^id_token: /)
    }
  })

  it.each([11, -11])('is told from a clock that is off by %i seconds', async (seconds) => {
    const now = fake.now()
    const claims = { nonce: undefined, iat: now + 580 + seconds, exp: now + 580 + seconds + 300 }
    const { app, during, after } = await refreshOddly('/none', noAnswer, claims)
    expectAda(during, 'during')
    expectAda(after, 'after')
    const sent = fake.requestsTo('/token').flatMap(({ form }) => form.get('refresh_token') ?? [])
    expect(new Set(sent).size).toBe(sent.length)
    expect(app.events.map(({ type }) => type)).toContain('session.refreshed')
  })
})
