import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type EmulatedWristband, startEmulator } from '@latchkey/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWristbandClient, type LoginResult, type StartLoginOptions, type WristbandClient } from '../src/index.ts'

const redirectUri = 'http://localhost:3001/auth/wristband/callback'
let system: EmulatedWristband
let close: () => Promise<void>
let wristband: WristbandClient
let cookies: Map<string, string>
beforeAll(async () => {
  ;({ wristband: system, close } = await startEmulator({ wink: false, wise: false }))
})
afterAll(() => close())
beforeEach(() => {
  system.clearFaults()
  system.journal.clear()
  cookies = new Map()
  wristband = createWristbandClient({
    clientId: system.clientId,
    clientSecret: system.clientSecret,
    applicationDomain: system.applicationDomain,
    resolveTenantId: (asked) => Object.values(system.tenants).find(({ name }) => asked.name === name)?.id ?? null,
  })
})

/** A page as a browser would open it, which resolves every tenant's host to this machine and keeps cookies by host. */
function visit(url: URL, form?: Record<string, string>): Promise<{ location: string; page: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: 'localhost',
        port: url.port,
        path: url.pathname + url.search,
        method: form ? 'POST' : 'GET',
        headers: {
          host: url.host,
          cookie: cookies.get(url.host) ?? '',
          ...(form && { 'content-type': 'application/x-www-form-urlencoded', origin: url.origin }),
        },
      },
      (incoming) => {
        for (const line of incoming.headers['set-cookie'] ?? []) cookies.set(url.host, line.split(';')[0] ?? '')
        text(incoming).then((page) => resolve({ location: incoming.headers.location ?? '', page }), reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(form && new URLSearchParams(form).toString())
  })
}

/** From the authorize URL over the login page, where it comes, to the callback. */
async function walk(url: URL, user = 'ada'): Promise<URL> {
  const first = new URL((await visit(url)).location, url)
  if (first.pathname !== '/login') return first
  const { page } = await visit(first)
  const [, req = ''] = /name="req" value="([^"]*)"/.exec(page) ?? []
  return new URL((await visit(new URL('/login', first), { req, user })).location)
}

async function signIn(options: Partial<StartLoginOptions> = {}, user = 'ada'): Promise<LoginResult> {
  const { url, transaction } = await wristband.startLogin({ tenant: { name: 'acme' }, redirectUri, ...options })
  return wristband.finishLogin(await walk(url, user), transaction)
}

