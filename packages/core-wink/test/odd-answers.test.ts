import { type AuthEvent, createAuth } from '@latchkey/core'
import { createTestBrowser, type TestBrowser } from '@latchkey/testkit'
import { busyAnswers, happeningsIn, noAnswer, type OddAnswer, oddAnswers } from '@latchkey/tool-test-support'
import { beforeEach, describe, expect, it } from 'vitest'
import { winkProvider } from '../src/index.ts'
import { clientOf } from './wink-client.ts'
import { json, now, profile, standInForWink, subject, type WinkStandIn } from './wink-stand-in.ts'

const origin = 'https://app.example.com'

let wink: WinkStandIn
let time = now
/** The answer of one endpoint while it is odd; null where all is well. */
let odd: { readonly endpoint: string; readonly answer: OddAnswer } | null = null

standInForWink((started) => {
  wink = started
})
beforeEach(() => {
  odd = null
})

function openApp() {
  time = now
  wink.requests.length = 0
  const events: AuthEvent[] = []
  const fetchOddly: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (odd === null || !new URL(String(input)).pathname.endsWith(`/${odd.endpoint}`)) return response
    return odd.answer(await response.text())
  }
  const clock = (): number => time
  const auth = createAuth({
    baseUrl: origin,
    secret: `an-example-secret-of-32-bytes-${crypto.randomUUID()}`,
    providers: [winkProvider({ client: clientOf(wink, { fetch: fetchOddly, clock, storeTokens: true }) })],
    session: { strategy: 'cookie', idleSeconds: 7200 },
    onEvent: happeningsIn(events),
    clock,
  })
  const browser = createTestBrowser({ origin, answer: auth.handle, clock })
  async function read() {
    const { session, headers } = await auth.getSession(browser.request('/'))
    browser.cookies.keep(headers.filter(([name]) => name === 'set-cookie').map(([, line]) => line))
    return session?.identities.wink
  }
  return { browser, events, read }
}

/** What the token endpoint hands out from now on. */
async function handOut(nonce: string | null, refreshToken: string, claims: object = {}): Promise<void> {
  const times = { iat: time, exp: time + 300, ...claims }
  const tokens = {
    access_token: await wink.accessToken(times),
    ...(nonce !== null && { id_token: await wink.idToken({ ...times, nonce, sub: subject }) }),
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: 300,
  }
  wink.answers.token = (response) => json(response, tokens)
}

/** Signs in, or is refused at the login route already. */
async function tryToSignIn(browser: TestBrowser) {
  const begun = await browser.open('/auth/wink/login')
  if (begun.location === null) return begun
  const { searchParams } = begun.location
  await handOut(searchParams.get('nonce'), 'refresh-1')
  const state = encodeURIComponent(searchParams.get('state') ?? '')
  return browser.open(`/auth/wink/callback?code=example-code&state=${state}`)
}

type Identity = Awaited<ReturnType<ReturnType<typeof openApp>['read']>>

/** Whether an identity is that of the user, and nothing in it is of another type. */
function expectAda(identity: Identity, title: string): void {
  expect(identity, title).toMatchObject({ issuer: wink.issuer, subject })
  const { verifiedUntil = 0, birthYear = 1, emailVerified, ...texts } = identity?.profile ?? {}
  expect([Number.isSafeInteger(verifiedUntil), Number.isSafeInteger(birthYear)], title).toEqual([true, true])
  expect(verifiedUntil, title).toBeGreaterThan(now - 1)
  expect(emailVerified).toBeUndefined()
  for (const text of Object.values(texts)) expect(typeof text, title).toBe('string')
}

const endpoints: Readonly<Record<string, readonly string[]>> = {
  session: ['sessionId', 'SessionId', 'id'],
  token: ['access_token', 'id_token', 'refresh_token', 'expires_in', 'token_type', 'scope', 'session_state'],
  'verify-client': Object.keys(profile),
  certs: ['keys'],
}

const refusal = /^(?:core|oidc|wink)\/(?!internal_error)[a-z_]+$/

const codesOf = (events: readonly AuthEvent[]): readonly string[] =>
  events.flatMap((event) => ('code' in event && typeof event.code === 'string' ? [event.code] : []))

