import type { JsonObject } from '@latchkey/core'
import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { rejection } from '../../test/rejection.ts'
import { cancelUrl, clientOf, redirectUri } from '../../test/wink-client.ts'
import {
  clientId,
  clientSecret,
  json,
  now,
  profile,
  standInForWink,
  subject,
  type WinkStandIn,
} from '../../test/wink-stand-in.ts'
import type { WinkLoginOptions } from '../client/server-login.ts'
import type { WinkServerTransaction } from '../client/transaction.ts'
import type { WinkClient } from '../client/wink-client.ts'
import type { WinkClientOptions } from '../model/options.ts'

let wink: WinkStandIn
standInForWink((started) => {
  wink = started
})

interface Login {
  readonly client: WinkClient
  readonly transaction: WinkServerTransaction
  readonly callback: URL
}

/** A login whose callback is on its way back, with a code. */
async function begin(login: Partial<WinkLoginOptions> = {}, options: Partial<WinkClientOptions> = {}): Promise<Login> {
  const client = clientOf(wink, options)
  const { transaction } = await client.startLogin({ redirectUri, cancelUrl, ...login })
  const callback = new URL(`${redirectUri}?code=example-code&state=${encodeURIComponent(transaction.state)}`)
  wink.requests.length = 0
  return { client, transaction, callback }
}

type Claims = Record<string, unknown>

async function handOut({ transaction }: Login, claims: { access?: Claims; id?: Claims } = {}): Promise<void> {
  wink.tokens({
    accessToken: await wink.accessToken(claims.access),
    idToken: await wink.idToken({ nonce: transaction.nonce, ...claims.id }),
  })
}

const finish = ({ client, callback, transaction }: Login) => client.finishLogin(callback, transaction)

describe('finishLogin', () => {
  it('redeems the code itself and gives the user, where to return, and no token', async () => {
    const login = await begin({ returnTo: '/payroll' })
    await handOut(login)
    const result = await finish(login)
    expect(Object.keys(result).toSorted()).toEqual(['identity', 'kind', 'returnTo', 'tokens'])
    expect(result).toMatchObject({
      kind: 'completed',
      identity: { provider: 'wink', issuer: wink.issuer, subject, authenticatedAt: now, authTimeSource: 'requested' },
      tokens: null,
      returnTo: '/payroll',
    })
    const form = Object.fromEntries(new URLSearchParams(wink.to('token')[0]?.body))
    expect(form).toEqual({
      grant_type: 'authorization_code',
      code: 'example-code',
      redirect_uri: redirectUri,
      code_verifier: login.transaction.codeVerifier,
      client_id: clientId,
      client_secret: clientSecret,
    })
  })

  it('survives a transaction that was stored as JSON', async () => {
    const login = await begin()
    await handOut(login)
    const stored = JSON.parse(JSON.stringify(login.transaction)) as WinkServerTransaction
    await expect(login.client.finishLogin(login.callback, stored)).resolves.toMatchObject({
      kind: 'completed',
      returnTo: '/',
    })
  })

  it('authenticates to the token endpoint as the option says', async () => {
    const basic = await begin({}, { clientAuthentication: 'client_secret_basic' })
    await handOut(basic)
    await finish(basic)
    expect(wink.to('token')[0]?.headers.authorization).toMatch(/^Basic /)
    expect(wink.to('token')[0]?.body).not.toContain('client_secret')

    const open = await begin({}, { clientAuthentication: 'none' })
    await handOut(open)
    await finish(open)
    expect(wink.to('token')[0]?.headers.authorization).toBeUndefined()
    expect(wink.to('token')[0]?.body).not.toContain('client_secret')
  })

  it.each([401, 400])('names the other ways when Wink refuses the client with %i', async (status) => {
    const login = await begin()
    wink.answers.token = (response) => json(response, { error: 'invalid_client' }, status)
    const error = await rejection(finish(login))
    expect(error.code).toBe('wink/client_refused')
    expect(error.hint).toMatch(/client_secret_basic.*none/)
  })
})

