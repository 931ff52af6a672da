import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey, encode } from '../../test/signing-key.ts'
import { clientId, clientSecret, now, type StubProvider, startStubProvider, subject } from '../../test/stub-provider.ts'
import {
  authorizationRequest,
  createOidcClient,
  exchangeCode,
  type OidcClient,
  type OidcClientOptions,
  type OidcMetadata,
  type OidcTransaction,
} from '../index.ts'
import { accessTokenHash } from '../verify/id-token.ts'

let provider: StubProvider
let client: OidcClient
let transaction: OidcTransaction
let claims: Record<string, unknown>

const createClient = (metadata: Partial<OidcMetadata> = {}, options: Partial<OidcClientOptions> = {}): OidcClient =>
  createOidcClient(
    { ...provider.metadata, ...metadata },
    {
      clientId,
      clientAuthentication: { kind: 'client_secret_basic', secret: clientSecret },
      clock: () => now,
      ...options,
    },
  )
const callbackOf = (parameters: Record<string, string> = {}): URL =>
  new URL(
    `https://app.example/callback?${new URLSearchParams({ code: 'example-code', state: transaction.state, ...parameters })}`,
  )
const finish = (callback = callbackOf()) => exchangeCode(client, callback, transaction)
const paths = () => provider.requests.map(({ path }) => path)

beforeAll(async () => {
  provider = await startStubProvider()
})
afterAll(() => provider.close())
beforeEach(async () => {
  provider.requests.length = 0
  provider.answers.clear()
  client = createClient()
  transaction = (
    await authorizationRequest(client, { redirectUri: 'https://app.example/callback', scopes: ['openid'] })
  ).transaction
  claims = provider.claims(transaction.nonce)
  provider.answerTokens(await provider.key.sign(claims))
})

