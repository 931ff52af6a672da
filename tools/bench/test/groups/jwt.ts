import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createJwks, verifyJwt } from '@latchkey/oidc/verify'
import { createWristbandJwtValidator } from '@wristband/typescript-jwt'
import { createVerifier } from 'fast-jwt'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import type { Candidate, Operation, Work } from '../../src/harness/measure.ts'
import { type JwtDemand, verifyJwtFloor } from '../floors/jwt.ts'
import { reference } from './reference.ts'
import { createReferenceAuth } from './reference-app.ts'

type Algorithm = JwtDemand['algorithm']

const { issuer, clientId: audience } = reference
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const
/** More than any cache of verified tokens holds: a token has been forgotten when its turn comes again. */
const distinctTokens = { RS256: 2500, ES256: 64, EdDSA: 64 }

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
const keys = new Map(algorithms.map((algorithm) => [algorithm as string, createPublicKey(pairs[algorithm].privateKey)]))
const publicKey = (algorithm: Algorithm): KeyObject => keys.get(algorithm) as KeyObject
const jwksUri = `${issuer}/api/v1/oauth2/jwks`
const jwks = algorithms.map((alg) => ({ ...publicKey(alg).export({ format: 'jwk' }), kid: alg, alg, use: 'sig' }))
// All fetch the keys once, before they are timed.
const fetchKeys = async (): Promise<Response> => Response.json({ keys: jwks })
globalThis.fetch = fetchKeys

const now = Math.floor(Date.now() / 1000)
/** Of 1,151 characters with RS256. */
const claimsOf = (index: number): object => ({
  iss: issuer,
  aud: audience,
  sub: 'user-1',
  sub_kind: 'user',
  client_id: audience,
  scope: 'orders:read orders:write',
  jti: String(index).padStart(410, '0'),
  iat: now,
  exp: now + 3600,
})