describe('when the user proved who they are', () => {
  const outcome = async (login: Login): Promise<unknown> => {
    const result = await finish(login)
    return result.kind === 'completed' ? [result.identity.authenticatedAt, result.identity.authTimeSource] : result
  }

  it('is a signed auth_time', async () => {
    const login = await begin()
    await handOut(login, { id: { auth_time: now - 3 } })
    expect(await outcome(login)).toEqual([now - 3, 'auth_time'])
  })

  it('is an auth_time older than the login, though we forced a new one', async () => {
    const login = await begin()
    await handOut(login, { id: { auth_time: now - 3600 } })
    expect(await outcome(login)).toEqual([now - 3600, 'auth_time'])
  })

  it('is the auth_time of the access token where the ID token has none', async () => {
    const login = await begin()
    await handOut(login, { access: { auth_time: now - 5 } })
    expect(await outcome(login)).toEqual([now - 5, 'auth_time'])
  })

  it('is the start of a login that we forced, where no auth_time is believable', async () => {
    for (const auth_time of [undefined, 0, now + 3600]) {
      const login = await begin()
      await handOut(login, { id: { auth_time } })
      expect(await outcome(login)).toEqual([now, 'requested'])
    }
  })

  it('is unknown after silent SSO', async () => {
    const login = await begin({ allowSso: true })
    await handOut(login)
    expect(await outcome(login)).toEqual([undefined, undefined])
  })
})

describe('a login that did not succeed', () => {
  const answeredBy = async (query: string) => {
    const login = await begin({ returnTo: '/payroll' })
    const callback = new URL(`${redirectUri}?state=${encodeURIComponent(login.transaction.state)}&${query}`)
    return finish({ ...login, callback })
  }

  it('was cancelled', async () => {
    await expect(answeredBy('error=access_denied')).resolves.toEqual({
      kind: 'cancelled',
      reason: 'access_denied',
      returnTo: '/payroll',
    })
  })

  it.each([
    ['error=login_required', 'login_required'],
    ['error=authentication_expired', 'authentication_expired'],
    ['error=temporarily_unavailable&error_description=authentication_expired', 'authentication_expired'],
  ])('can begin again after %s', async (query, reason) => {
    await expect(answeredBy(query)).resolves.toEqual({ kind: 'restart', reason, returnTo: '/payroll' })
    expect(wink.requests).toEqual([])
  })

  it('can begin again when the code is no longer good', async () => {
    const login = await begin()
    wink.answers.token = (response) => json(response, { error: 'invalid_grant' }, 400)
    await expect(finish(login)).resolves.toMatchObject({ kind: 'restart', reason: 'invalid_grant' })
  })

  it('can begin again when this browser has no such login', async () => {
    const { client, callback } = await begin()
    await expect(client.finishLogin(callback, null)).resolves.toEqual({
      kind: 'restart',
      reason: 'missing_login_state',
      returnTo: null,
    })
    expect(wink.requests).toEqual([])
  })

  it.each([
    ['nothing', {}],
    ['no code verifier', { codeVerifier: undefined }],
    ['a state that is no text', { state: 1 }],
    ['no time', { mintedAt: null }],
    ['another word', { sso: 'maybe' }],
  ])('can begin again when what this browser brings back has %s', async (_, broken) => {
    const { client, callback, transaction } = await begin()
    const stored = Object.keys(broken).length === 0 ? {} : ({ ...transaction, ...broken } as JsonObject)
    await expect(client.finishLogin(callback, stored)).resolves.toEqual({
      kind: 'restart',
      reason: 'invalid_login_state',
      returnTo: null,
    })
    expect(wink.requests).toEqual([])
  })

  it.each(['error=server_error', 'error=invalid_request&error_description=canary'])(
    'is refused after %s',
    async (query) => {
      await expect(answeredBy(query)).rejects.toMatchObject({ code: 'wink/login_refused' })
    },
  )

  it.each([redirectUri, `${redirectUri}?`, `${redirectUri}#code=c&state=s`])('came back empty: %s', async (url) => {
    const { client, transaction } = await begin()
    for (const pending of [transaction, null]) {
      const error = await rejection(client.finishLogin(new URL(url), pending))
      expect(error.code).toBe('wink/empty_callback')
      expect(error.hint).toContain('fragment')
    }
  })

  it.each(['code=c', 'state=other&code=c', 'code=c&error=access_denied&state=STATE', 'code=c&code=d&state=STATE'])(
    'is refused for the callback %s',
    async (query) => {
      const { client, transaction } = await begin()
      const callback = new URL(`${redirectUri}?${query.replace('STATE', transaction.state)}`)
      await expect(client.finishLogin(callback, transaction)).rejects.toMatchObject({ status: 400 })
      expect(wink.requests).toEqual([])
    },
  )
})