describe('a good login', () => {
  it('redeems the code with PKCE and returns claims and tokens', async () => {
    provider.answerTokens(await provider.key.sign(claims), { refresh_token: 'example-refresh-token', scope: 'openid' })
    await expect(finish()).resolves.toEqual({
      kind: 'completed',
      claims,
      tokens: {
        accessToken: 'example-access-token',
        idToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        refreshToken: 'example-refresh-token',
        expiresAt: now + 1800,
        scope: 'openid',
      },
    })
    expect(paths()).toEqual(['/token', '/jwks'])
    const [request] = provider.requests
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      },
    })
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'example-code',
      redirect_uri: 'https://app.example/callback',
      code_verifier: transaction.codeVerifier,
    })
  })

  it('takes every issuer of the set, in callback and token', async () => {
    const [, custom] = provider.metadata.issuers
    provider.answerTokens(await provider.key.sign({ ...claims, iss: custom }))
    await expect(finish(callbackOf({ iss: custom ?? '' }))).resolves.toMatchObject({ claims: { iss: custom } })
  })

  it.each(['JWT', 'jwt', 'id+JWT', undefined])('takes the type %s', async (typ) => {
    provider.answerTokens(await provider.key.sign(claims, typ === undefined ? {} : { typ }))
    await expect(finish()).resolves.toMatchObject({ kind: 'completed' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['a list of one audience', { aud: [clientId] }],
    ['several audiences and our azp', { aud: [clientId, 'other'], azp: clientId }],
    ['iat and nbf 10 seconds ahead', { iat: now + 10, nbf: now + 10 }],
    ['exp in a second', { exp: now + 1 }],
  ])('takes %s', async (_title, changes) => {
    provider.answerTokens(await provider.key.sign({ ...claims, ...changes }))
    await expect(finish()).resolves.toMatchObject({ kind: 'completed' })
  })

  it('takes a right at_hash', async () => {
    const at_hash = await accessTokenHash('example-access-token', 'RS256')
    provider.answerTokens(await provider.key.sign({ ...claims, at_hash }))
    await expect(finish()).resolves.toMatchObject({ kind: 'completed' })
  })

  it('takes an access token of the same user, and one that cannot be read', async () => {
    const access = await provider.key.sign({ sub: subject })
    for (const access_token of [access, 'opaque', 'a.b.c']) {
      provider.answerTokens(await provider.key.sign(claims), { access_token })
      await expect(finish()).resolves.toMatchObject({ kind: 'completed' })
    }
  })

  it.each([
    ['bEARER', { token_type: 'bEARER' }, 1800],
    ['no expires_in', { expires_in: undefined }, 300],
    ['expires_in as text', { expires_in: '60' }, 60],
    ['expires_in of 0', { expires_in: 0 }, 0],
    ['expires_in with a fraction', { expires_in: 1.5 }, 1],
    ['expires_in with a fraction, as text', { expires_in: '60.9' }, 60],
    ['expires_in of -1, which says nothing', { expires_in: -1 }, 300],
    ['expires_in of 1e18, which says nothing', { expires_in: 1e18 }, 300],
    ['expires_in with a unit, which says nothing', { expires_in: '300 s' }, 300],
    ['expires_in as a list, which says nothing', { expires_in: [1800] }, 300],
    ['expires_in as an object, which says nothing', { expires_in: {} }, 300],
    ['expires_in that is true, which says nothing', { expires_in: true }, 300],
    ['an empty expires_in, which says nothing', { expires_in: '' }, 300],
  ])('takes %s', async (_title, changes, lifetime) => {
    provider.answerTokens(await provider.key.sign(claims), changes)
    await expect(finish()).resolves.toMatchObject({ tokens: { expiresAt: now + lifetime } })
  })

  it('takes a number that no computer holds for expires_in, which says nothing', async () => {
    const id_token = await provider.key.sign(claims)
    const body = JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 1, id_token })
    provider.answers.set('/token', { body: body.replace('"expires_in":1', '"expires_in":1e400') })
    await expect(finish()).resolves.toMatchObject({ tokens: { expiresAt: now + 300 } })
  })

  it.each([
    ['a scope that is a list', { scope: ['openid'] }],
    ['a scope that is a number', { scope: 7 }],
    ['an empty scope', { scope: '' }],
    ['an empty refresh token', { refresh_token: '' }],
  ])('takes %s as none', async (_title, changes) => {
    provider.answerTokens(await provider.key.sign(claims), changes)
    const result = await finish()
    expect(result).toMatchObject({ kind: 'completed' })
    expect(Object.entries((result as { tokens: object }).tokens).filter(([, value]) => value !== undefined)).toEqual([
      ['accessToken', 'example-access-token'],
      ['expiresAt', now + 1800],
      ['idToken', expect.any(String)],
    ])
  })

  it('encodes a code that brings parameters along', async () => {
    await finish(callbackOf({ code: 'a&grant_type=password&client_id=evil' }))
    const body = new URLSearchParams(provider.requests[0]?.body)
    expect(body.getAll('grant_type')).toEqual(['authorization_code'])
    expect(body.get('code')).toBe('a&grant_type=password&client_id=evil')
  })

  it('finds the key that the provider changed just before it signed', async () => {
    await finish()
    const next = await createSigningKey('key-2')
    provider.answers.set('/jwks', { body: { keys: [next.publicJwk] } })
    provider.answerTokens(await next.sign(claims))
    await expect(finish()).resolves.toMatchObject({ kind: 'completed' })
  })
})