function tokenOf(algorithm: Algorithm, index: number): string {
  const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${base64url({ alg: algorithm, typ: 'at+jwt', kid: algorithm })}.${base64url(claimsOf(index))}`
  const { privateKey: key } = pairs[algorithm]
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  const form = algorithm === 'ES256' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key
  return `${input}.${sign(digest, Buffer.from(input), form).toString('base64url')}`
}

const tokensOf = (algorithm: Algorithm): readonly string[] =>
  Array.from({ length: distinctTokens[algorithm] }, (_, index) => tokenOf(algorithm, index))
const tokens = { RS256: tokensOf('RS256'), ES256: tokensOf('ES256'), EdDSA: tokensOf('EdDSA') }

type Verify<Result = unknown> = (token: string, index: number) => Result

/** Verifies one token after the other. */
function each(list: readonly string[], verify: Verify, read: (result: never) => unknown = (claims) => claims): Work {
  const headers = list.map((token) => `Bearer ${token}`)
  let next = 0
  const run = (): unknown => {
    next = (next + 1) % headers.length
    // A new text each time, as it is in a request.
    return verify((headers[next] ?? '').slice(7), next)
  }
  return { run, read: (result) => ({ ...(read(result) as object), jti: undefined }) }
}

const expected = { ...claimsOf(0), jti: undefined }
const floorOf = (algorithm: Algorithm): Verify<{ exp: number }> => {
  const demand: JwtDemand = { keys, algorithm, type: 'at+jwt', issuer, audience }
  return (token) => verifyJwtFloor(token, demand)
}

function verification(algorithm: Algorithm, goal: string): Operation {
  const list = tokens[algorithm]
  const candidate = (kind: Candidate['kind'], name: string, prepare: () => Work): Candidate => ({ kind, name, prepare })
  const official = candidate('official', '@wristband/typescript-jwt', () => {
    const validator = createWristbandJwtValidator({ wristbandApplicationVanityDomain: reference.domain })
    return each(
      list,
      (token) => validator.validate(token),
      ({ payload }: { payload: object }) => payload,
    )
  })
  const latchkey = candidate('ours', 'latchkey verifyJwt', () => {
    const accepted = [algorithm] as const
    const options = {
      jwks: createJwks({ jwksUri, algorithms: accepted, fetch: fetchKeys }),
      algorithms: accepted,
      issuers: [issuer],
      audience,
      types: ['at+jwt'],
    }
    return each(
      list,
      (token) => verifyJwt(token, options),
      ({ claims }: { claims: object }) => claims,
    )
  })
  const fastJwt = candidate('peer', 'fast-jwt', () => {
    const key = publicKey(algorithm).export({ type: 'spki', format: 'pem' })
    return each(list, createVerifier({ key, allowedIss: issuer, allowedAud: audience, algorithms: [algorithm] }))
  })
  const classic = candidate('peer', 'jsonwebtoken', () => {
    if (algorithm === 'EdDSA') throw new Error('it does not know EdDSA')
    const options = { issuer, audience, algorithms: [algorithm] }
    return each(list, (token) => jsonwebtoken.verify(token, publicKey(algorithm), options))
  })
  const jose = candidate('peer', 'jose', () => {
    const set = createRemoteJWKSet(new URL(jwksUri))
    const options = { issuer, audience, algorithms: [algorithm], typ: 'at+jwt' }
    return each(
      list,
      (token) => jwtVerify(token, set, options),
      ({ payload }: { payload: object }) => payload,
    )
  })
  const floor = candidate('floor', 'floor', () => each(list, floorOf(algorithm)))
  const candidates = [floor, latchkey, fastJwt, classic, jose, ...(algorithm === 'RS256' ? [official] : [])]
  return { operation: `${algorithm} warm`, goal, expected, candidates }
}

const auth = createReferenceAuth()

/** The guard of an API, on one token after the other. */
function bearerGuard(list: readonly string[]): Work {
  const requests = list.map((token) => {
    const headers = new Headers({ authorization: `Bearer ${token}`, host: 'app.example' })
    return { method: 'GET', url: '/', headers }
  })
  return each(
    list,
    // By its place: to find a request by its token in a map would cost more than the hash of the token.
    (_token, index) => auth.requireBearer(requests[index] as never),
    ({ bearer }: { bearer: { claims: object } }) => bearer.claims,
  )
}

const one = tokens.RS256.slice(0, 1)
const floor: Candidate = { name: 'floor', kind: 'floor', prepare: () => each(tokens.RS256, floorOf('RS256')) }

/** Verification with keys that are known, and the guard that an API calls. */
export const operations: readonly Operation[] = [
  verification('RS256', '≤ 1.25 × the floor'),
  verification('ES256', '≤ 1.25 × the floor'),
  verification('EdDSA', '≤ 1.25 × the floor'),
  {
    operation: 'requireBearer, RS256',
    goal: '≤ 1.4 × the floor',
    expected,
    candidates: [floor, { name: 'latchkey requireBearer', kind: 'ours', prepare: () => bearerGuard(tokens.RS256) }],
  },
  {
    operation: 'repeated token, against the floor of a new one',
    goal: '≤ 0.15 × the floor',
    expected,
    candidates: [
      floor,
      { name: 'latchkey requireBearer', kind: 'ours', prepare: () => bearerGuard(one) },
      {
        name: 'fast-jwt, cache of 1,000',
        kind: 'peer',
        prepare() {
          const key = publicKey('RS256').export({ type: 'spki', format: 'pem' })
          return each(one, createVerifier({ key, allowedIss: issuer, allowedAud: audience, cache: 1000 }))
        },
      },
      {
        name: 'floor with a Map of tokens',
        kind: 'bare',
        prepare() {
          const known = new Map<string, { exp: number }>()
          const verify = floorOf('RS256')
          return each(one, (token, index) => {
            const claims = known.get(token) ?? verify(token, index)
            known.set(token, claims)
            return claims.exp > Date.now() / 1000 ? claims : null
          })
        },
      },
    ],
  },
]