describe('an odd answer at a sign-in', () => {
  it.each(Object.entries(endpoints))('of %s signs the user in, or is refused with a code', async (endpoint, names) => {
    for (const [title, answer] of oddAnswers(names)) {
      const { browser, events, read } = openApp()
      odd = { endpoint, answer }
      const { status } = await tryToSignIn(browser)
      const identity = await read()
      if (identity !== undefined) {
        expectAda(identity, title)
      } else {
        expect(codesOf(events), title).toEqual([expect.stringMatching(refusal)])
        const statuses = codesOf(events)[0] === 'core/session_too_large' ? [500] : [401, 502, 503]
        expect(statuses, `${title}: ${codesOf(events)[0]}`).toContain(status)
      }
    }
  })

  it.each(Object.keys(endpoints))('of %s that asks to wait is passed on', async (endpoint) => {
    for (const [title, answer] of busyAnswers) {
      const { browser } = openApp()
      odd = { endpoint, answer }
      const response = await tryToSignIn(browser)
      expect([response.status, response.headers.get('retry-after')], title).toEqual([503, '17'])
    }
  })

  it.each(Object.keys(endpoints))('of %s that never comes is reported with the reason', async (endpoint) => {
    const { browser, events } = openApp()
    odd = { endpoint, answer: noAnswer }
    await tryToSignIn(browser)
    expect(events.at(-1)).toMatchObject({ type: 'sign_in.refused', reason: 'refused' })
  })
})

describe('an odd answer at a refresh', () => {
  async function refreshOddly(endpoint: string, answer: OddAnswer, claims: object = {}) {
    const { browser, events, read } = openApp()
    await tryToSignIn(browser)
    odd = { endpoint, answer }
    time += 280
    await handOut(null, 'refresh-2', claims)
    const during = await read()
    odd = null
    time += 6
    return { events, during, after: await read() }
  }

  it('of the keys costs nobody the sign-in', async () => {
    for (const [title, answer] of [...oddAnswers(['keys']), ...busyAnswers]) {
      const { during, after } = await refreshOddly('certs', answer)
      expectAda(during, title)
      expectAda(after, title)
    }
  })

  it('of verify-client costs nobody the sign-in, unless it names another, where it alone names the user', async () => {
    for (const [title, answer] of [...oddAnswers(['winkToken']), ...busyAnswers]) {
      const { events, during, after } = await refreshOddly('verify-client', answer, { sub: undefined })
      for (const code of codesOf(events)) expect(code, title).toMatch(refusal)
      // Wink's word that a token is not good, or that it is another's, is a verdict.
      const verdict = /^40[13]$/.test(title) ? 'token_refused' : 'user_changed'
      if (/^(?:40[13]$|winkToken: (?:a number as text|20 kB|text))/.test(title)) {
        expect(events.at(-1), title).toMatchObject({ type: 'session.ended', reason: verdict })
        continue
      }
      expectAda(during, title)
      expectAda(after, title)
      const sent = wink.to('token').flatMap(({ body }) => new URLSearchParams(body).get('refresh_token') ?? [])
      expect(sent, title).toEqual(['refresh-1'])
    }
  })

  it('of the token endpoint is refused with a code, and never another’s', async () => {
    for (const [title, answer] of oddAnswers(endpoints['token'] ?? []).filter(([name]) => !name.includes('20 kB'))) {
      const { events, during, after } = await refreshOddly('token', answer)
      for (const identity of [during, after]) if (identity !== undefined) expectAda(identity, title)
      for (const code of codesOf(events)) expect(code, title).toMatch(refusal)
      if (during === undefined) expect(title).toMatch(/^(?:id_token|access_token): /)
    }
  })

  it.each([11, -11])('is told from a clock that is off by %i seconds', async (seconds) => {
    const claims = { iat: now + 280 + seconds, exp: now + 580 + seconds }
    const { during, after, events } = await refreshOddly('none', noAnswer, claims)
    expectAda(during, 'during')
    expectAda(after, 'after')
    expect(events.map(({ type }) => type)).toContain('session.refreshed')
    expect(wink.to('token')).toHaveLength(2)
  })
})
