import { createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { CompactSign, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSigningKey, encode, type SigningKey } from '../../test/signing-key.ts'
import { createJwks, type Jwks } from './jwks.ts'
import { type VerifyJwtOptions, verifyJwt } from './verify-jwt.ts'

const now = 1_800_000_000
const issuer = 'https://login.example'
const claims = { iss: issuer, sub: 'ada', aud: 'api', iat: now, exp: now + 300 }
let key: SigningKey
let jwks: Jwks
let options: VerifyJwtOptions

const codeOf = ({ code }: { code: string }): string => code

/** A JWKS whose endpoint serves these keys. */
function jwksOf(keys: readonly JWK[], algorithms: VerifyJwtOptions['algorithms'] = ['RS256']): Jwks {
  return createJwks({ jwksUri: 'https://login.example/jwks', algorithms, fetch: async () => Response.json({ keys }) })
}

beforeAll(async () => {
  key = await createSigningKey()
  jwks = jwksOf([key.publicJwk])
  options = { jwks, issuers: [issuer], audience: 'api', clock: () => now }
})

describe('verifyJwt', () => {
  it('returns header and claims of a good token', async () => {
    const jwt = await verifyJwt(await key.sign(claims, { typ: 'at+JWT' }), { ...options, types: ['at+jwt'] })
    expect(jwt).toEqual({ header: { alg: 'RS256', kid: 'key-1', typ: 'at+JWT' }, claims })
  })

  it('takes an audience out of a list', async () => {
    await expect(verifyJwt(await key.sign({ ...claims, aud: ['other', 'api'] }), options)).resolves.toBeDefined()
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { iss: `${issuer}1` }, 'oidc/issuer_mismatch'],
    ['an issuer with a slash', { iss: `${issuer}/` }, 'oidc/issuer_mismatch'],
    ['an issuer in capitals', { iss: issuer.toUpperCase() }, 'oidc/issuer_mismatch'],
    ['no issuer', { iss: undefined }, 'oidc/issuer_mismatch'],
    ['a list of issuers', { iss: [issuer] }, 'oidc/issuer_mismatch'],
    ['another audience', { aud: 'api1' }, 'oidc/audience_mismatch'],
    ['no audience', { aud: undefined }, 'oidc/audience_mismatch'],
    ['an empty audience', { aud: [] }, 'oidc/audience_mismatch'],
    ['a nested audience', { aud: [['api']] }, 'oidc/audience_mismatch'],
    ['a mixed audience', { aud: ['api', 1] }, 'oidc/audience_mismatch'],
    ['an audience that is an object', { aud: { 0: 'api' } }, 'oidc/audience_mismatch'],
    ['no exp', { exp: undefined }, 'oidc/token_expired'],
    ['exp six minutes ago', { exp: now - 360 }, 'oidc/token_expired'],
    ['exp now', { exp: now }, 'oidc/token_expired'],
    ['exp as text', { exp: `${now + 300}` }, 'oidc/token_expired'],
    ['exp in milliseconds', { exp: (now + 300) * 1000 }, 'oidc/token_expired'],
    ['exp within this second', { exp: now + 0.9 }, 'oidc/token_expired'],
    ['a negative exp', { exp: -now }, 'oidc/token_expired'],
    ['a null exp', { exp: null }, 'oidc/token_expired'],
    ['no iat', { iat: undefined }, 'oidc/issued_at_invalid'],
    ['iat an hour ahead', { iat: now + 3600 }, 'oidc/issued_at_invalid'],
    ['iat past the tolerance', { iat: now + 11 }, 'oidc/issued_at_invalid'],
    ['iat as text', { iat: `${now}` }, 'oidc/issued_at_invalid'],
    ['nbf past the tolerance', { nbf: now + 11 }, 'oidc/not_yet_valid'],
    ['nbf as text', { nbf: '0' }, 'oidc/not_yet_valid'],
    ['iat a fraction past the tolerance', { iat: now + 10.1 }, 'oidc/issued_at_invalid'],
    ['nbf a fraction past the tolerance', { nbf: now + 10.1 }, 'oidc/not_yet_valid'],
    ['a null iat', { iat: null }, 'oidc/issued_at_invalid'],
  ])('refuses %s', async (_title, changes, code) => {
    await expect(verifyJwt(await key.sign({ ...claims, ...changes }), options)).rejects.toMatchObject({
      code,
      status: 401,
    })
  })

  it('refuses numbers that JSON cannot hold', async () => {
    const text = JSON.stringify(claims).replace(`${now + 300}`, '1e400')
    await expect(verifyJwt(await key.sign(text), options)).rejects.toMatchObject({ code: 'oidc/token_expired' })
  })

  it('tolerates 10 seconds of iat and nbf, none of exp, and 0 when told so', async () => {
    const early = await key.sign({ ...claims, iat: now + 10, nbf: now + 10, exp: now + 1 })
    await expect(verifyJwt(early, options)).resolves.toBeDefined()
    await expect(verifyJwt(early, { ...options, clockToleranceSeconds: 0 })).rejects.toMatchObject({
      code: 'oidc/issued_at_invalid',
    })
  })

  it('says by how much the clocks differ', async () => {
    const refusal = async (changes: object) =>
      verifyJwt(await key.sign({ ...claims, ...changes }), options).catch((error: unknown) => error)
    expect(await refusal({ iat: now + 11 })).toMatchObject({
      code: 'oidc/issued_at_invalid',
      hint: expect.stringMatching(/\b11 s ahead of our clock; `clockToleranceSeconds` allows 10 s/),
      cause: { secondsAhead: 11 },
    })
    expect(await refusal({ nbf: now + 20.5 })).toMatchObject({
      code: 'oidc/not_yet_valid',
      cause: { secondsAhead: 21 },
    })
    expect(await refusal({ exp: now - 4 })).toMatchObject({ hint: expect.stringMatching(/\b4 s ago/) })
    expect(await refusal({ iat: 'x' })).toMatchObject({ hint: expect.stringContaining('missing') })
  })

  it('passes nothing under a clock that is broken', async () => {
    const token = await key.sign(claims)
    await expect(verifyJwt(token, { ...options, clock: () => Number.NaN })).rejects.toMatchObject({
      code: 'oidc/token_expired',
    })
    await expect(verifyJwt(token, { ...options, clockToleranceSeconds: Number.NaN })).rejects.toMatchObject({
      code: 'oidc/issued_at_invalid',
    })
  })

  it.each<[unknown, readonly (string | null)[]]>([
    ['at+jwt', [null, 'jwt', 'id+jwt']],
    ['JWT', ['at+jwt']],
    [undefined, ['at+jwt']],
    [null, [null]],
    [7, [null, 'jwt']],
  ])('refuses the type %s where it takes %j', async (typ, types) => {
    const token = await key.sign(claims, typ === undefined ? {} : { typ })
    await expect(verifyJwt(token, { ...options, types })).rejects.toMatchObject({ code: 'oidc/type_not_allowed' })
  })

  it('reads no claim from a polluted prototype', async () => {
    const token = await key.sign({ ...claims, aud: undefined })
    Object.defineProperty(Object.prototype, 'aud', { value: 'api', configurable: true })
    try {
      await expect(verifyJwt(token, options)).rejects.toMatchObject({ code: 'oidc/audience_mismatch' })
    } finally {
      Reflect.deleteProperty(Object.prototype, 'aud')
    }
  })

  it('checks the signature before it looks at a claim', async () => {
    const [header, , signature] = (await key.sign(claims)).split('.')
    for (const payload of ['{"iss":"https://evil.example","exp":1}', 'no JSON', '{"a":1,"a":2}']) {
      const forged = `${header}.${encode(payload)}.${signature}`
      await expect(verifyJwt(forged, { ...options, trust: 'trusted' })).rejects.toMatchObject({
        code: 'oidc/signature_invalid',
      })
    }
  })

  it('looks for no key of a bearer token that claims another issuer, or nothing that can be read', async () => {
    const fetched: string[] = []
    const cold = createJwks({
      jwksUri: 'https://login.example/jwks',
      fetch: async (url) => {
        fetched.push(String(url))
        return Response.json({ keys: [key.publicJwk] })
      },
    })
    const [header] = (await key.sign(claims)).split('.')
    const refusals = await Promise.all(
      [{ ...claims, iss: 'https://evil.example' }, { ...claims, iss: [issuer] }, { sub: 'ada' }, 'no JSON'].map(
        (payload) => verifyJwt(`${header}.${encode(payload)}.AAAA`, { ...options, jwks: cold }).catch(codeOf),
      ),
    )
    expect(refusals).toEqual([...Array<string>(3).fill('oidc/issuer_mismatch'), 'oidc/token_malformed'])
    expect(fetched).toEqual([])
  })

  it.each(['no JSON', '[]', 'null', '{"a":1,"a":2}', '{"__proto__":{}}'])(
    'refuses a signed payload %s',
    async (text) => {
      await expect(verifyJwt(await key.sign(text), options)).rejects.toMatchObject({ code: 'oidc/token_malformed' })
    },
  )
})

