import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { authorizationRequest, createOidcClient, exchangeCode, type OidcClientOptions } from '../src/index.ts'
import { createJwks, type VerifyJwtOptions, verifyJwt } from '../src/verify/index.ts'
import { createSigningKey, encode, type SigningKey } from './signing-key.ts'

const origin = 'https://login.example'
const metadata = {
  issuers: [origin],
  authorizationEndpoint: `${origin}/authorize`,
  tokenEndpoint: `${origin}/token`,
  jwksUri: `${origin}/jwks`,
} as const
const redirectUri = 'https://app.example/callback'
const anyText = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '')

describe('authorization requests', () => {
  const ownNames = [
    'client_id',
    'code_challenge',
    'code_challenge_method',
    'nonce',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
  ]
  const parameterName = fc
    .string({ unit: fc.constantFrom(...'abcxyz_&=#?%+ é'), minLength: 1, maxLength: 12 })
    .filter((name) => !['request', 'request_uri', 'client_secret', '__proto__', ...ownNames].includes(name))
  const scope = fc.string({ unit: fc.constantFrom(..."abz:/.&=+%!#'"), minLength: 1, maxLength: 12 })

  it('say what was asked for, and nothing else, whatever the values are', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        anyText,
        fc.array(scope, { maxLength: 4 }),
        fc.dictionary(parameterName, anyText, { maxKeys: 4, noNullPrototype: true }),
        fc.webPath(),
        async (clientId, state, scopes, parameters, path) => {
          const client = createOidcClient(metadata, { clientId, clientAuthentication: { kind: 'none' } })
          const login = { redirectUri: `https://app.example${path}`, scopes: ['openid', ...scopes], state, parameters }
          const { url } = await authorizationRequest(client, login)
          // As a provider reads it, from the text.
          const read = new URL(url.href)
          expect(read.origin + read.pathname).toBe(`${origin}/authorize`)
          expect(read.hash).toBe('')
          expect([...read.searchParams.keys()].toSorted()).toEqual([...ownNames, ...Object.keys(parameters)].toSorted())
          const expected = {
            ...parameters,
            client_id: clientId,
            state,
            scope: login.scopes.join(' '),
            redirect_uri: login.redirectUri,
          }
          for (const [name, value] of Object.entries(expected)) expect(read.searchParams.getAll(name)).toEqual([value])
        },
      ),
    )
  })
})

describe('client authentication', () => {
  /** The request to the token endpoint. */
  async function tokenRequest(options: OidcClientOptions): Promise<Request> {
    const requests: Request[] = []
    const client = createOidcClient(metadata, {
      ...options,
      async fetch(input, init) {
        requests.push(new Request(input, init))
        return Response.json({ error: 'invalid_grant' }, { status: 400 })
      },
    })
    const { transaction } = await authorizationRequest(client, { redirectUri, scopes: ['openid'] })
    const query = new URLSearchParams({ code: 'example', state: transaction.state })
    await exchangeCode(client, new URL(`${redirectUri}?${query}`), transaction)
    const [request] = requests
    if (request === undefined || requests.length > 1) throw new Error('not one request')
    return request
  }

  it('by Basic is read back as it is, whatever id and secret are', async () => {
    const id = anyText.filter((text) => !text.includes(':'))
    await fc.assert(
      fc.asyncProperty(id, anyText, async (clientId, secret) => {
        const clientAuthentication = { kind: 'client_secret_basic', secret } as const
        const request = await tokenRequest({ clientId, clientAuthentication })
        const encoded = request.headers.get('authorization')?.replace(/^Basic /, '') ?? ''
        const pair = Buffer.from(encoded, 'base64').toString()
        expect([pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]).toEqual([clientId, secret])
        expect(new URLSearchParams(await request.text()).has('client_secret')).toBe(false)
      }),
    )
  })

  it('by the body is read back as it is, and adds no parameter', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (clientId, secret) => {
        const clientAuthentication = { kind: 'client_secret_post', secret } as const
        const request = await tokenRequest({ clientId, clientAuthentication })
        const body = new URLSearchParams(await request.text())
        expect(request.headers.get('authorization')).toBeNull()
        expect([body.getAll('client_id'), body.getAll('client_secret')]).toEqual([[clientId], [secret]])
        expect([...body.keys()].toSorted()).toEqual(
          ['client_id', 'client_secret', 'code', 'code_verifier', 'grant_type', 'redirect_uri'].toSorted(),
        )
      }),
    )
  })
})