describe('a sign-in at the emulator', () => {
  it('proves the user and their tenant', async () => {
    const { ada } = system.users
    const result = await signIn()
    expect(result).toMatchObject({
      kind: 'completed',
      identity: {
        issuer: system.issuer,
        subject: ada.subject,
        tenant: { id: system.tenants.acme.id, name: 'acme' },
        authTimeSource: 'auth_time',
        profile: { name: `${ada.givenName} ${ada.familyName}`, email: ada.email, emailVerified: true },
      },
      tokens: { refreshToken: expect.any(String) },
    })
    expect(result.kind === 'completed' && result.identity.profile.roles?.length).toBe(1)
  })

  it.each([
    ['missing', 'oidc/id_token_missing'],
    ['bad-signature', 'oidc/signature_invalid'],
    ['foreign-key', 'oidc/signature_invalid'],
    ['unknown-key', 'oidc/key_not_found'],
    ['alg-none', 'oidc/algorithm_not_allowed'],
    ['hs256-public-key', 'oidc/algorithm_not_allowed'],
    ['wrong-typ', 'oidc/type_not_allowed'],
    ['wrong-iss', 'oidc/issuer_mismatch'],
    ['wrong-aud', 'oidc/audience_mismatch'],
    ['wrong-azp', 'oidc/authorized_party_mismatch'],
    ['wrong-sub', 'oidc/subject_mismatch'],
    ['wrong-nonce', 'oidc/nonce_mismatch'],
    ['missing-nonce', 'oidc/nonce_mismatch'],
    ['wrong-at-hash', 'oidc/access_token_hash_mismatch'],
    ['expired', 'oidc/token_expired'],
    ['issued-in-future', 'oidc/issued_at_invalid'],
    ['wrong-tenant', 'wristband/tenant_mismatch'],
  ] as const)('refuses an ID token with the fault %s', async (mutation, code) => {
    system.mutateIdToken(mutation)
    await expect(signIn()).rejects.toMatchObject({ code })
    expect(system.journal.count('userinfo')).toBe(0)
  })

  it('refuses an access token and userinfo of another user', async () => {
    system.mutateAccessToken('wrong-sub')
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
    system.mutateUserinfo('wrong-sub')
    await expect(signIn()).rejects.toMatchObject({ code: 'oidc/subject_mismatch' })
  })

  it('refuses the code of another tenant', async () => {
    system.codeOfTenant('evil')
    await expect(signIn()).rejects.toMatchObject({ code: 'wristband/tenant_mismatch' })
  })

  it('refuses a sign-in whose authorization host was edited, also without the name in the callback', async () => {
    const { url, transaction } = await wristband.startLogin({ tenant: { name: 'acme' }, redirectUri })
    url.host = `evil.${system.applicationDomain}`
    const callback = await walk(url, 'mallory')
    const mismatch = { code: 'wristband/tenant_mismatch' }
    await expect(wristband.finishLogin(callback, transaction)).rejects.toMatchObject(mismatch)
    expect(system.journal.count('token')).toBe(0)
    callback.searchParams.delete('tenant_name')
    await expect(wristband.finishLogin(callback, transaction)).rejects.toMatchObject(mismatch)
    expect(system.journal.count('userinfo')).toBe(0)
  })

  it('begins again with a used code', async () => {
    const { url, transaction } = await wristband.startLogin({ tenant: { name: 'acme' }, redirectUri })
    const callback = await walk(url)
    await wristband.finishLogin(callback, transaction)
    expect(await wristband.finishLogin(callback, transaction)).toMatchObject({
      kind: 'restart',
      reason: 'invalid_grant',
    })
  })

  it('uses the sign-on where there is one, and begins again where there is none', async () => {
    expect(await signIn({ prompt: 'none' })).toMatchObject({ kind: 'restart', reason: 'login_required' })
    await signIn()
    expect(await signIn({ prompt: 'none' })).toMatchObject({ kind: 'completed' })
    expect(await signIn({ prompt: 'login', maxAuthAgeSeconds: 0 })).toMatchObject({ kind: 'completed' })
  })

  it('ends with the sign-on that its URL ends', async () => {
    await signIn()
    const returnTo = new URL('http://localhost:3001/auth/logout/next')
    const { location } = await visit(wristband.signOutUrl({ tenant: { name: 'acme' }, returnTo, state: 'example' }))
    expect(location).toBe(`${returnTo.href}?tenant_name=acme&state=example`)
    expect(await signIn({ prompt: 'none' })).toMatchObject({ kind: 'restart', reason: 'login_required' })
  })
})

