import assert from 'node:assert/strict'
import { accept, refuse, signInWell, whoIsSignedIn } from '../journeys.ts'
import type { Plan, World } from '../module.ts'
import type { Members, Misbehaviour } from '../provider/misbehaviour.ts'

/** Past `refreshAt`, before the access token expires. */
const dueSeconds = 1770

/** Times with a fraction, as RFC 7519 has NumericDate. */
const fractions = (claims: Members): void => {
  for (const name of ['exp', 'iat', 'auth_time']) claims[name] = Number(claims[name]) - 0.5
}

/** The same of every token, at the sign-in and at the refresh. */
const ofAllTokens = (change: (claims: Members, now: number) => void): Misbehaviour => ({
  idToken: change,
  refreshedIdToken: change,
  accessToken: change,
})

const withoutSubject = (claims: Members): void => {
  delete claims['sub']
}

/** What a token response only tells by the way. */
const oddHints: readonly Members[] = [
  { expires_in: -1 },
  { expires_in: 1799.5 },
  { expires_in: [1800] },
  { expires_in: '1800 s' },
  { scope: ['openid'] },
]

/** Not of the suite: what vendors write all the same, and what may not be mistaken for it. */
export const untidy: Plan = {
  name: 'Untidy providers (ours)',
  prefix: 'untidy-',
  modules: [
    {
      id: 'U1',
      name: 'null-in-token-response',
      misbehaviour: 'token response: `refresh_token`, `scope` or `expires_in` is null',
      required: 'signs in',
      knobs: ['refresh_token', 'scope', 'expires_in'].map((name) => ({ tokenResponse: (body) => (body[name] = null) })),
      run: accept(),
    },
    {
      id: 'U2',
      name: 'null-in-refresh-response',
      misbehaviour: 'refresh: `scope`, `id_token` or `expires_in` is null',
      required: 'refreshes, session lives',
      knobs: ['scope', 'id_token', 'expires_in'].map((name) => ({ refreshResponse: (body) => (body[name] = null) })),
      run: refreshWell,
    },
    {
      id: 'U3',
      name: 'null-claims',
      misbehaviour:
        'ID token: `azp`, `at_hash`, `auth_time`, `nbf` are null; userinfo: `email`, `roles`, `picture` are null',
      required: 'signs in',
      knobs: {
        idToken: (claims) => Object.assign(claims, { azp: null, at_hash: null, auth_time: null, nbf: null }),
        userinfo: (claims) => Object.assign(claims, { email: null, roles: null, picture: null }),
      },
      run: accept(),
    },
    ...(
      [
        ['iss', 'oidc/issuer_mismatch'],
        ['sub', 'oidc/subject_missing'],
        ['aud', 'oidc/audience_mismatch'],
        ['exp', 'oidc/token_expired'],
        ['iat', 'oidc/issued_at_invalid'],
        ['nonce', 'oidc/nonce_mismatch'],
      ] as const
    ).map(([name, code], index) => ({
      id: `U${index + 4}`,
      name: `null-${name}`,
      misbehaviour: `ID token: \`${name}\` is null`,
      required: 'refuses',
      knobs: { idToken: (claims: Members): void => void (claims[name] = null) },
      run: refuse(code),
    })),
    {
      id: 'U10',
      name: 'fractional-dates',
      misbehaviour: 'all tokens: `exp`, `iat` and `auth_time` with a fraction',
      required: 'signs in, refreshes',
      knobs: ofAllTokens(fractions),
      run: refreshWell,
    },
    {
      id: 'U11',
      name: 'fractional-exp-of-now',
      misbehaviour: 'ID token: `exp` half a second ahead',
      required: 'refuses',
      knobs: { idToken: (claims, now) => (claims['exp'] = now + 0.5) },
      run: refuse('oidc/token_expired'),
    },
    {
      id: 'U12',
      name: 'text-dates',
      misbehaviour: 'ID token: `exp` as text',
      required: 'refuses',
      knobs: { idToken: (claims) => (claims['exp'] = String(claims['exp'])) },
      run: refuse('oidc/token_expired'),
    },
    {
      id: 'U13',
      name: 'access-token-without-sub',
      misbehaviour: 'access token without `sub`, or with null',
      required: 'signs in, refreshes; userinfo names the user',
      knobs: [{ accessToken: withoutSubject }, { accessToken: (claims) => (claims['sub'] = null) }],
      run: refreshWell,
    },
    {
      id: 'U14',
      name: 'access-token-without-sub-invalid-userinfo',
      misbehaviour: 'access token without `sub`, userinfo without `sub`',
      required: 'refuses',
      knobs: { accessToken: withoutSubject, userinfo: withoutSubject },
      run: refuse('oidc/subject_mismatch', 'userinfo'),
    },
    {
      id: 'U15',
      name: 'odd-types-of-unused-claims',
      misbehaviour: 'userinfo: `updated_at` as text, `locale` as a list; ID token: `amr` as text',
      required: 'signs in',
      knobs: {
        idToken: (claims) => (claims['amr'] = 'pwd'),
        userinfo: (claims) => Object.assign(claims, { updated_at: '2026-01-01', locale: ['en'] }),
      },
      run: accept(),
    },
    {
      id: 'U16',
      name: 'odd-hints-in-token-response',
      misbehaviour: 'token response: `expires_in` is negative, a fraction, a list or has a unit; `scope` is a list',
      required: 'signs in',
      knobs: oddHints.map((hint) => ({ tokenResponse: (body) => Object.assign(body, hint) })),
      run: accept(),
    },
    {
      id: 'U17',
      name: 'odd-hints-in-refresh-response',
      misbehaviour: 'refresh: the same; `refresh_token` is empty',
      required: 'refreshes, session lives',
      knobs: [...oddHints, { refresh_token: '' }].map((hint) => ({
        refreshResponse: (body) => Object.assign(body, hint),
      })),
      run: refreshWell,
    },
    {
      id: 'U18',
      name: 'refreshed-iat-ahead',
      misbehaviour: 'refreshed ID token: `iat` 11 seconds ahead of our clock',
      required: 'uses it once our clock is there; one refresh, session lives',
      knobs: { refreshedIdToken: (claims, now) => (claims['iat'] = now + 11) },
      run: refreshLater,
    },
  ],
}

async function refreshWell(world: World): Promise<void> {
  await signInWell(world)
  const before = await world.party.accessToken(world.browser)
  world.clock.now += dueSeconds
  const after = await world.party.accessToken(world.browser)
  assert(after !== null && after !== before, 'the access token is not a new one')
  assert.equal(world.provider.journal.count('refresh'), 1, 'the number of refreshes')
  assert.notEqual(await whoIsSignedIn(world), null, 'the session has ended')
}

async function refreshLater(world: World): Promise<void> {
  await signInWell(world)
  const before = await world.party.accessToken(world.browser)
  world.clock.now += dueSeconds
  assert.equal(await world.party.accessToken(world.browser), before, 'the access token is another one already')
  world.clock.now += 11
  const after = await world.party.accessToken(world.browser)
  assert(after !== null && after !== before, 'the access token is not a new one')
  assert.equal(world.provider.journal.count('refresh'), 1, 'the number of refreshes')
  assert.notEqual(await whoIsSignedIn(world), null, 'the session has ended')
}
