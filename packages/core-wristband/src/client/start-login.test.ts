import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WristbandClientOptions } from '../application/options.ts'
import { createWristbandClient, type WristbandClient } from './wristband-client.ts'

const now = 1_800_000_000
const redirectUri = 'https://invo.example/auth/wristband/callback'
const acme = { name: 'acme' }

function client(options: Partial<WristbandClientOptions> = {}): WristbandClient {
  return createWristbandClient({
    clientId: 'example-client',
    clientSecret: 'an-example-secret-of-this-test-only',
    applicationDomain: 'invo-example.us.wristband.dev',
    clock: () => now,
    fetch: () => Promise.reject(new Error('startLogin calls no one')),
    ...options,
  })
}

const fixed = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
]
const wellFormed = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))
const namesOf = (url: URL): readonly string[] => [...url.searchParams.keys()].sort()

describe('startLogin', () => {
  it('asks at the tenant’s own host for a code, with PKCE, state and nonce', async () => {
    const { url, id, transaction } = await client().startLogin({ tenant: { name: 'Acme' }, redirectUri })
    expect(url.origin + url.pathname).toBe('https://acme-invo-example.us.wristband.dev/api/v1/oauth2/authorize')
    expect(namesOf(url)).toEqual(fixed)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'example-client',
      code_challenge_method: 'S256',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid offline_access profile email roles',
      state: id,
      nonce: transaction.nonce,
    })
    expect(transaction).toEqual({
      state: id,
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      codeVerifier: expect.stringMatching(/^[\w-]{43}$/),
      redirectUri,
      tenant: 'acme',
      customDomain: null,
      returnTo: null,
      maxAuthAgeSeconds: null,
      customState: null,
      issuedAt: now,
    })
    expect(JSON.parse(JSON.stringify(transaction))).toEqual(transaction)
  })

  it('uses each value once', async () => {
    const wristband = client()
    const starts = await Promise.all(
      Array.from({ length: 20 }, () => wristband.startLogin({ tenant: acme, redirectUri })),
    )
    const values = starts.flatMap(({ transaction: { state, nonce, codeVerifier } }) => [state, nonce, codeVerifier])
    expect(new Set(values).size).toBe(60)
  })

  it('uses the state that it is given', async () => {
    const { url, id, transaction } = await client().startLogin({ tenant: acme, redirectUri, state: 'given-state' })
    expect([url.searchParams.get('state'), id, transaction.state]).toEqual([
      'given-state',
      'given-state',
      'given-state',
    ])
  })

  it('passes on hints, prompt and maximum age', async () => {
    const { url, transaction } = await client().startLogin({
      tenant: acme,
      redirectUri,
      loginHint: 'ada@acme.example',
      idpHint: 'okta',
      prompt: 'login',
      maxAuthAgeSeconds: 0,
    })
    expect(namesOf(url)).toEqual([...fixed, 'idp_hint', 'login_hint', 'max_age', 'prompt'].sort())
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      login_hint: 'ada@acme.example',
      idp_hint: 'okta',
      prompt: 'login',
      max_age: '0',
    })
    expect(transaction.maxAuthAgeSeconds).toBe(0)
  })

  it('asks for the scopes of the app', async () => {
    const { url } = await client({ scopes: ['openid', 'email'] }).startLogin({ tenant: acme, redirectUri })
    expect(url.searchParams.get('scope')).toBe('openid email')
  })

  it('begins nothing for a tenant that does not exist', async () => {
    const wristband = client({
      resolveTenantId: ({ name }) => (name === 'acme' ? 'id-of-acme' : null),
    })
    await expect(wristband.startLogin({ tenant: { name: 'initech' }, redirectUri })).rejects.toMatchObject({
      code: 'wristband/tenant_unknown',
    })
    await wristband.startLogin({ tenant: acme, redirectUri })
  })

  it('does not ask the app about a name that is none', async () => {
    const asked: string[] = []
    const wristband = client({
      resolveTenantId: (tenant) => {
        asked.push(JSON.stringify(tenant))
        return 'id'
      },
    })
    await expect(wristband.startLogin({ tenant: { name: 'acme.evil' }, redirectUri })).rejects.toMatchObject({
      code: 'wristband/tenant_name_invalid',
    })
    expect(asked).toEqual([])
  })

  it.each([
    ['redirectUri', { redirectUri: 'http://invo.example/auth/wristband/callback' }],
    ['redirectUri', { redirectUri: 'https://invo.example/callback#fragment' }],
    ['redirectUri', { redirectUri: '/callback' }],
    ['prompt', { prompt: 'consent' }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: -1 }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: 1.5 }],
    ['maxAuthAgeSeconds', { maxAuthAgeSeconds: 0, prompt: 'none' }],
    ['acrValues', { acrValues: 'x' }],
  ])('refuses a wrong %s', async (option, wrong) => {
    const start = client().startLogin({ tenant: acme, redirectUri, ...(wrong as object) })
    await expect(start).rejects.toMatchObject({ code: 'core/invalid_option', cause: { option } })
  })

  it.each(['loginHint', 'idpHint'])('refuses a %s that is too long', async (hint) => {
    const start = (length: number) => client().startLogin({ tenant: acme, redirectUri, [hint]: 'x'.repeat(length) })
    await start(320)
    await expect(start(321)).rejects.toMatchObject({ code: 'wristband/hint_too_long', status: 400 })
  })

  it('builds the same set of parameters whatever the inputs are', async () => {
    const wristband = client()
    const hint = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(hint, hint, hint, async (loginHint, idpHint, returnTo) => {
        const { url } = await wristband.startLogin({ tenant: acme, redirectUri, loginHint, idpHint, returnTo })
        const hints = [...(loginHint ? ['login_hint'] : []), ...(idpHint ? ['idp_hint'] : [])]
        expect(namesOf(url)).toEqual([...fixed, ...hints].sort())
        expect(url.host).toBe('acme-invo-example.us.wristband.dev')
        expect(url.searchParams.get('login_hint') ?? '').toBe(wellFormed(loginHint))
        expect(url.searchParams.get('idp_hint') ?? '').toBe(wellFormed(idpHint))
        expect(new URL(url.href).href).toBe(url.href)
      }),
      { numRuns: 300 },
    )
  })
})