describe('a callback that is not right', () => {
  const callback = (query: string): URL =>
    new URL(`https://app.example/callback?${query.replace('$', transaction.state)}`)
  it.each<[string, string, string]>([
    ['nothing', '', 'oidc/callback_invalid'],
    ['neither code nor error', 'state=$', 'oidc/callback_invalid'],
    ['an empty code', 'code=&state=$', 'oidc/callback_invalid'],
    ['an empty error', 'error=&state=$', 'oidc/callback_invalid'],
    ['code and error', 'code=c&error=access_denied&state=$', 'oidc/callback_invalid'],
    ['two codes', 'code=c&code=d&state=$', 'oidc/callback_invalid'],
    ['two states', 'code=c&state=$&state=$', 'oidc/callback_invalid'],
    ['two issuers', 'code=c&state=$&iss=a&iss=a', 'oidc/callback_invalid'],
    ['any parameter twice', 'code=c&state=$&x=1&x=2', 'oidc/callback_invalid'],
    ['JARM', 'code=c&state=$&response=a.b.c', 'oidc/callback_invalid'],
    ['an ID token', 'code=c&state=$&id_token=a.b.c', 'oidc/callback_invalid'],
    ['no state', 'code=c', 'oidc/state_mismatch'],
    ['an empty state', 'code=c&state=', 'oidc/state_mismatch'],
    ['another state', 'code=c&state=$1', 'oidc/state_mismatch'],
    ['a state cut short', 'code=c&state=A', 'oidc/state_mismatch'],
    ['an error without state', 'error=access_denied', 'oidc/state_mismatch'],
    ['another issuer', 'code=c&state=$&iss=https://evil.example', 'oidc/response_issuer_mismatch'],
    ['an empty issuer', 'code=c&state=$&iss=', 'oidc/response_issuer_mismatch'],
    ['an error of another issuer', 'error=access_denied&state=$&iss=x', 'oidc/response_issuer_mismatch'],
  ])('refuses %s and asks for no token', async (_title, query, code) => {
    await expect(finish(callback(query))).rejects.toMatchObject({ code, status: 400 })
    expect(provider.requests).toEqual([])
  })

  it('refuses a near miss of the issuer', async () => {
    await expect(finish(callbackOf({ iss: `${provider.metadata.issuers[0]}1` }))).rejects.toMatchObject({
      code: 'oidc/response_issuer_mismatch',
    })
  })

  it('refuses a missing issuer where the provider promises it', async () => {
    client = createClient({ authorizationResponseIssuer: 'required' })
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/response_issuer_mismatch' })
    expect(provider.requests).toEqual([])
    await expect(finish(callbackOf({ iss: provider.metadata.issuers[0] }))).resolves.toMatchObject({
      kind: 'completed',
    })
  })

  it('refuses everything where the transaction is empty', async () => {
    await expect(exchangeCode(client, callback('code=c&state='), { ...transaction, state: '' })).rejects.toMatchObject({
      code: 'oidc/state_mismatch',
    })
    await expect(exchangeCode(client, callback('code=c'), {} as never)).rejects.toMatchObject({
      code: 'oidc/state_mismatch',
    })
  })

  it.each([
    ['login_required', 'login_required'],
    ['access_denied', 'access_denied'],
    ['<script>alert(1)</script>', 'unknown'],
    ['x'.repeat(65), 'unknown'],
    ['ACCESS', 'unknown'],
  ])('returns the error %s as %s', async (error, expected) => {
    const query = new URLSearchParams({ error, error_description: '<b>', state: transaction.state })
    await expect(finish(callback(`${query}`))).resolves.toEqual({
      kind: 'refused',
      at: 'authorization',
      error: expected,
    })
    expect(provider.requests).toEqual([])
  })
})

