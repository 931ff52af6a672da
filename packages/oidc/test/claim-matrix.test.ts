import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationRequest,
  createOidcClient,
  exchangeCode,
  type OidcClient,
  type OidcTransaction,
  refreshTokens,
} from '../src/index.ts'
import { verifyIdToken, verifyJwt } from '../src/verify/index.ts'
import { clientId, clientSecret, now, type StubProvider, startStubProvider, subject } from './stub-provider.ts'

/** How a claim may come: as JSON text, since 1e400 is no number of JavaScript; undefined for a claim that is not there. */
const values = { null: 'null', absent: undefined, '0.5': '0.5', '1e400': '1e400', '"1"': '"1"', '-1': '-1' } as const

type Value = keyof typeof values

/** What becomes of a token for each value of one claim: `ok`, or the code that refuses it. */
type Row = Readonly<Record<Value, string>>

const row = (code: string, passes: readonly Value[] = []): Row =>
  Object.fromEntries(
    (Object.keys(values) as Value[]).map((value) => [value, passes.includes(value) ? 'ok' : `oidc/${code}`]),
  ) as Row

const absent = ['null', 'absent'] as const

/** Claims that every token needs, and times. */
const common: Readonly<Record<string, Row>> = {
  iss: row('issuer_mismatch'),
  aud: row('audience_mismatch'),
  // 0.5 is over; 1e400 is no number.
  exp: row('token_expired'),
  iat: row('issued_at_invalid', ['0.5']),
  nbf: row('not_yet_valid', [...absent, '0.5']),
  // Only read: what is no time says nothing.
  auth_time: row('', ['null', 'absent', '0.5', '1e400', '"1"', '-1']),
}

const idToken: Readonly<Record<string, Row>> = {
  ...common,
  azp: row('authorized_party_mismatch', absent),
  at_hash: row('access_token_hash_mismatch', absent),
}

let provider: StubProvider
let client: OidcClient
let transaction: OidcTransaction

beforeAll(async () => {
  provider = await startStubProvider()
  client = createOidcClient(provider.metadata, {
    clientId,
    clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
    clock: () => now,
  })
  const start = await authorizationRequest(client, { redirectUri: 'https://app.example/callback', scopes: ['openid'] })
  transaction = start.transaction
})
afterAll(() => provider.close())
beforeEach(() => provider.answers.clear())

/** A signed token of which one claim comes as `value`. */
async function tokenWith(claims: Readonly<Record<string, unknown>>, claim: string, value: Value): Promise<string> {
  const mark = 'the-claim-of-this-test'
  const given = values[value]
  const { [claim]: _replaced, ...others } = claims
  const text = JSON.stringify(given === undefined ? others : { ...others, [claim]: mark })
  return provider.key.sign(text.replace(`"${mark}"`, given ?? ''))
}

/** How each kind of token is presented, and what its claims are judged by. */
const presentations: Readonly<
  Record<string, { rows: Readonly<Record<string, Row>>; present: (claim: string, value: Value) => Promise<unknown> }>
