import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  authorizationFaults,
  type Memory,
  type Received,
  redemptionFaults,
  resourceRequestFaults,
  tokenRequestFaults,
} from './implicit-checks.ts'
import { registration } from './registration.ts'

type Fields = Readonly<Record<string, string>>

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const [redirectUri] = registration.redirectUris
const authorization = {
  response_type: 'code',
  client_id: registration.clientId,
  redirect_uri: redirectUri,
  scope: 'openid email',
  state: 'a-state-of-many-characters',
  nonce: 'a-nonce-of-many-characters',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}
const redemption = {
  grant_type: 'authorization_code',
  code: 'example',
  redirect_uri: redirectUri,
  code_verifier: verifier,
}
const basic = `Basic ${Buffer.from(`${registration.clientId}:${registration.clientSecret}`).toString('base64')}`
const tokenHeaders = { 'content-type': 'application/x-www-form-urlencoded', authorization: basic }

const memory = (): Memory => ({ challenges: new Set(), nonces: new Set(), states: new Set(), verifiers: new Set() })
const received = (changes: Partial<Received>): Received => ({
  method: 'GET',
  query: new URLSearchParams(),
  body: new URLSearchParams(),
  headers: {},
  ...changes,
})
const authorize = (changes: Fields, seen: Memory = memory()): readonly string[] =>
  authorizationFaults(received({ query: new URLSearchParams({ ...authorization, ...changes }) }), seen)
const redeem = (changes: Fields, seen: Memory = memory()): readonly string[] =>
  redemptionFaults(
    received({ method: 'POST', body: new URLSearchParams({ ...redemption, ...changes }) }),
    new URLSearchParams(authorization),
    seen,
  )
const requestToken = (changes: Partial<Received>): readonly string[] =>
  tokenRequestFaults(
    received({ method: 'POST', body: new URLSearchParams(redemption), headers: tokenHeaders, ...changes }),
  )

it('finds nothing wrong with requests that are right', () => {
  expect(authorize({})).toEqual([])
  expect(requestToken({})).toEqual([])
  expect(redeem({})).toEqual([])
  expect(resourceRequestFaults(received({ headers: { authorization: 'Bearer example.token' } }))).toEqual([])
})

it.each<[string, Fields]>([
  ['response_type is code', { response_type: 'code id_token' }],
  ['client_id matches', { client_id: 'another' }],
  ['redirect_uri is registered', { redirect_uri: `${redirectUri}/` }],
  ['scope has openid', { scope: 'openid2 email' }],
  ['there is no request object', { request_uri: 'https://app.example/request' }],
  ['no secret is in a URL', { client_secret: 'example' }],
  ['max_age=0 never comes with prompt=none', { max_age: '0', prompt: 'none' }],
  ['PKCE is S256', { code_challenge_method: 'plain' }],
  ['the code challenge is new', { code_challenge: 'short' }],
  ['the nonce is new, URL-safe and short', { nonce: 'x'.repeat(44) }],
  ['the nonce is new, URL-safe and short', { nonce: 'with a space' }],
  ['the state is new and long enough', { state: 'short' }],
])('wants of an authorization request that %s', (rule, changes) => {
  expect(authorize(changes)).toEqual([rule])
})

it('remembers what may be used once', () => {
  const seen = memory()
  authorize({}, seen)
  expect(authorize({}, seen)).toHaveLength(3)
  redeem({}, seen)
  expect(redeem({}, seen)).toEqual(['the code verifier is never reused'])
})

it.each<[string, Partial<Received>]>([
  ['the token request is a POST without a query', { query: new URLSearchParams({ code: 'example' }) }],
  ['the token request is a form', { headers: { ...tokenHeaders, 'content-type': 'application/json' } }],
  ['no parameter is repeated', { body: new URLSearchParams('code=1&code=2') }],
  [
    'the client authenticates by client_secret_basic alone',
    { body: new URLSearchParams({ ...redemption, client_secret: registration.clientSecret }) },
  ],
  ['the client authentication is right', { headers: { ...tokenHeaders, authorization: `Basic ${btoa('a:b')}` } }],
  ['client_id in the body is the same', { body: new URLSearchParams({ client_id: 'another' }) }],
])('wants of a token request that %s', (rule, changes) => {
  expect(requestToken(changes)).toEqual([rule])
})

it.each<[string, Fields]>([
  ['redirect_uri is the same, byte for byte', { redirect_uri: `${redirectUri}?` }],
  ['the code verifier is long and random', { code_verifier: 'abababababababababababababababababababababab' }],
  ['the code verifier is that of the challenge', { code_verifier: `${verifier}x` }],
])('wants of a redemption that %s', (rule, changes) => {
  expect(redeem(changes)).toContain(rule)
})

it('takes a code once, and access tokens in one place', () => {
  expect(redemptionFaults(received({ body: new URLSearchParams(redemption) }), undefined, memory())).toContain(
    'a code is redeemed once',
  )
  const body = new URLSearchParams({ access_token: 'example' })
  const headers = { authorization: 'Bearer example' }
  expect(resourceRequestFaults(received({ headers, body }))).toHaveLength(1)
  expect(resourceRequestFaults(received({ headers, query: body }))).toHaveLength(1)
  expect(resourceRequestFaults(received({}))).toHaveLength(1)
})
