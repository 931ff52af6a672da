import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { registration } from './registration.ts'

/** A request of the browser or of the relying party, read. */
export interface Received {
  readonly method: string
  readonly query: URLSearchParams
  readonly body: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** What was sent once and may never be sent again. */
export interface Memory {
  readonly challenges: Set<string>
  readonly nonces: Set<string>
  readonly states: Set<string>
  readonly verifiers: Set<string>
}

/** A rule and whether it was kept. */
type Check = readonly [kept: boolean, rule: string]

/** The names of the rules that an authorization request breaks. */
export function authorizationFaults({ method, query, body }: Received, memory: Memory): readonly string[] {
  const nonce = query.get('nonce') ?? ''
  const state = query.get('state') ?? ''
  const challenge = query.get('code_challenge') ?? ''
  return broken([
    [method === 'GET' && body.size === 0, 'the authorization request is a GET'],
    [new Set(query.keys()).size === query.size, 'no parameter is repeated'],
    [query.get('response_type') === 'code', 'response_type is code'],
    [query.get('client_id') === registration.clientId, 'client_id matches'],
    [isOneOf(registration.redirectUris, query.get('redirect_uri')), 'redirect_uri is registered'],
    [(query.get('scope') ?? '').split(' ').includes('openid'), 'scope has openid'],
    [!query.has('request') && !query.has('request_uri'), 'there is no request object'],
    [!query.has('client_secret'), 'no secret is in a URL'],
    [!(query.get('max_age') === '0' && query.get('prompt') === 'none'), 'max_age=0 never comes with prompt=none'],
    [query.get('code_challenge_method') === 'S256', 'PKCE is S256'],
    [/^[\w-]{43}$/.test(challenge) && isNew(memory.challenges, challenge), 'the code challenge is new'],
    [/^[\w.~-]{8,43}$/.test(nonce) && isNew(memory.nonces, nonce), 'the nonce is new, URL-safe and short'],
    [state.length >= 22 && isNew(memory.states, state), 'the state is new and long enough'],
  ])
}

/** The names of the rules that a request to the token endpoint breaks, whatever its grant. */
export function tokenRequestFaults({ method, query, body, headers }: Received): readonly string[] {
  const basic = readBasic(headers.authorization)
  const hasBodySecret = body.has('client_secret')
  return broken([
    [method === 'POST' && query.size === 0, 'the token request is a POST without a query'],
    [/^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? ''), 'the token request is a form'],
    [new Set(body.keys()).size === body.size, 'no parameter is repeated'],
    [basic !== null && !hasBodySecret, 'the client authenticates by client_secret_basic alone'],
    [
      basic?.id === registration.clientId && basic.secret === registration.clientSecret,
      'the client authentication is right',
    ],
    [!body.has('client_id') || body.get('client_id') === registration.clientId, 'client_id in the body is the same'],
  ])
}

/** The names of the rules that the redemption of a code breaks. `authorization` is the request that it was issued for. */
export function redemptionFaults(
  { body }: Received,
  authorization: URLSearchParams | undefined,
  memory: Memory,
): readonly string[] {
  const verifier = body.get('code_verifier') ?? ''
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return broken([
    [authorization !== undefined, 'a code is redeemed once'],
    [body.get('redirect_uri') === authorization?.get('redirect_uri'), 'redirect_uri is the same, byte for byte'],
    [/^[\w.~-]{43,128}$/.test(verifier) && entropyBits(verifier) >= 128, 'the code verifier is long and random'],
    [challenge === authorization?.get('code_challenge'), 'the code verifier is that of the challenge'],
    [isNew(memory.verifiers, verifier), 'the code verifier is never reused'],
  ])
}

/** The names of the rules that a call with an access token breaks. */
export function resourceRequestFaults({ query, body, headers }: Received): readonly string[] {
  const inHeader = /^Bearer [\w.~+/-]+=*$/.test(headers.authorization ?? '')
  const names = ['access_token', 'token', 'id_token', 'client_secret']
  return broken([
    [inHeader !== body.has('access_token'), 'the access token is in the header or in the body, not in both'],
    [names.every((name) => !query.has(name)), 'no token is in a URL'],
  ])
}

function broken(checks: readonly Check[]): readonly string[] {
  return checks.filter(([kept]) => !kept).map(([, rule]) => rule)
}

function isOneOf(list: readonly string[], value: string | null): boolean {
  return value !== null && list.includes(value)
}

function isNew(seen: Set<string>, value: string): boolean {
  const before = seen.size
  seen.add(value)
  return seen.size > before
}

/** Form-encoded as RFC 6749 has it, or raw: for unreserved characters both are the same. */
function readBasic(header: string | undefined): { readonly id: string; readonly secret: string } | null {
  const encoded = /^Basic ([\w+/]+=*)$/.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  const [id = '', secret = ''] = [pair.slice(0, colon), pair.slice(colon + 1)].map(decodeURIComponent)
  return { id, secret }
}

/** Shannon's estimate from the frequency of the characters. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length)
  return bits
}
