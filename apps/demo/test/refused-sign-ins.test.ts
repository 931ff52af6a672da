import type { NamedTokenMutation } from '@latchkey/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sessionCookies } from '../src/auth.ts'
import { expectRefusedSignIn, sessionOf } from './answers.ts'
import {
  type RunningDemo,
  reachWinkCallback,
  reachWristbandCallback,
  signInWithWristband,
  startRunningDemo,
} from './running-demo.ts'
import { openVisitor, setCookiesOf, type Visit, type Visitor } from './visitor.ts'

let demo: RunningDemo
let visitor: Visitor

beforeAll(async () => {
  demo = await startRunningDemo()
})
beforeEach(() => {
  visitor = openVisitor(demo)
  demo.emulator.wristband.journal.clear()
  demo.emulator.wink.journal.clear()
})
afterEach(() => {
  demo.emulator.wristband.clearFaults()
  demo.emulator.wink.clearFaults()
})
afterAll(() => demo.close())

const asProgram = (url: string | URL): Promise<Visit> => visitor.visit(url, { asProgram: true })

/** What both providers have in common, and where each tells who the user is once the tokens are good. */
const providers = [
  {
    provider: 'wristband',
    reach: reachWristbandCallback,
    redemptions: () => demo.emulator.wristband.journal.count('token'),
    questions: () => demo.emulator.wristband.journal.count('userinfo'),
  },
  {
    provider: 'wink',
    reach: reachWinkCallback,
    redemptions: () => demo.emulator.wink.journal.count('token'),
    questions: () => demo.emulator.wink.journal.count('verify-client'),
  },
] as const

describe.each(providers)('a callback of $provider', ({ provider, reach, redemptions, questions }) => {
  const expectNothingHappened = async (): Promise<void> => {
    expect([redemptions(), questions()]).toEqual([0, 0])
    expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
  }

  it('is refused without a state', async () => {
    const callback = await reach(demo, visitor)
    callback.searchParams.delete('state')
    expectRefusedSignIn(demo, await asProgram(callback), `${provider}/missing_state`)
    await expectNothingHappened()
  })

  it.each([
    ['made up', () => 'a-state-that-nobody-made'],
    ['one letter longer', (state: string) => `${state}A`],
    ['counting no restart', (state: string) => state.replace(/\.\d\./, '.9.')],
    ['of another host', (state: string) => state.replace('localhost', 'evil.example')],
  ])('is refused with a state that is %s', async (_what, change) => {
    const callback = await reach(demo, visitor)
    callback.searchParams.set('state', change(callback.searchParams.get('state') ?? ''))
    expectRefusedSignIn(demo, await asProgram(callback), `${provider}/invalid_state`)
    await expectNothingHappened()
  })

  it('is refused with two states', async () => {
    const callback = await reach(demo, visitor)
    callback.searchParams.append('state', callback.searchParams.get('state') ?? '')
    expectRefusedSignIn(demo, await asProgram(callback), 'oidc/callback_invalid')
    await expectNothingHappened()
  })

  it('is refused when another browser with copied cookies completed it before', async () => {
    const callback = await reach(demo, visitor)
    const thief = visitor.copy()
    await visitor.visit(callback)
    // Until then a callback that comes again gets the same answer.
    demo.advance(31)
    expectRefusedSignIn(demo, await thief.visit(callback, { asProgram: true }), 'auth/login_replayed')
    expect((await sessionOf(demo, thief)).signedIn).toBe(false)
    expect(redemptions()).toBe(1)
  })

  it('is refused ten minutes after the login began', async () => {
    const callback = await reach(demo, visitor)
    demo.advance(601)
    expectRefusedSignIn(demo, await asProgram(callback), 'auth/login_expired')
    await expectNothingHappened()
  })

  it('redeems nothing in another browser: that one begins a login of its own', async () => {
    const callback = await reach(demo, openVisitor(demo))
    const answer = await visitor.visit(callback)
    expect(answer.location?.pathname).toBe(`/auth/${provider}/login`)
    expect(demo.events.at(-1)).toMatchObject({
      type: 'sign_in.restarted',
      provider,
      code: `${provider}/missing_login_state`,
    })
    const login = await visitor.visit(answer.location ?? '')
    expect(login.location?.searchParams.get('state')).not.toBe(callback.searchParams.get('state'))
    await expectNothingHappened()
  })

  it('is no callback of the other provider', async () => {
    const callback = await reach(demo, visitor)
    const other = provider === 'wink' ? 'wristband' : 'wink'
    callback.pathname = callback.pathname.replace(provider, other)
    expectRefusedSignIn(demo, await asProgram(callback), `${other}/invalid_state`)
    await expectNothingHappened()
  })
})