describe('tokens of the emulator', () => {
  async function signedIn() {
    const result = await signIn()
    if (result.kind !== 'completed') throw new Error(result.reason)
    return result
  }
  afterEach(() => Object.assign(system.switches, { rotation: 'rotate', reuseRefresh: 'accept' }))

  it.each(['rotate', 'keep', 'omit'] as const)('are refreshed twice with the rotation %s', async (rotation) => {
    system.switches.rotation = rotation
    const { tokens, identity } = await signedIn()
    const first = await wristband.refresh(tokens, identity)
    expect(first.refreshToken === tokens.refreshToken).toBe(rotation !== 'rotate')
    await wristband.refresh(first, identity)
  })

  it('end with the family of a refresh token that was used twice', async () => {
    system.switches.reuseRefresh = 'revoke-family'
    const { tokens } = await signedIn()
    const refreshed = await wristband.refresh(tokens)
    const ended = { code: 'wristband/refresh_token_invalid' }
    await expect(wristband.refresh(tokens)).rejects.toMatchObject(ended)
    await expect(wristband.refresh(refreshed)).rejects.toMatchObject(ended)
  })

  it.each([
    ['wrong-iss', 'oidc/issuer_mismatch'],
    ['wrong-sub', 'oidc/subject_mismatch'],
    ['wrong-aud', 'oidc/audience_mismatch'],
    ['wrong-nonce', 'oidc/nonce_mismatch'],
    ['bad-signature', 'oidc/signature_invalid'],
    ['expired', 'oidc/token_expired'],
    ['issued-in-future', 'oidc/issued_at_invalid'],
    ['wrong-typ', 'oidc/type_not_allowed'],
    ['wrong-tenant', 'wristband/tenant_mismatch'],
  ] as const)('are not refreshed by an ID token with the fault %s', async (mutation, code) => {
    const { tokens, identity } = await signedIn()
    system.journal.clear()
    system.mutateIdToken(mutation)
    await expect(wristband.refresh(tokens, identity)).rejects.toMatchObject({ code })
    expect(system.journal.count('userinfo')).toBe(0)
  })

  it('are revoked', async () => {
    const { tokens } = await signedIn()
    await wristband.revoke(tokens)
    await expect(wristband.refresh(tokens)).rejects.toMatchObject({ code: 'wristband/refresh_token_invalid' })
  })

  it('say whether a user or a machine holds them', async () => {
    const { tokens } = await signedIn()
    expect(await wristband.verifyAccessToken(tokens.accessToken ?? '')).toMatchObject({ sub_kind: 'user' })
    expect(await wristband.verifyAccessToken(await wristband.machineToken())).toMatchObject({ sub_kind: 'client' })
  })

  it('are there while the client secret is being replaced, and after', async () => {
    const newest = 'a-newest-secret-that-the-vendor-does-not-know-yet'
    const options = { clientId: system.clientId, applicationDomain: system.applicationDomain }
    const early = createWristbandClient({ ...options, clientSecret: [newest, system.clientSecret] })
    await early.machineToken()
    const rotated = system.rotateClientSecret()
    const both = createWristbandClient({ ...options, clientSecret: [rotated, system.clientSecret] })
    await both.machineToken()
    expect(system.journal.count('token')).toBe(3)
  })
})

describe('an application of the emulator', () => {
  it('configures itself', async () => {
    const { clientId, clientSecret, applicationDomain } = system
    const configured = createWristbandClient({ clientId, clientSecret, applicationDomain, autoConfigure: true })
    await configured.configure()
    const { url } = await configured.startLogin({ tenant: { name: 'acme' }, redirectUri })
    expect(url.host).toBe(`acme.${applicationDomain}`)
    // None is registered, so that the configuration names none.
    await expect(configured.startLogin({ tenant: { name: 'acme' } })).rejects.toMatchObject({
      cause: { option: 'redirectUri' },
    })
  })

  it('takes a redirect URI with the tenant’s name left open, at the login and for the code', async () => {
    const open = 'http://{tenant_name}.localhost:3001/auth/wristband/callback'
    system.registerRedirectUri(open)
    system.registerRedirectUri(redirectUri)
    const { url, transaction } = await wristband.startLogin({ tenant: { name: 'acme' }, redirectUri: open })
    const callback = await walk(url)
    expect(callback.host).toBe('acme.localhost:3001')
    expect(callback.searchParams.has('tenant_name')).toBe(false)
    expect(await wristband.finishLogin(callback, transaction)).toMatchObject({ kind: 'completed' })
  })

  it('signs in at a tenant’s own domain', async () => {
    const { port } = new URL(system.url)
    const customDomain = `login-of-acme.localhost:${port}`
    system.application.customDomains.set('login-of-acme.localhost', 'acme')
    const { clientId, clientSecret, applicationDomain, tenants } = system
    const own = createWristbandClient({
      clientId,
      clientSecret,
      applicationDomain,
      resolveTenantId: () => tenants.acme.id,
    })
    const { url, transaction } = await own.startLogin({ tenant: { customDomain }, redirectUri })
    expect(url.host).toBe(customDomain)
    const callback = await walk(url)
    expect(callback.searchParams.get('tenant_custom_domain')).toBe(customDomain)
    expect(await own.finishLogin(callback, transaction)).toMatchObject({
      identity: { tenant: { id: tenants.acme.id, name: 'acme' }, profile: { tenantCustomDomain: customDomain } },
    })
  })
})
