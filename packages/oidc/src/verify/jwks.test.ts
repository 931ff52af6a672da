import { generateKeyPairSync } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, type LoopbackServer, startLoopbackServer } from '../../test/loopback.ts'
import { createSigningKey, encode, type SigningKey } from '../../test/signing-key.ts'
import { createJwks, type Jwks, type JwksOptions, type KeyHeader, type KeyTrust } from './jwks.ts'
import { verifyJwt } from './verify-jwt.ts'

const start = 1_800_000_000
const issuer = 'https://login.example'
let now: number
let answer: Answer
let server: LoopbackServer
let key: SigningKey
/** Another key under the same kid. */
let twin: SigningKey
let second: SigningKey
let third: SigningKey
let jwks: Jwks

const create = (options: Partial<JwksOptions> = {}): Jwks =>
  createJwks({ jwksUri: `${server.origin}/jwks`, clock: () => now, ...options })
const serve = (...keys: readonly SigningKey[]): void => {
  answer = { body: { keys: keys.map(({ publicJwk }) => publicJwk) } }
}
const find = (kid: string, trust: KeyTrust = 'bearer') => keyFor({ alg: 'RS256', kid }, trust)
/** The key, where it is at hand, too, as a promise. */
const keyFor = async (header: KeyHeader, trust: KeyTrust) => jwks.key(header, trust)
const codes = async (attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const result of await Promise.allSettled(attempts)) {
    const code: string = result.status === 'fulfilled' ? 'found' : result.reason.code
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

/** A weak reference lives to the end of the job that read it: so each round is one. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
}

beforeAll(async () => {
  key = await createSigningKey('key-1')
  twin = await createSigningKey('key-1')
  second = await createSigningKey('key-2')
  third = await createSigningKey('key-3')
})
beforeEach(async () => {
  now = start
  server = await startLoopbackServer(() => answer)
  serve(key)
  jwks = create()
})
afterEach(() => server.close())

describe('fetching', () => {
  it('fetches nothing before a key is asked for, and once for a thousand', async () => {
    expect(server.requests).toHaveLength(0)
    expect(await codes(Array.from({ length: 1000 }, () => find('key-1')))).toEqual({ found: 1000 })
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/jwks' })
  })

  it('keeps keys fresh for 5 minutes and has them refreshed after', async () => {
    await find('key-1')
    now += 299
    await find('key-1')
    expect(server.requests).toHaveLength(1)
    now += 302
    await find('key-1')
    expect(server.requests).toHaveLength(2)
  })

  it('refreshes keys between 5 and 10 minutes without a wait', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let fetches = 0
    const slow = create({
      async fetch() {
        fetches += 1
        if (fetches > 1) await held
        return Response.json(answer.body)
      },
    })
    await slow.key({ alg: 'RS256', kid: 'key-1' }, 'bearer')
    now += 599
    await slow.key({ alg: 'RS256', kid: 'key-1' }, 'bearer')
    await slow.key({ alg: 'RS256', kid: 'key-1' }, 'trusted')
    expect(fetches).toBe(2)
    release()
  })

  it('forgets a removed key after 10 minutes', async () => {
    await find('key-1')
    serve(second)
    now += 600
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
    await expect(find('key-2')).resolves.toBeDefined()
  })

  it('replaces the keys at every good fetch', async () => {
    await find('key-1')
    serve(second)
    await find('key-2')
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
  })

  it('does not keep old keys fresh when the clock is set back', async () => {
    await find('key-1')
    now -= 3600
    await find('key-1')
    expect(server.requests).toHaveLength(2)
  })
})

describe('budgets', () => {
  it('finds the new key when keys change twice within a second', async () => {
    await find('key-1', 'trusted')
    serve(second)
    await expect(find('key-2', 'trusted')).resolves.toBeDefined()
    serve(third)
    await expect(find('key-3', 'trusted')).resolves.toBeDefined()
    expect(server.requests).toHaveLength(3)
  })

  it('fetches 4 times for ten thousand unknown keys, then once in 10 seconds', async () => {
    for (let round = 0; round < 10; round += 1) {
      const attempts = Array.from({ length: 1000 }, (_, index) => find(`unknown-${round}-${index}`))
      expect(await codes(attempts)).toEqual({ 'oidc/key_not_found': 1000 })
    }
    expect(server.requests).toHaveLength(4)
    now += 9
    await codes([find('x')])
    expect(server.requests).toHaveLength(4)
    now += 1
    await codes([find('x'), find('y')])
    expect(server.requests).toHaveLength(5)
    now += 290
    await codes(Array.from({ length: 100 }, (_, index) => find(`late-${index}`)))
    expect(server.requests.length).toBeLessThanOrEqual(5 + 4)
  })

  it('delays no login by a flood of bearer tokens, and an API caller by 10 seconds', async () => {
    for (let index = 0; index < 10; index += 1) await codes([find(`unknown-${index}`)])
    serve(second)
    await expect(find('key-2', 'bearer')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
    await expect(find('key-2', 'trusted')).resolves.toBeDefined()
    serve(third)
    now += 10
    await expect(find('key-3', 'bearer')).resolves.toBeDefined()
  })

  it('fetches once a minute for bad signatures under a known key', async () => {
    const forged = await twin.sign({ iss: issuer })
    const attempt = () => codes(Array.from({ length: 50 }, () => verifyJwt(forged, { jwks, issuers: [issuer] })))
    expect(await attempt()).toEqual({ 'oidc/signature_invalid': 50 })
    expect(await attempt()).toEqual({ 'oidc/signature_invalid': 50 })
    expect(server.requests).toHaveLength(2)
    now += 60
    await attempt()
    expect(server.requests).toHaveLength(3)
  })

  it('fetches 4 times at once for unknown keys and bad signatures together', async () => {
    const forged = await twin.sign({ iss: issuer })
    for (let index = 0; index < 10; index += 1) {
      await codes([verifyJwt(forged, { jwks, issuers: [issuer] })])
      await codes([find(`unknown-${index}`)])
    }
    expect(server.requests).toHaveLength(4)
  })

  it('heals when a key changes under the same kid', async () => {
    await find('key-1')
    serve(twin)
    const token = await twin.sign({ iss: issuer, iat: now, exp: now + 60 })
    const options = { jwks, issuers: [issuer], clock: () => now }
    expect(await codes(Array.from({ length: 20 }, () => verifyJwt(token, options)))).toEqual({ found: 20 })
    expect(server.requests).toHaveLength(2)
  })

  it('knows a successor that another fetch has brought', async () => {
    const header = { alg: 'RS256', kid: 'key-1' }
    const old = await keyFor(header, 'bearer')
    serve(twin)
    await codes([find('unknown')])
    await expect(jwks.successor(header, old, 'bearer')).resolves.not.toBe(old)
    expect(server.requests).toHaveLength(2)
  })

  it('finds the successor for a login after a flood of bad signatures', async () => {
    const header = { alg: 'RS256', kid: 'key-1' }
    const old = await keyFor(header, 'bearer')
    await codes([jwks.successor(header, old, 'bearer')])
    const known = await keyFor(header, 'bearer')
    serve(twin)
    await expect(jwks.successor(header, known, 'bearer')).resolves.toBeNull()
    const found = await jwks.successor(header, known, 'trusted')
    expect(found).toBeDefined()
    expect(found).toBe(await keyFor(header, 'bearer'))
    expect(server.requests).toHaveLength(3)
  })

  it('looks again after a fetch that began before the key was published', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const served = [key, key, second]
    let fetches = 0
    const slow = create({
      async fetch() {
        const keys = [served[fetches]?.publicJwk]
        fetches += 1
        if (fetches === 2) await held
        return Response.json({ keys })
      },
    })
    await slow.key({ alg: 'RS256', kid: 'key-1' }, 'bearer')
    now += 300
    await slow.key({ alg: 'RS256', kid: 'key-1' }, 'bearer')
    const found = slow.key({ alg: 'RS256', kid: 'key-2' }, 'bearer')
    release()
    await expect(found).resolves.toBeDefined()
    expect(fetches).toBe(3)
  })
})

describe('a failing endpoint', () => {
  const faults: [string, Answer][] = [
    ['500', { status: 500, body: {} }],
    ['404', { status: 404, body: {} }],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<p>down</p>' }],
    ['half a JSON', { body: '{"keys":[' }],
    ['null', { body: 'null' }],
    ['an empty object', { body: {} }],
    ['keys that are no list', { body: { keys: {} } }],
    ['a redirect', { status: 302, headers: { location: '/other' }, body: '' }],
    ['101 keys', { body: { keys: Array.from({ length: 101 }, () => ({})) } }],
    ['more than 512 KiB', { body: { keys: [], padding: 'x'.repeat(512 * 1024) } }],
  ]
  it.each(faults)('is unavailable with %s, and asked for one document only', async (_title, fault) => {
    answer = fault
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/jwks_unavailable', status: 503 })
    expect(server.requests).toHaveLength(1)
  })

  it.each(faults)('serves the old keys for 60 minutes with %s', async (_title, fault) => {
    await find('key-1')
    answer = fault
    now += 3599
    await expect(find('key-1')).resolves.toBeDefined()
    now += 1
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/jwks_unavailable' })
  })

  it('says in the cause how long the provider asks to wait', async () => {
    answer = { status: 429, headers: { 'retry-after': '9' }, body: {} }
    await expect(find('key-1')).rejects.toMatchObject({ status: 503, cause: { status: 429, retryAfterSeconds: 9 } })
  })

  it('says why in the cause', async () => {
    answer = { status: 503, body: {} }
    await expect(find('key-1')).rejects.toMatchObject({ cause: { status: 503 } })
    answer = { status: 302, headers: { location: '/other' }, body: '' }
    now += 60
    await expect(find('key-1')).rejects.toMatchObject({ cause: { code: 'core/unexpected_redirect' } })
  })

  it('is asked less and less', async () => {
    answer = { status: 500, body: {} }
    const asked: number[] = []
    for (let second = 0; second <= 180; second += 1) {
      const before = server.requests.length
      await codes([find('key-1'), find('key-2')])
      if (server.requests.length > before) asked.push(second)
      now += 1
    }
    expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123])
  })

  it('lets a login try through the back-off, within its budget', async () => {
    answer = { status: 500, body: {} }
    await codes([find('key-1')])
    now += 1
    await codes([find('key-1')])
    await codes(Array.from({ length: 9 }, () => find('key-1', 'bearer')))
    expect(server.requests).toHaveLength(2)
    serve(key)
    await expect(find('key-1', 'trusted')).resolves.toBeDefined()
    await expect(find('key-1', 'bearer')).resolves.toBeDefined()
    expect(server.requests).toHaveLength(3)
  })

  it('is not asked for unknown keys of bearer tokens while it is backed off from', async () => {
    await find('key-1')
    answer = { status: 500, body: {} }
    for (const kid of ['x', 'y', 'z']) await codes([find(kid)])
    expect(server.requests).toHaveLength(2)
  })

  it('answers 503, not 401, for a key that it could not look up', async () => {
    await find('key-1')
    answer = { status: 500, body: {} }
    await expect(find('key-2')).rejects.toMatchObject({ code: 'oidc/jwks_unavailable' })
    await expect(find('key-1')).resolves.toBeDefined()
  })
})

describe('choosing a key', () => {
  it('takes the only key that fits a token without kid', async () => {
    const elliptic = await createSigningKey('key-2', 'ES256')
    serve(elliptic, key)
    await expect(keyFor({ alg: 'RS256' }, 'trusted')).resolves.toMatchObject({ algorithm: 'RS256' })
  })

  it('takes null for absent where a key says what it is meant for, and nowhere else', async () => {
    answer = { body: { keys: [{ ...key.publicJwk, alg: null, use: null, key_ops: null }] } }
    await expect(find('key-1')).resolves.toBeDefined()
    jwks = create()
    answer = { body: { keys: [{ ...key.publicJwk, d: null }] } }
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
  })

  it('takes a key without kid for a token without kid', async () => {
    const { kid: _kid, alg: _alg, use: _use, ...bare } = key.publicJwk
    answer = { body: { keys: [bare] } }
    await expect(keyFor({ alg: 'RS256' }, 'trusted')).resolves.toBeDefined()
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
  })

  it('refuses a token without kid where several keys fit', async () => {
    serve(key, second)
    await expect(keyFor({ alg: 'RS256' }, 'trusted')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
  })

  it('refuses a kid that two keys share', async () => {
    serve(key, twin)
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
  })

  it('tells keys of one kid apart by their algorithm', async () => {
    const elliptic = await createSigningKey('key-1', 'ES256')
    serve(elliptic, key)
    jwks = create({ algorithms: ['RS256', 'ES256'] })
    await expect(find('key-1')).resolves.toMatchObject({ algorithm: 'RS256' })
    await expect(keyFor({ alg: 'ES256', kid: 'key-1' }, 'bearer')).resolves.toMatchObject({ algorithm: 'ES256' })
  })

  it.each<[string, (jwk: Record<string, unknown>) => unknown]>([
    ['a private key', (jwk) => ({ ...jwk, d: 'AQAB' })],
    ['an oct key', () => ({ kty: 'oct', kid: 'key-1', k: encode('x'.repeat(32)) })],
    ['an encryption key', (jwk) => ({ ...jwk, use: 'enc' })],
    ['a key for another algorithm', (jwk) => ({ ...jwk, alg: 'PS256' })],
    ['a key that only signs', (jwk) => ({ ...jwk, key_ops: ['sign'] })],
    ['a kid that is no text', (jwk) => ({ ...jwk, kid: 1 })],
    ['an exponent of 1', (jwk) => ({ ...jwk, e: 'AQ' })],
    [
      'a short modulus',
      () => ({
        ...generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
        kid: 'key-1',
      }),
    ],
    ['null', () => null],
    ['a text', () => 'key-1'],
  ])('ignores %s', async (_title, change) => {
    answer = { body: { keys: [change({ ...key.publicJwk }), second.publicJwk] } }
    await expect(find('key-1')).rejects.toMatchObject({ code: 'oidc/key_not_found' })
    await expect(find('key-2')).resolves.toBeDefined()
  })

  it.each(['../../dev/null', "' OR 1=1", '__proto__', 'constructor', 'x'.repeat(50_000)])(
    'finds nothing under a hostile kid',
    async (kid) => {
      await expect(find(kid)).rejects.toMatchObject({ code: 'oidc/key_not_found' })
    },
  )

  it('gives no key for an algorithm that is not listed', async () => {
    for (const alg of ['none', 'HS256', 'PS256', '']) {
      await expect(keyFor({ alg, kid: 'key-1' }, 'trusted')).rejects.toMatchObject({
        code: 'oidc/algorithm_not_allowed',
      })
    }
    expect(server.requests).toHaveLength(0)
  })
})

describe('state', () => {
  it('is shared by address where fetch and clock are the default ones', async () => {
    const jwksUri = `${server.origin}/jwks`
    const header = { alg: 'RS256', kid: 'key-1' }
    const kept = createJwks({ jwksUri })
    await Promise.all([kept.key(header, 'bearer'), createJwks({ jwksUri }).key(header, 'trusted')])
    await createJwks({ jwksUri }).key(header, 'bearer')
    expect(server.requests).toHaveLength(1)
    await createJwks({ jwksUri: `${jwksUri}?other` }).key(header, 'bearer')
    expect(server.requests).toHaveLength(2)
    await kept.key(header, 'bearer')
    expect(server.requests).toHaveLength(2)
  })

  it('is kept by those who use it: it goes with the last of them', async () => {
    const jwksUri = `${server.origin}/jwks`
    const header = { alg: 'RS256', kid: 'key-1' }
    const first = createJwks({ jwksUri })
    await first.key(header, 'bearer')
    await collectGarbage()
    await createJwks({ jwksUri }).key(header, 'bearer')
    expect(server.requests).toHaveLength(1)
    await first.key(header, 'bearer')
    await createJwks({ jwksUri: `${jwksUri}?dropped` }).key(header, 'bearer')
    await collectGarbage()
    await createJwks({ jwksUri: `${jwksUri}?dropped` }).key(header, 'bearer')
    expect(server.requests).toHaveLength(3)
  })

  it('is private to an instance with a fetch or clock of its own', async () => {
    await create().key({ alg: 'RS256', kid: 'key-1' }, 'bearer')
    await create().key({ alg: 'RS256', kid: 'key-1' }, 'bearer')
    expect(server.requests).toHaveLength(2)
  })

  it('never gives the key of one provider to another under the same kid', async () => {
    const evil = createJwks({
      jwksUri: 'https://evil.example/jwks',
      fetch: async () => Response.json({ keys: [twin.publicJwk] }),
    })
    const token = await twin.sign({ iss: issuer, iat: now, exp: now + 60 })
    await expect(verifyJwt(token, { jwks: evil, issuers: [issuer], clock: () => now })).resolves.toBeDefined()
    await expect(verifyJwt(token, { jwks, issuers: [issuer], clock: () => now })).rejects.toMatchObject({
      code: 'oidc/signature_invalid',
    })
  })
})

describe('options', () => {
  it.each<[string, Record<string, unknown>]>([
    ['http off loopback', { jwksUri: 'http://login.example/jwks' }],
    ['a loopback look-alike', { jwksUri: 'http://localhost.evil.example/jwks' }],
    ['another scheme', { jwksUri: 'file:///jwks' }],
    ['user info', { jwksUri: 'https://a:b@login.example/jwks' }],
    ['a fragment', { jwksUri: 'https://login.example/jwks#x' }],
    ['no address', { jwksUri: undefined }],
    ['no algorithm', { algorithms: [] }],
    ['a symmetric algorithm', { algorithms: ['HS256'] }],
    ['none', { algorithms: ['none'] }],
    ['an inherited name as algorithm', { algorithms: ['toString'] }],
    ['an unknown option', { jwksUrl: 'https://login.example/jwks' }],
  ])('refuses %s', (_title, options) => {
    expect(() => createJwks({ jwksUri: 'https://login.example/jwks', ...options })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })
})