describe('a token endpoint at fault', () => {
  const oauthError = (error: string) => ({ body: { error, error_description: 'example vendor text' } })
  const challenge = { 'www-authenticate': 'Basic realm="example", error="invalid_client"' }

  it.each(['invalid_client', 'unauthorized_client'])('says that the client was refused at %s', async (error) => {
    for (const answer of [
      { status: 401, ...oauthError(error), headers: challenge },
      { status: 400, ...oauthError(error) },
    ]) {
      // A client that was refused does not ask again for 30 seconds.
      client = createClient()
      provider.answers.set('/token', answer)
      await expect(finish()).rejects.toMatchObject({
        code: 'oidc/client_refused',
        status: 502,
        cause: { status: answer.status, error },
      })
    }
    expect(paths()).toEqual(['/token', '/token'])
  })

  it.each([
    [{ status: 400, ...oauthError('invalid_grant') }, 'invalid_grant'],
    [{ status: 400, ...oauthError('invalid_grant'), headers: challenge }, 'invalid_grant'],
    [{ status: 400, ...oauthError('<script>') }, 'unknown'],
  ])('returns what the endpoint refuses: %j', async (answer, error) => {
    provider.answers.set('/token', answer)
    await expect(finish()).resolves.toEqual({ kind: 'refused', at: 'token', error })
    expect(paths()).toEqual(['/token'])
  })

  const html = { headers: { 'content-type': 'text/html' }, body: '<p>example</p>' }
  it.each([
    ['500 with HTML', { status: 500, ...html }],
    ['500 with an OAuth error', { status: 500, ...oauthError('invalid_grant') }],
    ['503 with JSON', { status: 503, body: {} }],
    ['404', { status: 404, ...oauthError('invalid_grant') }],
    ['400 with HTML', { status: 400, ...html }],
    ['400 without an error', { status: 400, body: {} }],
    ['400 with an error that is no text', { status: 400, body: { error: { code: 1 } } }],
  ])('fails at %s', async (_title, answer) => {
    provider.answers.set('/token', answer)
    await expect(finish()).rejects.toMatchObject({
      code: 'oidc/token_request_failed',
      status: 502,
      cause: { status: answer.status },
    })
    expect(paths()).toEqual(['/token'])
  })

  it.each([
    ['200 with HTML', html],
    ['200 with an error', oauthError('invalid_grant')],
    ['201', { status: 201, body: { access_token: 'a', token_type: 'Bearer', id_token: 'b' } }],
    ['nothing', { body: '' }],
    ['null', { body: 'null' }],
    ['a list', { body: '[]' }],
    ['half a JSON', { body: '{"access_token":"a"' }],
    ['a byte order mark', { body: '\ufeff{"access_token":"a","token_type":"Bearer"}' }],
    ['a million levels', { body: '['.repeat(500_000) }],
    ['a member twice', { body: '{"access_token":"a","access_token":"b","token_type":"Bearer","id_token":"c"}' }],
    ['JSON as text', { headers: { 'content-type': 'text/plain' }, body: '{"access_token":"a","token_type":"Bearer"}' }],
  ])('refuses %s as an answer', async (_title, answer) => {
    provider.answers.set('/token', answer)
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/token_response_invalid', status: 502 })
  })

  it.each<[string, Record<string, unknown>]>([
    ['no access token', { access_token: undefined }],
    ['an empty access token', { access_token: '' }],
    ['an access token that is an object', { access_token: {} }],
    ['no token type', { token_type: undefined }],
    ['the token type mac', { token_type: 'mac' }],
    ['the token type DPoP', { token_type: 'DPoP' }],
    ['an access token that no header takes', { access_token: 'a\r\nb' }],
    ['an access token beyond ASCII', { access_token: 'é' }],
    ['a refresh token that is an object', { refresh_token: {} }],
    ['an ID token that is an object', { id_token: {} }],
  ])('refuses %s', async (_title, changes) => {
    provider.answerTokens(await provider.key.sign(claims), changes)
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/token_response_invalid' })
    expect(paths()).toEqual(['/token'])
  })

  it('refuses an answer without ID token', async () => {
    for (const id_token of [undefined, null, '']) {
      provider.answerTokens('', { id_token })
      await expect(finish()).rejects.toMatchObject({ code: 'oidc/id_token_missing' })
    }
  })

  it('follows no redirect', async () => {
    provider.answers.set('/token', {
      status: 307,
      headers: { location: `${provider.metadata.issuers[0]}/elsewhere` },
      body: '',
    })
    await expect(finish()).rejects.toMatchObject({ code: 'core/unexpected_redirect' })
    expect(paths()).toEqual(['/token'])
  })
})