describe('token verification', () => {
  const now = 1_800_000_000
  const claims = { iss: origin, sub: 'ada', aud: 'app', iat: now, exp: now + 300 }
  let key: SigningKey
  let options: VerifyJwtOptions

  beforeAll(async () => {
    key = await createSigningKey('key-1', 'ES256')
    const document = { keys: [key.publicJwk] }
    const clock = (): number => now
    const jwks = createJwks({
      jwksUri: metadata.jwksUri,
      algorithms: ['ES256'],
      clock,
      fetch: async () => Response.json(document),
    })
    options = { jwks, algorithms: ['ES256'], issuers: [origin], audience: 'app', clock }
  })

  const refusal = { code: expect.stringMatching(/^oidc\//) }

  it('gives the claims that were signed', async () => {
    const value = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 })
    const name = fc
      .string({ minLength: 1 })
      .filter((text) => !['__proto__', 'nbf', ...Object.keys(claims)].includes(text))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { noNullPrototype: true }), async (more) => {
        const text = JSON.stringify({ ...more, ...claims })
        // A name that is refused wherever it stands.
        fc.pre(!text.includes('"__proto__"'))
        const signed = JSON.parse(text) as object
        const verified = await verifyJwt(await key.sign(signed), options)
        expect(verified.claims).toEqual(signed)
      }),
    )
  })

  it('refuses another header or payload under the same signature', async () => {
    const token = await key.sign(claims)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const change = fc.record({
      name: fc.constantFrom('iss', 'sub', 'aud', 'exp', 'admin', 'alg', 'kid', 'typ'),
      value: fc.jsonValue(),
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('header', 'payload'), change, async (part, { name, value }) => {
        const original = Buffer.from(part === 'header' ? header : payload, 'base64url').toString()
        const changed = encode({ ...(JSON.parse(original) as object), [name]: value })
        fc.pre(changed !== (part === 'header' ? header : payload))
        const forged = part === 'header' ? [changed, payload, signature] : [header, changed, signature]
        await expect(verifyJwt(forged.join('.'), options)).rejects.toMatchObject(refusal)
      }),
    )
  })

  it('refuses every bit that is turned, every part that is cut, and every token that is longer', async () => {
    const token = await key.sign(claims)
    const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'))
    const mutation = fc.oneof(
      fc.record({ kind: fc.constant('turn' as const), part: fc.nat(2), at: fc.nat(10_000) }),
      fc.record({ kind: fc.constant('cut' as const), part: fc.nat(2), at: fc.nat(10_000) }),
      fc.record({ kind: fc.constant('append' as const), part: fc.nat(2), at: fc.nat(255) }),
    )
    await fc.assert(
      fc.asyncProperty(mutation, async ({ kind, part, at }) => {
        const copies = parts.map((bytes) => Buffer.from(bytes))
        const bytes = copies[part] ?? Buffer.alloc(0)
        if (kind === 'turn') bytes[(at >> 3) % bytes.length] = (bytes[(at >> 3) % bytes.length] ?? 0) ^ (1 << (at & 7))
        if (kind === 'cut') copies[part] = bytes.subarray(0, at % bytes.length)
        if (kind === 'append') copies[part] = Buffer.concat([bytes, Buffer.from([at])])
        const mutated = copies.map((copy) => copy.toString('base64url')).join('.')
        await expect(verifyJwt(mutated, options)).rejects.toMatchObject(refusal)
      }),
      { numRuns: 500 },
    )
  })

  it('answers random bytes in the form of a token with a code', async () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('base64url'))
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'))
    const header = fc
      .record({ alg: fc.constantFrom('ES256', 'RS256', 'none'), kid: fc.jsonValue(), typ: fc.jsonValue() })
      .map((value) => encode(value))
    const token = fc
      .tuple(fc.oneof(bytes, json, header), fc.oneof(bytes, json), bytes, fc.array(bytes, { maxLength: 2 }))
      .map(([first, second, third, more]) => [first, second, third, ...more].join('.'))
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        await expect(verifyJwt(text, options)).rejects.toMatchObject(refusal)
      }),
      { numRuns: 500 },
    )
  })

  it('accepts in the time that the claims and the tolerance allow, to the second', async () => {
    const around = fc.integer({ min: -70, max: 70 })
    await fc.assert(
      fc.asyncProperty(around, around, around, fc.constantFrom(0, 10, 30, 60), async (iat, nbf, exp, tolerance) => {
        const token = await key.sign({ ...claims, iat: now + iat, nbf: now + nbf, exp: now + exp })
        const isGood = exp > 0 && iat <= tolerance && nbf <= tolerance
        const verdict = verifyJwt(token, { ...options, clockToleranceSeconds: tolerance })
        await (isGood ? expect(verdict).resolves.toBeDefined() : expect(verdict).rejects.toMatchObject(refusal))
      }),
    )
  })
})
