import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clientId, clientSecret, now, startVendor, type Vendor } from '../test/vendor.ts'
import type { WristbandOptions } from './application.ts'
import type { LoginResult } from './finish-login.ts'
import type { StartLoginOptions } from './start-login.ts'
import { createWristband, type Wristband } from './wristband.ts'

let vendor: Vendor
let clientTime = now
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => {
  clientTime = now
  Object.assign(vendor.behaviour, {
    idToken: (token: unknown) => token,
    accessToken: (token: unknown) => token,
    userinfo: (claims: unknown) => claims,
    tokenResponse: (body: unknown) => body,
    tokenError: null,
    signWithOtherKey: null,
  })
  vendor.journal.length = 0
})

const redirectUri = 'https://invo.example/auth/wristband/callback'
const tenantIds = new Map([
  ['acme', 'id-of-acme'],
  ['globex', 'id-of-globex'],
])
const tenantId = ({ name }: { name: string }) => tenantIds.get(name) ?? null

function client(options: Partial<WristbandOptions> = {}): Wristband {
  return createWristband({
    clientId,
    clientSecret,
    applicationDomain: vendor.domain,
    tenantId,
    clock: () => clientTime,
    ...options,
  })
}

interface Journey {
  wristband?: Wristband
  start?: Partial<StartLoginOptions>
  /** What becomes of the callback on its way. */
  callback?: (url: URL) => void
  /** Where the person really signs in. */
  tenant?: string
}

async function signIn({ wristband = client(), start, callback, tenant }: Journey = {}): Promise<LoginResult> {
  const { url, transaction } = await wristband.startLogin({ tenant: { name: 'acme' }, redirectUri, ...start })
  const back = vendor.authorize(url, tenant === undefined ? {} : { tenant })
  callback?.(back)
  // As it comes back from wherever it was kept.
  return wristband.finishLogin(back, JSON.parse(JSON.stringify(transaction)))
}

async function completed(journey?: Journey): Promise<Extract<LoginResult, { kind: 'completed' }>> {
  const result = await signIn(journey)
  if (result.kind !== 'completed') throw new Error(`restarted: ${result.reason}`)
  return result
}

const noUserinfo = () => expect(vendor.calls()).not.toContain('userinfo')
const noTokenRequest = () => expect(vendor.calls()).toEqual([])

describe('finishLogin', () => {
  it('proves a person and their tenant', async () => {
    const result = await completed({ start: { returnTo: '/invoices' } })
    expect(result.identity).toEqual({
      provider: 'wristband',
      issuer: vendor.origin,
      subject: 'user-1',
      tenant: { id: 'id-of-acme', name: 'acme' },
      signedInAt: now,
      authenticatedAt: now - 5,
      evidence: 'auth_time',
      profile: { name: 'Ada Example' },
    })
    expect(result.returnTo).toBe('/invoices')
    expect(vendor.calls().filter((call) => call !== 'jwks')).toEqual(['token', 'userinfo'])
  })

  it('hands over the tokens without the ID token, due a minute before they expire', async () => {
    const { credentials, identity } = await completed()
    expect(credentials).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      refreshToken: 'example-refresh-token',
      expiresAt: now + 1800,
      renewAt: now + 1740,
    })
    expect(inspect(identity, { depth: null })).not.toContain(credentials.accessToken)
  })

  it('does without a refresh token', async () => {
    vendor.behaviour.tokenResponse = ({ refresh_token: _, ...body }) => body
    expect((await completed()).credentials).not.toHaveProperty('refreshToken')
  })

  it('redeems the code once, with PKCE, the same redirect URI and Basic authentication', async () => {
    await completed()
    const request = vendor.journal.find((entry) => entry.path.endsWith('/token'))
    const form = new URLSearchParams(request?.body)
    expect([...form.keys()].sort()).toEqual(['code', 'code_verifier', 'grant_type', 'redirect_uri'])
    expect(form.get('redirect_uri')).toBe(redirectUri)
    expect(request?.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
  })

  it('keys people by the account issuer, whatever issuer signs', async () => {
    const custom = 'https://auth.invo.example'
    vendor.behaviour.idToken = ({ header, claims }) => ({ header, claims: { ...claims, iss: custom } })
    const wristband = client({ issuers: [vendor.origin, custom], accountIssuer: 'https://invo.us.wristband.dev' })
    expect((await completed({ wristband })).identity.issuer).toBe('https://invo.us.wristband.dev')
    expect((await completed({ wristband: client({ issuers: [custom, vendor.origin] }) })).identity.issuer).toBe(custom)
  })

  it('has no authenticatedAt without auth_time', async () => {
    vendor.behaviour.idToken = ({ header, claims: { auth_time: _, ...claims } }) => ({ header, claims })
    const { identity } = await completed()
    expect(identity).not.toHaveProperty('authenticatedAt')
    expect(identity).not.toHaveProperty('evidence')
  })

  it('takes an opaque access token', async () => {
    vendor.behaviour.accessToken = 'an.opaque.token'
    expect((await completed()).identity.tenant).toEqual({ id: 'id-of-acme', name: 'acme' })
  })
})