describe('the tokens of a login', () => {
  it.each<[string, string, { access?: Claims; id?: Claims }]>([
    ['an access token of another client', 'wink/client_mismatch', { access: { azp: 'other' } }],
    [
      'an access token of another issuer',
      'oidc/issuer_mismatch',
      { access: { iss: 'https://evil.example/realms/wink' } },
    ],
    ['an expired access token', 'oidc/token_expired', { access: { exp: now - 1 } }],
    ['an ID token in its place', 'wink/token_type_refused', { access: { typ: 'ID' } }],
    ['an access token as ID token', 'wink/token_type_refused', { id: { typ: 'Bearer' } }],
    ['two sessions', 'wink/token_pair_mismatch', { id: { sid: 'sid-2' } }],
    ['an ID token for someone else', 'oidc/audience_mismatch', { id: { aud: 'other' } }],
    ['an ID token of another login', 'oidc/nonce_mismatch', { id: { nonce: 'other' } }],
    ['an ID token without nonce', 'oidc/nonce_mismatch', { id: { nonce: undefined } }],
  ])('are refused for %s, before verify-client hears of them', async (_, code, claims) => {
    const login = await begin()
    await handOut(login, claims)
    await expect(finish(login)).rejects.toMatchObject({ code })
    expect(wink.to('verify-client')).toEqual([])
  })

  it('are refused when they name two users', async () => {
    const login = await begin()
    await handOut(login, { access: { sub: 'another' } })
    await expect(finish(login)).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    expect(wink.to('verify-client')).toEqual([])
  })

  it('are refused when another key signed', async () => {
    const login = await begin()
    const { privateKey: key } = await generateKeyPair('RS256')
    const { nonce } = login.transaction
    wink.tokens({ accessToken: await wink.accessToken({}, { key }), idToken: await wink.idToken({ nonce }) })
    await expect(finish(login)).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
    wink.tokens({ accessToken: await wink.accessToken(), idToken: await wink.idToken({ nonce }, { key }) })
    await expect(finish(login)).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
    expect(wink.to('verify-client')).toEqual([])
  })

  it.each([-299, -11, 10])('may be from %i s off our clock: code and nonce say whose they are', async (seconds) => {
    const login = await begin()
    const iat = now + seconds
    await handOut(login, { access: { iat }, id: { iat } })
    await expect(finish(login)).resolves.toMatchObject({ kind: 'completed' })
  })

  it('are refused from further ahead than clockToleranceSeconds, with a hint that says by how much', async () => {
    const ahead = { iat: now + 11 }
    const login = await begin()
    await handOut(login, { access: ahead, id: ahead })
    const error = await rejection(finish(login))
    expect(error.code).toBe('oidc/issued_at_invalid')
    expect(error.hint).toContain('11 s ahead of our clock')
    const tolerant = await begin({}, { clockToleranceSeconds: 11 })
    await handOut(tolerant, { access: ahead, id: ahead })
    await expect(finish(tolerant)).resolves.toMatchObject({ kind: 'completed' })
  })

  it('may lack a sid or typ, or have null there', async () => {
    for (const none of [undefined, null]) {
      const login = await begin()
      await handOut(login, { id: { sid: none, typ: none, at_hash: none }, access: { sid: none, nonce: none } })
      await expect(finish(login)).resolves.toMatchObject({ kind: 'completed' })
    }
  })

  it('may name the user in the ID token alone, as with newer Keycloak: verify-client must name the same', async () => {
    for (const sub of [undefined, null]) {
      const login = await begin()
      await handOut(login, { access: { sub } })
      await expect(finish(login)).resolves.toMatchObject({ kind: 'completed', identity: { subject } })
      wink.answers['verify-client'] = (response) => json(response, { ...profile, winkToken: 'another' })
      const other = await begin()
      await handOut(other, { access: { sub } })
      await expect(finish(other)).rejects.toMatchObject({ code: 'wink/profile_mismatch' })
      wink.answers['verify-client'] = (response) => json(response, profile)
    }
  })

  it('may have times with fractions: the end is rounded down', async () => {
    const login = await begin()
    const times = { iat: now - 0.5, exp: now + 299.9, auth_time: now - 59.5 }
    await handOut(login, { access: times, id: times })
    await expect(finish(login)).resolves.toMatchObject({ identity: { authenticatedAt: now - 60 } })
    wink.answers['verify-client'] = (response) => json(response, { ...profile, expiryTime: null })
    const again = await begin()
    await handOut(again, { access: times, id: times })
    await expect(finish(again)).resolves.toMatchObject({ identity: { profile: { verifiedUntil: now + 299 } } })
  })

  it('that the endpoint asks us to wait for are a 503 that says how long', async () => {
    const login = await begin()
    wink.answers.token = (response) => void response.writeHead(429, { 'retry-after': '8' }).end()
    await expect(finish(login)).rejects.toMatchObject({
      code: 'oidc/provider_busy',
      status: 503,
      cause: { retryAfterSeconds: 8 },
    })
  })

  it('name nobody when the profile is of another user', async () => {
    const login = await begin()
    await handOut(login)
    wink.answers['verify-client'] = (response) => json(response, { ...profile, winkToken: 'another' })
    await expect(finish(login)).rejects.toMatchObject({ code: 'wink/profile_mismatch' })
  })
})