describe('algorithms', () => {
  it.each(['none', 'None', 'nOnE', '', 'HS256', 'RS384', 'PS256', 'ES256', 'rs256', 'RS256 '])(
    'refuses %j',
    async (alg) => {
      const [, payload, signature] = (await key.sign(claims)).split('.')
      const header = encode({ alg, kid: 'key-1' })
      for (const token of [`${header}.${payload}.${signature}`, `${header}.${payload}.`]) {
        await expect(verifyJwt(token, options)).rejects.toMatchObject({ code: 'oidc/algorithm_not_allowed' })
      }
    },
  )

  it('refuses HS256 under the public key, in any form of it, whatever the caller lists', async () => {
    const publicKey = createPublicKey({ key: key.publicJwk, format: 'jwk' })
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      ` ${publicKey.export({ type: 'spki', format: 'pem' })}`,
      publicKey.export({ type: 'spki', format: 'der' }),
      publicKey.export({ type: 'pkcs1', format: 'pem' }),
      JSON.stringify(key.publicJwk),
      key.publicJwk.n ?? '',
    ]
    for (const secret of secrets) {
      const token = await new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
        .sign(Buffer.from(secret))
      await expect(verifyJwt(token, options)).rejects.toMatchObject({ code: 'oidc/algorithm_not_allowed' })
      await expect(verifyJwt(token, { ...options, algorithms: ['HS256' as never] })).rejects.toMatchObject({
        code: 'oidc/algorithm_not_allowed',
      })
    }
  })

  it('refuses an algorithm that the key is not meant for', async () => {
    const lenient = { ...options, jwks: jwksOf([key.publicJwk], ['RS256', 'PS256', 'ES256']) }
    const [, payload, signature] = (await key.sign(claims)).split('.')
    for (const alg of ['PS256', 'ES256'] as const) {
      const token = `${encode({ alg, kid: 'key-1' })}.${payload}.${signature}`
      await expect(verifyJwt(token, { ...lenient, algorithms: ['RS256', alg] })).rejects.toMatchObject({
        code: 'oidc/key_not_found',
      })
    }
  })

  it.each(['PS256', 'ES256', 'ES384', 'EdDSA'] as const)('verifies %s where it is listed', async (alg) => {
    const other = await createSigningKey('other', alg)
    const both = jwksOf([key.publicJwk, other.publicJwk], [alg])
    const token = await other.sign(claims)
    await expect(verifyJwt(token, { ...options, jwks: both, algorithms: [alg] })).resolves.toMatchObject({ claims })
  })
})