describe('finishLogin and the tenant', () => {
  it.each(['ID token', 'access token', 'userinfo'])('takes the id from the %s alone', async (source) => {
    const strip = (wanted: string) => (token: { header: object; claims: Record<string, unknown> }) => {
      const { tnt_id: _, ...claims } = token.claims
      return source === wanted ? token : { header: token.header as Record<string, unknown>, claims }
    }
    vendor.behaviour.idToken = strip('ID token') as typeof vendor.behaviour.idToken
    vendor.behaviour.accessToken = strip('access token') as typeof vendor.behaviour.idToken
    if (source !== 'userinfo') vendor.behaviour.userinfo = ({ tnt_id: _, ...claims }) => claims
    expect((await completed()).identity.tenant).toEqual({ id: 'id-of-acme', name: 'acme' })
  })

  it('refuses a sign-in that no one gives a tenant', async () => {
    const strip = ({ header, claims: { tnt_id: _, ...claims } }: { header: object; claims: Record<string, unknown> }) => ({
      header: header as Record<string, unknown>,
      claims,
    })
    vendor.behaviour.idToken = strip
    vendor.behaviour.accessToken = strip
    vendor.behaviour.userinfo = ({ tnt_id: _, ...claims }) => claims
    await expect(signIn()).rejects.toMatchObject({ code: 'wristband/tenant_missing' })
  })

  it('refuses the code of another tenant, though the callback names the right one', async () => {
    const callback = (url: URL) => url.searchParams.set('tenant_name', 'acme')
    await expect(signIn({ tenant: 'evil', callback })).rejects.toMatchObject({ code: 'wristband/tenant_mismatch' })
    noUserinfo()
    vendor.journal.length = 0
    const silent = (url: URL) => url.searchParams.delete('tenant_name')
    await expect(signIn({ tenant: 'globex', callback: silent })).rejects.toMatchObject({ code: 'wristband/tenant_mismatch' })
    noUserinfo()
  })

  it('refuses a callback that names another tenant, and redeems nothing', async () => {
    for (const name of ['evil', 'acme.evil', '', 'acme ']) {
      const callback = (url: URL) => url.searchParams.set('tenant_name', name)
      await expect(signIn({ callback })).rejects.toMatchObject({ code: 'wristband/tenant_mismatch' })
    }
    noTokenRequest()
  })

  it('takes the name at the callback in any case, or none', async () => {
    await completed({ callback: (url) => url.searchParams.set('tenant_name', 'ACME') })
    await completed({ callback: (url) => url.searchParams.delete('tenant_name') })
  })

  it.each(['idToken', 'accessToken', 'userinfo'] as const)('refuses another tenant in the %s alone', async (source) => {
    if (source === 'userinfo') vendor.behaviour.userinfo = (claims) => ({ ...claims, tnt_id: 'id-of-globex' })
    else {
      vendor.behaviour[source] = ({ header, claims }) => ({ header, claims: { ...claims, tnt_id: 'id-of-globex' } })
    }
    await expect(signIn()).rejects.toMatchObject({ code: 'wristband/tenant_mismatch', status: 403 })
    await expect(signIn({ wristband: client({ tenantId: undefined } as never) })).rejects.toMatchObject({
      code: 'wristband/tenant_mismatch',
    })
  })

  it('never gives a name that the app did not prove', async () => {
    const { tenantId: _, ...options } = { clientId, clientSecret, applicationDomain: vendor.domain, tenantId }
    const wristband = createWristband({ ...options, clock: () => now })
    const callback = (url: URL) => url.searchParams.set('tenant_name', 'acme')
    const { identity } = await completed({ wristband, tenant: 'globex', callback })
    expect(identity.tenant).toEqual({ id: 'id-of-globex' })
  })

  it('refuses a tenant that ended meanwhile', async () => {
    let alive = true
    const wristband = client({ tenantId: () => (alive ? 'id-of-acme' : null) })
    const callback = () => {
      alive = false
    }
    await expect(signIn({ wristband, callback })).rejects.toMatchObject({ code: 'wristband/tenant_unknown' })
    noUserinfo()
  })
})