> = {
  'ID token of a login': {
    rows: { ...idToken, sub: row('subject_missing', ['"1"']), nonce: row('nonce_mismatch') },
    async present(claim, value) {
      provider.answerTokens(await tokenWith(provider.claims(transaction.nonce), claim, value))
      const callback = new URL(`https://app.example/callback?code=example-code&state=${transaction.state}`)
      return exchangeCode(client, callback, transaction)
    },
  },
  'ID token of a refresh': {
    rows: {
      ...idToken,
      sub: { ...row('subject_missing'), '"1"': 'oidc/subject_mismatch' },
      nonce: row('nonce_mismatch', absent),
    },
    async present(claim, value) {
      provider.answerTokens(await tokenWith(provider.claims(transaction.nonce), claim, value))
      return refreshTokens(client, 'example-refresh-token', { subject, nonce: transaction.nonce })
    },
  },
  'access token of our own token endpoint': {
    // It says nothing, and contradicts nothing; what is its own to say is verified by who uses it.
    rows: { sub: row('subject_mismatch', absent) },
    async present(claim, value) {
      const access_token = await tokenWith(provider.claims(''), claim, value)
      provider.answerTokens(await provider.key.sign(provider.claims(transaction.nonce)), { access_token })
      return refreshTokens(client, 'example-refresh-token', { subject, nonce: transaction.nonce })
    },
  },
  'bearer token': {
    rows: common,
    present: async (claim, value) =>
      verifyJwt(await tokenWith(provider.claims(''), claim, value), {
        jwks: client.jwks,
        issuers: provider.metadata.issuers,
        audience: clientId,
        clock: () => now,
      }),
  },
  'access token that a page brings, with a hash in the ID token': {
    rows: { sub: row('subject_mismatch', absent) },
    present: async (claim, value) => fromPage(await tokenWith(pageClaims, claim, value), { isHashed: true }),
  },
  'access token that a page brings, with the session in the ID token': {
    rows: {
      sub: {
        ...row('subject_mismatch'),
        null: 'oidc/access_token_hash_mismatch',
        absent: 'oidc/access_token_hash_mismatch',
      },
      sid: row('access_token_hash_mismatch'),
    },
    present: async (claim, value) => fromPage(await tokenWith(pageClaims, claim, value), { isHashed: false }),
  },
}

const pageClaims = { sub: subject, sid: 'session-1' }

async function fromPage(accessToken: string, { isHashed }: { isHashed: boolean }): Promise<unknown> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  const at_hash = Buffer.from(digest.slice(0, 16)).toString('base64url')
  const claims = { ...provider.claims('n'), ...(isHashed ? { at_hash } : { sid: 'session-1' }) }
  return verifyIdToken(await provider.key.sign(claims), {
    ...client.verification,
    nonce: { kind: 'required', value: 'n' },
    accessToken,
    source: 'caller',
    now,
  })
}

describe.each(Object.entries(presentations))('%s', (_kind, { rows, present }) => {
  const cases = Object.entries(rows).flatMap(([claim, outcomes]) =>
    (Object.keys(values) as Value[]).map((value) => [claim, value, outcomes[value]] as const),
  )
  it.each(cases)('with %s %s: %s', async (claim, value, outcome) => {
    const end = await present(claim, value).then(
      () => 'ok',
      (error: { readonly code?: string }) => error.code,
    )
    expect(end).toBe(outcome)
  })
})

describe('a stolen access token', () => {
  it('of a user whom it does not name is not paired with an ID token of somebody else', async () => {
    for (const claims of [
      {},
      { sid: 'session-1' },
      { sub: null, sid: 'session-1' },
      { sub: 'victim', sid: 'session-1' },
    ]) {
      await expect(fromPage(await provider.key.sign(claims), { isHashed: false })).rejects.toMatchObject({
        status: 401,
      })
    }
  })

  it('that is opaque is not paired either', async () => {
    await expect(fromPage('an-opaque-access-token', { isHashed: false })).rejects.toMatchObject({
      code: 'oidc/access_token_hash_mismatch',
    })
  })
})

it.each(['crit', 'b64', 'kid', 'typ', 'alg'])(
  'a header whose %s is null is refused: JOSE headers know no null',
  async (name) => {
    const good = { alg: 'RS256', kid: 'key-1' }
    const [, payload, signature] = (await provider.key.sign(provider.claims('n'))).split('.')
    const header = Buffer.from(JSON.stringify({ ...good, [name]: null })).toString('base64url')
    const verified = verifyJwt(`${header}.${payload}.${signature}`, {
      jwks: client.jwks,
      issuers: provider.metadata.issuers,
      types: [null, 'jwt'],
      clock: () => now,
    })
    await expect(verified).rejects.toMatchObject({ status: 401 })
  },
)