it('begins again at most once in a browser that keeps no cookies', async () => {
  await signInWithWristband(demo, visitor)
  demo.emulator.wristband.journal.clear()
  const eventsBefore = demo.events.length
  const foreign = await reachWristbandCallback(demo, openVisitor(demo))
  const visited: string[] = []

  let visit = await visitor.visit(foreign)
  for (; visit.location !== null && visited.length < 10; visit = await visitor.visit(visit.location)) {
    visited.push(visit.location.pathname)
    for (const name of visitor.cookies.names()) visitor.cookies.delete(name)
  }

  expect(visited).toEqual(['/auth/wristband/login', '/api/v1/oauth2/authorize', '/auth/wristband/callback', '/error'])
  expect(visit.url.searchParams.get('code')).toBe('wristband/missing_login_state')
  expect(demo.events.slice(eventsBefore).map(({ type }) => type)).toEqual(['sign_in.restarted', 'sign_in.refused'])
  expect(demo.emulator.wristband.journal.count('token')).toBe(0)
})

it('begins again where the same callback is opened twice, and ends signed in by the single sign-on', async () => {
  const callback = await reachWristbandCallback(demo, visitor)
  await visitor.visit(callback)
  const answer = await visitor.follow(await visitor.visit(callback))
  expect(answer.url.pathname).toBe('/')
  expect((await sessionOf(demo, visitor)).signedIn).toBe(true)
})

type Refusal = readonly [mutation: NamedTokenMutation, code: string]

const refusedEverywhere: readonly Refusal[] = [
  ['missing', 'oidc/id_token_missing'],
  ['bad-signature', 'oidc/signature_invalid'],
  ['foreign-key', 'oidc/signature_invalid'],
  ['unknown-key', 'oidc/key_not_found'],
  ['alg-none', 'oidc/algorithm_not_allowed'],
  ['hs256-public-key', 'oidc/algorithm_not_allowed'],
  ['wrong-iss', 'oidc/issuer_mismatch'],
  ['wrong-aud', 'oidc/audience_mismatch'],
  ['wrong-azp', 'oidc/authorized_party_mismatch'],
  ['wrong-nonce', 'oidc/nonce_mismatch'],
  ['missing-nonce', 'oidc/nonce_mismatch'],
  ['expired', 'oidc/token_expired'],
  ['issued-in-future', 'oidc/issued_at_invalid'],
  ['wrong-at-hash', 'oidc/access_token_hash_mismatch'],
  ['wrong-sub', 'oidc/subject_mismatch'],
]
const typeOf: Readonly<Record<string, string>> = { wristband: 'oidc/type_not_allowed', wink: 'wink/token_type_refused' }

describe.each(providers)('an ID token of $provider', ({ provider, reach, redemptions, questions }) => {
  it.each([...refusedEverywhere, ['wrong-typ', typeOf[provider] ?? ''] as const])(
    'that is %s is refused with %s, and nobody is asked who the user is',
    async (mutation, code) => {
      demo.emulator[provider].mutateIdToken(mutation)
      expectRefusedSignIn(demo, await asProgram(await reach(demo, visitor)), code)
      expect([redemptions(), questions()]).toEqual([1, 0])
      expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
      expect(visitor.cookies.names().filter((name) => name.startsWith('__Host-'))).toEqual([])
    },
  )

  it('is accepted when it is good', async () => {
    const answer = await asProgram(await reach(demo, visitor))
    expect(setCookiesOf(answer)).toEqual([sessionCookies.Fastify])
    expect(questions()).toBe(1)
  })
})

it('refuses an access token of Wink that is none, before verify-client is called', async () => {
  const refusals: readonly Refusal[] = [
    ['bad-signature', 'oidc/signature_invalid'],
    ['wrong-azp', 'wink/client_mismatch'],
    ['wrong-typ', 'wink/token_type_refused'],
    ['expired', 'oidc/token_expired'],
  ]
  for (const [mutation, code] of refusals) {
    demo.emulator.wink.mutateAccessToken(mutation)
    expectRefusedSignIn(demo, await asProgram(await reachWinkCallback(demo, visitor)), code)
  }
  expect(demo.emulator.wink.journal.count('verify-client')).toBe(0)
})

it('refuses userinfo about another user', async () => {
  demo.emulator.wristband.mutateUserinfo('wrong-sub')
  expectRefusedSignIn(demo, await asProgram(await reachWristbandCallback(demo, visitor)), 'oidc/subject_mismatch')
  expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
})

it('refuses a profile of verify-client that is of another user', async () => {
  demo.emulator.wink.mutateProfile('wrong-token')
  expectRefusedSignIn(demo, await asProgram(await reachWinkCallback(demo, visitor)), 'wink/profile_mismatch')
  expect((await sessionOf(demo, visitor)).signedIn).toBe(false)
})

it('sends a user on a page to the error page, which names the code', async () => {
  demo.emulator.wristband.mutateIdToken('wrong-nonce')
  const answer = await signInWithWristband(demo, visitor)
  expect(answer.location?.href).toBe(`${demo.url}/error?code=oidc%2Fnonce_mismatch`)
  expect(setCookiesOf(answer)).toEqual([])
  expect((await visitor.follow(answer)).text).toContain('oidc/nonce_mismatch')
})
