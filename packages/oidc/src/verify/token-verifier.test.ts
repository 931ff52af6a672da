import { readUnverifiedJwt, type UnverifiedJwt } from '@latchkey/core/crypto'
import type { JWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSigningKey, type SigningKey } from '../../test/signing-key.ts'
import { createJwks } from './jwks.ts'
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts'
import type { VerifiedJwt, VerifyJwtOptions } from './verify-jwt.ts'

const start = 1_800_000_000
const issuer = 'https://login.example'
let key: SigningKey
/** Another key under the same kid. */
let twin: SigningKey
let now: number
let served: readonly JWK[]
let fetches: number
/** How often the claims of a token were read: once for each verification that was not a memory. */
let readings: number
let verifier: TokenVerifier<VerifiedJwt>

const claims = { iss: issuer, sub: 'ada', iat: start, exp: start + 86_400, roles: [{ id: 'r1' }] }
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'good',
    (error: { code: string }) => error.code,
  )

function create(options: Partial<VerifyJwtOptions> = {}): TokenVerifier<VerifiedJwt> {
  const jwks = createJwks({
    jwksUri: 'https://login.example/jwks',
    algorithms: ['ES256'],
    clock: () => now,
    fetch: async () => {
      fetches += 1
      return Response.json({ keys: served })
    },
  })
  return createTokenVerifier(
    { jwks, algorithms: ['ES256'], issuers: [issuer], clock: () => now, ...options },
    (jwt) => {
      readings += 1
      return jwt
    },
  )
}

beforeAll(async () => {
  key = await createSigningKey('key-1', 'ES256')
  twin = await createSigningKey('key-1', 'ES256')
})

beforeEach(() => {
  now = start
  served = [key.publicJwk]
  fetches = 0
  readings = 0
  verifier = create()
})

describe('a new token', () => {
  it('is verified at once where the keys are at hand', async () => {
    await verifier.verify(await key.sign(claims))
    const token = await key.sign({ ...claims, sub: 'grace' })
    const read = { jwt: readUnverifiedJwt(token) as UnverifiedJwt, digest: 'of the token' }
    expect(verifier.verifyAnew(token, read)).toMatchObject({ claims: { sub: 'grace' } })
  })
})

describe('a token that comes again', () => {
  it('is not verified again for 5 minutes', async () => {
    const token = await key.sign(claims)
    const first = await verifier.verify(token)
    now += 299
    expect(await verifier.verify(token)).toBe(first)
    expect(readings).toBe(1)
    now += 1
    expect(await verifier.verify(token)).toEqual(first)
    expect(readings).toBe(2)
  })

  it('is not remembered longer where the clock is set back', async () => {
    const token = await key.sign({ ...claims, iat: start - 86_400 })
    await verifier.verify(token)
    now -= 300
    await verifier.verify(token)
    expect(readings).toBe(2)
  })

  it('is refused 10 minutes after its key was taken away at the latest, with a request every second', async () => {
    const token = await key.sign(claims)
    await verifier.verify(token)
    now += 1
    served = []
    const removedAt = now
    while ((await codeOf(verifier.verify(token))) === 'good') {
      now += 1
      expect(now - removedAt).toBeLessThanOrEqual(600)
    }
    expect(await codeOf(verifier.verify(token))).toBe('oidc/key_not_found')
    expect(fetches).toBeGreaterThan(1)
  })

  it('has the keys fetched when they are 5 minutes old, and does not wait for them', async () => {
    await verifier.verify(await key.sign(claims))
    now += 299
    const token = await key.sign({ ...claims, sub: 'bob' })
    const first = await verifier.verify(token)
    expect(fetches).toBe(1)
    now += 1
    expect(await verifier.verify(token)).toBe(first)
    expect(fetches).toBe(2)
  })

  it('is refused as soon as another key has come under the same kid', async () => {
    const token = await key.sign(claims)
    await verifier.verify(token)
    served = [twin.publicJwk]
    // Another caller's token has the keys fetched.
    expect(await codeOf(verifier.verify(await twin.sign(claims)))).toBe('good')
    expect(await codeOf(verifier.verify(token))).toBe('oidc/signature_invalid')
  })

  it('is verified anew by a key that was fetched anew', async () => {
    const token = await key.sign(claims)
    await verifier.verify(token)
    now += 200
    await codeOf(verifier.verify(await key.sign(claims, { kid: 'unknown' })))
    expect(fetches).toBe(2)
    expect(await codeOf(verifier.verify(token))).toBe('good')
    expect(readings).toBe(2)
  })

  it('is refused when no keys can be had any more', async () => {
    const token = await key.sign(claims)
    let isDown = false
    const jwks = createJwks({
      jwksUri: 'https://login.example/jwks',
      algorithms: ['ES256'],
      clock: () => now,
      fetch: async () => (isDown ? new Response(null, { status: 404 }) : Response.json({ keys: served })),
    })
    verifier = create({ jwks })
    await verifier.verify(token)
    isDown = true
    now += 3601
    expect(await codeOf(verifier.verify(token))).toBe('oidc/jwks_unavailable')
  })

  it.each([
    ['exp', { exp: start + 60 }, 60, 'oidc/token_expired'],
    ['iat', {}, -11, 'oidc/issued_at_invalid'],
    ['nbf', { iat: start - 100, nbf: start }, -11, 'oidc/not_yet_valid'],
  ])('is refused when its %s does not hold any more', async (_name, changes, seconds, code) => {
    const token = await key.sign({ ...claims, ...changes })
    expect(await codeOf(verifier.verify(token))).toBe('good')
    now += seconds
    expect(await codeOf(verifier.verify(token))).toBe(code)
  })

  it('is handed out frozen, deeply', async () => {
    const token = await key.sign(claims)
    for (const { claims: given, header } of [await verifier.verify(token), await verifier.verify(token)]) {
      const open = given as { x?: number; roles: { id: string }[] }
      expect(() => {
        open.x = 1
      }).toThrow(TypeError)
      expect(() => open.roles.push({ id: 'admin' })).toThrow(TypeError)
      expect(() => {
        ;(open.roles[0] as { id: string }).id = 'admin'
      }).toThrow(TypeError)
      expect(Object.isFrozen(header)).toBe(true)
    }
    expect(await verifier.verify(token)).toMatchObject({ claims })
  })

  it('is another one if one character of it is', async () => {
    const token = await key.sign(claims)
    await verifier.verify(token)
    const [header, payload, signature = ''] = token.split('.')
    const other = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect(await codeOf(verifier.verify(other))).toBe('oidc/signature_invalid')
  })
})

