import { beforeAll, describe, expect, it } from 'vitest'
import { createSigningKey, encode, type SigningKey } from '../../test/signing-key.ts'
import { accessTokenHash } from './id-token.ts'
import { authenticationTime, createJwks, type IdTokenRequirement, type Jwks, verifyIdToken } from './index.ts'

const now = 1_800_000_000
const issuer = 'https://login.example'
const subject = 'ada'
/** Verifying it is the caller's: only what it says is looked at here. */
const accessToken = `${encode({ alg: 'RS256' })}.${encode({ sub: subject, sid: 'session-1' })}.${encode({})}`
const opaque = 'an-opaque-access-token'

let key: SigningKey
let jwks: Jwks

beforeAll(async () => {
  key = await createSigningKey()
  jwks = createJwks({
    jwksUri: `${issuer}/jwks`,
    fetch: async () => Response.json({ keys: [key.publicJwk] }),
    clock: () => now,
  })
})

async function check(claims: Record<string, unknown>, expected: Partial<IdTokenRequirement> = {}) {
  const good = { iss: issuer, sub: subject, aud: 'app', iat: now, exp: now + 300, nonce: 'n' }
  return verifyIdToken(await key.sign({ ...good, ...claims }), {
    jwks,
    algorithms: ['RS256'],
    issuers: [issuer],
    clientId: 'app',
    nonce: { kind: 'optional', value: 'n' },
    accessToken,
    now,
    ...expected,
  })
}

describe('tokens that a page brings', () => {
  it('are tied by the hash of the access token', async () => {
    for (const token of [accessToken, opaque]) {
      const at_hash = await accessTokenHash(token, 'RS256')
      await expect(check({ at_hash }, { accessToken: token })).resolves.toMatchObject({ sub: subject })
    }
  })

  it('are tied by the session that both name', async () => {
    await expect(check({ sid: 'session-1' })).resolves.toMatchObject({ sub: subject })
  })

  it.each([
    ['nothing', {}, accessToken],
    ['another session', { sid: 'session-2' }, accessToken],
    ['an empty session', { sid: '' }, accessToken],
    ['a session that is no text', { sid: ['session-1'] }, accessToken],
    ['a session that an opaque token does not name', { sid: 'session-1' }, opaque],
    ['another hash, beside the right session', { sid: 'session-1', at_hash: 'AAAA' }, accessToken],
    ['a hash that is null', { sid: 'session-1', at_hash: null }, accessToken],
  ])('are refused with %s', async (_title, claims, token) => {
    await expect(check(claims, { accessToken: token })).rejects.toMatchObject({
      code: 'oidc/access_token_hash_mismatch',
    })
  })

  it('are of one user', async () => {
    await expect(check({ sub: 'bob', sid: 'session-1' })).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
  })

  it('have the nonce of the login wherever they have one', async () => {
    await expect(check({ sid: 'session-1', nonce: undefined })).resolves.toMatchObject({ sub: subject })
    await expect(check({ sid: 'session-1', nonce: 'other' })).rejects.toMatchObject({ code: 'oidc/nonce_mismatch' })
  })

  it('ask for no key before they claim the right issuer', async () => {
    let fetches = 0
    const counted = createJwks({
      jwksUri: `${issuer}/jwks`,
      fetch: async () => {
        fetches += 1
        return Response.json({ keys: [key.publicJwk] })
      },
    })
    await expect(check({ iss: 'https://evil.example' }, { jwks: counted })).rejects.toMatchObject({
      code: 'oidc/issuer_mismatch',
    })
    expect(fetches).toBe(0)
  })
})

it('needs no tie between tokens of our own token endpoint', async () => {
  await expect(check({}, { source: 'token-endpoint' })).resolves.toMatchObject({ sub: subject })
})

describe('authenticationTime', () => {
  it.each([
    ['a time that has passed', [{ auth_time: now - 60 }], now - 60],
    ['the first that says it', [{}, { auth_time: now - 60 }, { auth_time: now }], now - 60],
    ['a clock ahead of ours, as now', [{ auth_time: now + 10 }], now],
    ['0, which says nothing', [{ auth_time: 0 }], undefined],
    ['a time too far ahead', [{ auth_time: now + 11 }], undefined],
    ['a text', [{ auth_time: String(now) }], undefined],
    ['a fraction, rounded down', [{ auth_time: now - 0.5 }], now - 1],
    ['a fraction of the first second, which says nothing', [{ auth_time: 0.5 }], undefined],
    ['null, which says nothing', [{ auth_time: null }, { auth_time: now }], now],
    ['milliseconds', [{ auth_time: now * 1000 }], undefined],
    ['no claims', [], undefined],
  ])('reads %s', (_title, claims, expected) => {
    expect(authenticationTime(claims, { now })).toBe(expected)
  })

  it('takes another tolerance', () => {
    expect(authenticationTime([{ auth_time: now + 60 }], { now, clockToleranceSeconds: 60 })).toBe(now)
  })
})