describe('finishLogin refuses', () => {
  it.each([
    ['a callback without state', (url: URL) => url.searchParams.delete('state'), 'oidc/state_mismatch'],
    ['another state', (url: URL) => url.searchParams.set('state', 'another'), 'oidc/state_mismatch'],
    ['a doubled code', (url: URL) => url.searchParams.append('code', 'x'), 'oidc/callback_invalid'],
    ['a doubled tenant_name', (url: URL) => url.searchParams.append('tenant_name', 'acme'), 'oidc/callback_invalid'],
    ['an error beside a code', (url: URL) => url.searchParams.set('error', 'login_required'), 'oidc/callback_invalid'],
    ['an answer of another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 'oidc/response_issuer_mismatch'],
  ])('%s, and redeems nothing', async (_, callback, code) => {
    await expect(signIn({ callback })).rejects.toMatchObject({ code })
    noTokenRequest()
  })

  const ids: readonly [string, (token: { header: Record<string, unknown>; claims: Record<string, unknown> }) => void, string][] = [
    ['iss', ({ claims }) => (claims.iss = `${claims.iss}1`), 'oidc/issuer_mismatch'],
    ['aud', ({ claims }) => (claims.aud = `${claims.aud}1`), 'oidc/audience_mismatch'],
    ['nonce', ({ claims }) => (claims.nonce = `${claims.nonce}1`), 'oidc/nonce_mismatch'],
    ['exp', ({ claims }) => (claims.exp = now - 360), 'oidc/token_expired'],
    ['iat', ({ claims }) => (claims.iat = now + 3600), 'oidc/issued_at_invalid'],
    ['at_hash', ({ claims }) => (claims.at_hash = 'AAAAAAAAAAAAAAAAAAAAAA'), 'oidc/access_token_hash_mismatch'],
    ['typ', ({ header }) => (header.typ = 'at+JWT'), 'oidc/type_not_allowed'],
    ['sub', ({ claims }) => delete claims.sub, 'oidc/subject_missing'],
  ]
  it.each(ids)('an ID token with a wrong %s', async (_, change, code) => {
    vendor.behaviour.idToken = (token) => {
      change(token)
      return token
    }
    await expect(signIn()).rejects.toMatchObject({ code })
    noUserinfo()
  })

  it('a response without an ID token', async () => {
    vendor.behaviour.tokenResponse = ({ id_token: _, ...body }) => body
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/id_token_missing' })
    noUserinfo()
  })

  it.each(['none', 'HS256'])('an ID token with alg %s', async (alg) => {
    const header = Buffer.from(JSON.stringify({ alg, typ: 'id+JWT', kid: 'key-1' })).toString('base64url')
    vendor.behaviour.tokenResponse = (body) => {
      const [, payload, signature] = String(body.id_token).split('.')
      return { ...body, id_token: `${header}.${payload}.${alg === 'none' ? '' : signature}` }
    }
    await expect(signIn()).rejects.toMatchObject({ code: expect.stringMatching(/^oidc\/(algorithm_not_allowed|token_malformed)$/) })
    noUserinfo()
  })

  it.each(['idToken', 'accessToken'] as const)('an %s that someone else signed', async (token) => {
    vendor.behaviour.signWithOtherKey = token
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/signature_invalid' })
    noUserinfo()
  })

  it('an ID token in place of the access token', async () => {
    vendor.behaviour.accessToken = (token) => ({ ...token, header: { ...token.header, typ: 'id+JWT' } })
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/type_not_allowed' })
    noUserinfo()
  })

  it('an access token of another person', async () => {
    vendor.behaviour.accessToken = ({ header, claims }) => ({ header, claims: { ...claims, sub: 'user-2' } })
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    noUserinfo()
  })

  it('userinfo of another person', async () => {
    vendor.behaviour.userinfo = (claims) => ({ ...claims, sub: 'user-1invalid' })
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
  })

  it('userinfo that cannot be read', async () => {
    vendor.behaviour.userinfo = (claims) => ({ ...claims, roles: 'admin' })
    await expect(signIn()).rejects.toMatchObject({ code: 'wristband/userinfo_invalid', cause: { claim: 'roles' } })
  })

  it('a sign-in that took more than ten minutes', async () => {
    const late = (seconds: number) => () => {
      clientTime += seconds
    }
    await completed({ callback: late(600) })
    clientTime = now
    vendor.journal.length = 0
    await expect(signIn({ callback: late(601) })).rejects.toMatchObject({ code: 'wristband/login_expired' })
    noTokenRequest()
  })

  it('an auth_time older than was asked for', async () => {
    vendor.behaviour.idToken = ({ header, claims }) => ({ header, claims: { ...claims, auth_time: now - 3600 } })
    await expect(signIn({ start: { maxAgeSeconds: 60 } })).rejects.toMatchObject({
      code: 'wristband/authentication_too_old',
    })
    noUserinfo()
    await completed({ start: { maxAgeSeconds: 3600 } })
  })
})

describe('finishLogin and errors of the vendor', () => {
  const fail = (error: string) => (url: URL) => {
    url.searchParams.delete('code')
    url.searchParams.set('error', error)
    url.searchParams.set('error_description', '<script>Vendor text</script>')
  }

  it('begins again where the person must sign in', async () => {
    const result = await signIn({ callback: fail('login_required') })
    expect(result).toEqual({ kind: 'restart', reason: 'login_required', tenant: { name: 'acme' } })
    noTokenRequest()
  })

  it('begins again where the code has expired or was used', async () => {
    vendor.behaviour.tokenError = { status: 400, body: { error: 'invalid_grant' } }
    expect(await signIn()).toEqual({ kind: 'restart', reason: 'invalid_grant', tenant: { name: 'acme' } })
    noUserinfo()
  })

  it('begins again at the tenant that the callback names where nothing is known of it', async () => {
    const restarted = async (query: string) => client().finishLogin(new URL(query, redirectUri), null)
    const missing = { kind: 'restart', reason: 'missing_login_state' }
    expect(await restarted('?code=c&state=s&tenant_name=Acme')).toEqual({ ...missing, tenant: { name: 'acme' } })
    expect(await restarted('?code=c&state=s')).toEqual({ ...missing, tenant: null })
    expect(await restarted('?code=c&state=s&tenant_name=evil.example/')).toEqual({ ...missing, tenant: null })
    expect(await restarted('?code=c&state=s&tenant_name=acme&tenant_name=evil')).toEqual({ ...missing, tenant: null })
    noTokenRequest()
  })

  it.each([
    ['access_denied', 'wristband/access_denied', 403, 'access_denied'],
    ['invalid_scope', 'wristband/authorization_refused', 400, 'invalid_scope'],
    ['<script>', 'wristband/authorization_refused', 400, 'unknown'],
    ['invalid_grant', 'wristband/authorization_refused', 400, 'invalid_grant'],
  ])('reports %s as %s', async (error, code, status, told) => {
    const refusal: unknown = await signIn({ callback: fail(error) }).catch((reason: unknown) => reason)
    expect(refusal).toMatchObject({ code, status, cause: { at: 'authorization', error: told } })
    expect(inspect(refusal, { depth: null })).not.toContain('script')
    noTokenRequest()
  })

  it('reports an error of the token endpoint', async () => {
    vendor.behaviour.tokenError = { status: 400, body: { error: 'invalid_scope', error_description: 'Vendor text' } }
    const refusal: unknown = await signIn().catch((reason: unknown) => reason)
    expect(refusal).toMatchObject({ code: 'wristband/authorization_refused', cause: { at: 'token', error: 'invalid_scope' } })
    expect(inspect(refusal, { depth: null })).not.toContain('Vendor text')
    vendor.behaviour.tokenError = { status: 401, body: { error: 'invalid_client' } }
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/client_refused' })
  })

  it('says no secret, code or token in an error', async () => {
    vendor.behaviour.userinfo = (claims) => ({ ...claims, tnt_id: 'id-of-globex' })
    let code = ''
    const refusal: unknown = await signIn({
      callback: (url) => {
        code = url.searchParams.get('code') ?? ''
      },
    }).catch((reason: unknown) => reason)
    const said = `${inspect(refusal, { depth: null, showHidden: true })}${JSON.stringify(refusal)}`
    for (const secret of [clientSecret, code, 'eyJ', 'example-refresh-token']) expect(said).not.toContain(secret)
  })
})

describe('userinfo', () => {
  it('describes the person of an access token', async () => {
    const wristband = client()
    const { credentials } = await completed({ wristband })
    expect(await wristband.userinfo(credentials.accessToken ?? '')).toEqual({ name: 'Ada Example' })
  })

  it('refuses an answer about someone else, and a token that is not the vendor’s', async () => {
    const wristband = client()
    const { credentials } = await completed({ wristband })
    vendor.behaviour.userinfo = (claims) => ({ ...claims, sub: 'user-2' })
    await expect(wristband.userinfo(credentials.accessToken ?? '')).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    await expect(wristband.userinfo('an-opaque-token')).rejects.toMatchObject({ code: 'oidc/token_malformed' })
  })
})