describe('what is remembered', () => {
  it('is no refusal: a token that was refused is good when its key has come', async () => {
    served = []
    const token = await key.sign(claims)
    expect(await codeOf(verifier.verify(token))).toBe('oidc/key_not_found')
    served = [key.publicJwk]
    expect(await codeOf(verifier.verify(token))).toBe('good')
  })

  it('is no refusal of the reader either', async () => {
    const token = await key.sign(claims)
    let isRefused = true
    const jwks = createJwks({
      jwksUri: 'https://login.example/jwks',
      algorithms: ['ES256'],
      fetch: async () => Response.json({ keys: served }),
    })
    const picky = createTokenVerifier({ jwks, algorithms: ['ES256'], issuers: [issuer], clock: () => now }, (jwt) => {
      if (isRefused) throw new Error('refused')
      return jwt
    })
    await expect(picky.verify(token)).rejects.toThrow('refused')
    isRefused = false
    await expect(picky.verify(token)).resolves.toBeDefined()
  })

  it('is each verifier’s own, also between copies of this module', async () => {
    const token = await key.sign({ ...claims, aud: 'one' })
    vi.resetModules()
    const copy = await import('./token-verifier.ts')
    expect(copy.createTokenVerifier).not.toBe(createTokenVerifier)
    const jwks = createJwks({
      jwksUri: 'https://login.example/jwks',
      algorithms: ['ES256'],
      fetch: async () => Response.json({ keys: served }),
    })
    const options = { jwks, algorithms: ['ES256'], issuers: [issuer], clock: () => now } as const
    const verifiers = [createTokenVerifier, copy.createTokenVerifier].flatMap((make) =>
      ['one', 'two'].map((audience) => make({ ...options, audience }, (jwt: VerifiedJwt) => jwt)),
    )
    const outcomes = async () => Promise.all(verifiers.map((each) => codeOf(each.verify(token))))
    const expected = ['good', 'oidc/audience_mismatch', 'good', 'oidc/audience_mismatch']
    expect(await outcomes()).toEqual(expected)
    expect(await outcomes()).toEqual(expected)
  })

  it('is 1,000 tokens at most: of more the older ones are verified anew', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 1001 }, (_, index) => key.sign({ ...claims, sub: `${index}` })),
    )
    for (const token of tokens) await verifier.verify(token)
    readings = 0
    for (const token of [...tokens].reverse()) await verifier.verify(token)
    const remembered = tokens.length - readings
    expect(remembered).toBeGreaterThanOrEqual(500)
    expect(remembered).toBeLessThanOrEqual(1000)
  })

  it('is 4 MB at most', async () => {
    const long = 'x'.repeat(30_000)
    const tokens = await Promise.all(
      Array.from({ length: 60 }, (_, index) => key.sign({ ...claims, sub: `${index}`, long })),
    )
    for (const token of tokens) await verifier.verify(token)
    readings = 0
    for (const token of [...tokens].reverse()) await verifier.verify(token)
    // Of 40,000 characters each, at 4 bytes.
    expect(tokens.length - readings).toBeLessThanOrEqual(26)
    expect(tokens.length - readings).toBeGreaterThan(10)
  })
})