describe('form', () => {
  const malformed: [string, (token: string) => string][] = [
    ['nothing', () => ''],
    ['two parts', (token) => token.slice(0, token.lastIndexOf('.'))],
    ['four parts', (token) => `${token}.`],
    ['two tokens', (token) => `${token},${token}`],
    ['white space in front', (token) => ` ${token}`],
    ['a line feed at the end', (token) => `${token}\n`],
    ['padding', (token) => `${token}==`],
    ['the alphabet of base64', (token) => token.replace(/[A-Za-z]$/, '+')],
    ['JSON serialization', (token) => JSON.stringify({ payload: token })],
    ['more than 64 KiB', (token) => token.padEnd(64 * 1024 + 4, 'A')],
    ['five parts, as of a JWE', () => 'a.b.c.d.e'],
  ]
  it.each(malformed)('refuses %s', async (_title, change) => {
    await expect(verifyJwt(change(await key.sign(claims)), options)).rejects.toMatchObject({
      code: 'oidc/token_malformed',
    })
  })

  it('refuses what is no text', async () => {
    for (const token of [undefined, null, 7, {}, ['a.b.c']]) {
      await expect(verifyJwt(token as never, options)).rejects.toMatchObject({ code: 'oidc/token_malformed' })
    }
  })

  it.each([
    ['crit', { alg: 'RS256', crit: ['exp'], exp: 1 }],
    ['an empty crit', { alg: 'RS256', crit: [] }],
    ['b64', { alg: 'RS256', b64: false }],
    ['no alg', { kid: 'key-1' }],
    ['a list as alg', { alg: ['RS256'] }],
    ['a kid that is no text', { alg: 'RS256', kid: 7 }],
    ['a list', ['RS256']],
  ])('refuses a header with %s', async (_title, header) => {
    const [, payload, signature] = (await key.sign(claims)).split('.')
    await expect(verifyJwt(`${encode(header)}.${payload}.${signature}`, options)).rejects.toMatchObject({
      code: 'oidc/token_malformed',
    })
  })

  it('has one spelling of each token only', async () => {
    const token = await key.sign(claims)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // 256 bytes end in a character of which 4 bits mean nothing.
    const neighbour = alphabet[alphabet.indexOf(signature.at(-1) ?? '') ^ 1]
    await expect(
      verifyJwt(`${header}.${payload}.${signature.slice(0, -1)}${neighbour}`, options),
    ).rejects.toMatchObject({
      code: 'oidc/token_malformed',
    })
  })

  it('never uses a key that the token brings along', async () => {
    const evil = await createSigningKey('evil')
    const urls: string[] = []
    const watched = createJwks({
      jwksUri: 'https://login.example/jwks',
      fetch: async (input) => {
        urls.push(String(input instanceof Request ? input.url : input))
        return Response.json({ keys: [key.publicJwk] })
      },
    })
    const address = 'https://evil.example/keys'
    const token = await evil.sign(claims, { kid: 'key-1', jwk: evil.publicJwk, jku: address, x5u: address })
    await expect(verifyJwt(token, { ...options, jwks: watched })).rejects.toMatchObject({
      code: 'oidc/signature_invalid',
    })
    expect(new Set(urls)).toEqual(new Set(['https://login.example/jwks']))
  })

  it('refuses every change of one character', async () => {
    const token = await key.sign(claims)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'b', '7', '-', '_', '.', '=', ' '),
        async (at, by) => {
          fc.pre(token[at] !== by)
          const changed = token.slice(0, at) + by + token.slice(at + 1)
          await expect(verifyJwt(changed, options)).rejects.toMatchObject({ code: expect.stringMatching(/^oidc\//) })
        },
      ),
    )
  })

  it('refuses any text with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await expect(verifyJwt(text, options)).rejects.toMatchObject({ code: 'oidc/token_malformed' })
      }),
    )
  })
})