describe('an ID token that is not right', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a near miss of the issuer', { iss: 'near' }, 'oidc/issuer_mismatch'],
    ['no issuer', { iss: undefined }, 'oidc/issuer_mismatch'],
    ['no subject', { sub: undefined }, 'oidc/subject_missing'],
    ['an empty subject', { sub: '' }, 'oidc/subject_missing'],
    ['a subject that is a number', { sub: 7 }, 'oidc/subject_missing'],
    ['a subject of 256 characters', { sub: 'x'.repeat(256) }, 'oidc/subject_missing'],
    ['a near miss of the audience', { aud: `${clientId}1` }, 'oidc/audience_mismatch'],
    ['no audience', { aud: undefined }, 'oidc/audience_mismatch'],
    ['other audiences', { aud: ['a', 'b'] }, 'oidc/audience_mismatch'],
    ['several audiences without azp', { aud: [clientId, 'other'] }, 'oidc/authorized_party_mismatch'],
    ['another azp', { azp: `${clientId}1` }, 'oidc/authorized_party_mismatch'],
    ['several audiences and a null azp', { aud: [clientId, 'other'], azp: null }, 'oidc/authorized_party_mismatch'],
    ['exp six minutes ago', { exp: now - 360 }, 'oidc/token_expired'],
    ['exp as text', { exp: `${now + 300}` }, 'oidc/token_expired'],
    ['no exp', { exp: undefined }, 'oidc/token_expired'],
    ['iat an hour ahead', { iat: now + 3600 }, 'oidc/issued_at_invalid'],
    ['no iat', { iat: undefined }, 'oidc/issued_at_invalid'],
    ['nbf ahead', { nbf: now + 11 }, 'oidc/not_yet_valid'],
    ['a near miss of the nonce', { nonce: 'near' }, 'oidc/nonce_mismatch'],
    ['no nonce', { nonce: undefined }, 'oidc/nonce_mismatch'],
    ['an empty nonce', { nonce: '' }, 'oidc/nonce_mismatch'],
    ['a nonce in a list', { nonce: ['x'] }, 'oidc/nonce_mismatch'],
    ['a wrong at_hash', { at_hash: '77QmUPtjPfzWtF2AnpK9RQ' }, 'oidc/access_token_hash_mismatch'],
  ])('refuses %s', async (_title, changes, code) => {
    const near = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, value === 'near' ? `${claims[name]}1` : value]),
    )
    provider.answerTokens(await provider.key.sign({ ...claims, ...near }))
    await expect(finish()).rejects.toMatchObject({ code, status: 401 })
    expect(paths()).toEqual(['/token', '/jwks'])
  })

  it.each(['at+jwt', 'logout+jwt', 'JWE'])('refuses the type %s', async (typ) => {
    provider.answerTokens(await provider.key.sign(claims, { typ }))
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/type_not_allowed' })
  })

  it('refuses a token of another key, and reports that before any claim', async () => {
    const evil = await createSigningKey('key-1')
    provider.answerTokens(await evil.sign({ ...claims, iss: 'https://evil.example', exp: 1 }))
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
  })

  it('refuses a token of an unknown key', async () => {
    const evil = await createSigningKey('evil')
    provider.answerTokens(await evil.sign(claims))
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/key_not_found' })
  })

  it.each(['none', 'None', '', 'HS256', 'ES256'])('refuses the algorithm %j', async (alg) => {
    const [, payload, signature] = (await provider.key.sign(claims)).split('.')
    for (const end of ['', signature]) {
      provider.answerTokens(`${encode({ alg, kid: 'key-1' })}.${payload}.${end}`)
      await expect(finish()).rejects.toMatchObject({ code: 'oidc/algorithm_not_allowed' })
    }
    expect(paths()).not.toContain('/jwks')
  })

  it('refuses what is no JWS', async () => {
    provider.answerTokens('example.of.none.in.five')
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/token_malformed' })
  })

  it('refuses the access token of another user', async () => {
    for (const other of [{ sub: `${subject}1` }, { sub: '' }, { sub: 7 }, { sub: [subject] }]) {
      provider.answerTokens(await provider.key.sign(claims), { access_token: await provider.key.sign(other) })
      await expect(finish()).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    }
  })

  it('is unavailable without keys', async () => {
    provider.answers.set('/jwks', { status: 500, body: {} })
    await expect(finish()).rejects.toMatchObject({ code: 'oidc/jwks_unavailable', status: 503 })
  })
})

it('shows no code, verifier, secret or token in any error', async () => {
  const canaries = [clientSecret, btoa(`${clientId}:${clientSecret}`), transaction.codeVerifier, transaction.nonce]
  const idTokens: string[] = []
  const errors: unknown[] = []
  const attempt = async (callback = callbackOf({ code: 'canary-code' })) =>
    errors.push(await finish(callback).catch((error) => error))
  const tokens = { access_token: 'canary-access', refresh_token: 'canary-refresh', id_token: 'canary-id' }
  const answers = [
    { status: 400, body: { error: 'invalid_client', error_description: 'canary-text', ...tokens } },
    { status: 500, body: tokens },
    { body: { error: 'canary', ...tokens } },
    { body: { ...tokens, token_type: 'mac' } },
    { body: `{"access_token":"canary-access"` },
    { status: 302, headers: { location: '/?code=canary-code' }, body: '' },
  ]
  for (const answer of answers) {
    provider.answers.set('/token', answer)
    await attempt()
  }
  for (const changes of [
    { iss: 'x' },
    { exp: 1 },
    { nonce: 'canary-nonce' },
    { at_hash: 'x' },
    { aud: 'canary-audience' },
  ]) {
    const idToken = await provider.key.sign({ ...claims, ...changes })
    idTokens.push(idToken)
    provider.answerTokens(idToken, { access_token: 'canary-access' })
    await attempt()
  }
  await attempt(callbackOf({ state: 'canary-state' }))
  await attempt(callbackOf({ iss: 'https://canary.example' }))
  provider.answers.set('/jwks', { status: 500, body: 'canary-keys' })
  client = createClient()
  await attempt()

  expect(errors).toHaveLength(14)
  for (const error of errors) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(oidc|core)\//) })
    const text = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }) + JSON.stringify(error)
    for (const canary of ['canary', ...canaries, ...idTokens]) expect(text).not.toContain(canary)
  }
  expect(inspect(client, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(clientSecret)
})
