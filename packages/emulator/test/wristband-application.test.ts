import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedWristband, type Emulator, startEmulator } from '../src/index.ts'
import { type Browser, openBrowser } from './browser.ts'
import {
  authorizeUrl,
  basic,
  errorOf,
  redeem,
  redirectUri,
  requestToken,
  signIn,
  type Tokens,
  tokensOf,
} from './wristband-journey.ts'

let emulator: Emulator<'wink' | 'wise'>
let wristband: EmulatedWristband
let browser: Browser
beforeEach(async () => {
  emulator = await startEmulator({ wink: false, wise: false, clock: 'manual' })
  wristband = emulator.wristband
  browser = openBrowser()
})
afterEach(() => emulator.close())

const signInAda = async (start = authorizeUrl(wristband)): Promise<URL> =>
  (await signIn(browser, start, 'ada')).callback

const configuration = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${wristband.url}/api/v1/clients/${wristband.clientId}/sdk-configuration`)).json()) as Record<
    string,
    unknown
  >

describe('the client', () => {
  const machine = (clientSecret: string): Promise<Response> =>
    fetch(`${wristband.url}/api/v1/oauth2/token`, {
      method: 'POST',
      headers: { authorization: basic({ clientId: wristband.clientId, clientSecret }) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })

  it('has two secrets while it rotates them', async () => {
    const first = wristband.clientSecret
    const second = wristband.rotateClientSecret()
    expect(wristband.clientSecret).toBe(second)
    expect([(await machine(first)).status, (await machine(second)).status]).toEqual([200, 200])
    const third = wristband.rotateClientSecret()
    expect(await errorOf(machine(first))).toBe('401 invalid_client')
    expect([(await machine(second)).status, (await machine(third)).status]).toEqual([200, 200])
  })

  it('can be public: PKCE instead of a secret', async () => {
    wristband.application.publicClient = true
    const bare = await browser.visit(authorizeUrl(wristband, { code_challenge: undefined }))
    expect(new URL(bare.location).searchParams.get('error')).toBe('invalid_request')
    const call = (fields: Record<string, string>): Promise<Response> =>
      fetch(`${wristband.url}/api/v1/oauth2/token`, { method: 'POST', body: new URLSearchParams(fields) })
    const { clientId: client_id } = wristband
    const callback = await signInAda()
    const exchange = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: 'a-code-verifier-of-these-tests-that-is-long-enough-0123456789',
    }
    expect(await errorOf(call(exchange))).toBe('401 invalid_client')
    expect((await call({ ...exchange, client_id })).status).toBe(200)
    expect(await errorOf(call({ grant_type: 'client_credentials', client_id }))).toBe('400 unauthorized_client')
  })

  it('has one redirect URI in the SDK configuration only while there is one', async () => {
    const { application } = wristband
    expect(await configuration()).toMatchObject({ redirectUri: null, loginUrlTenantDomainSuffix: null })
    application.redirectUris.clear()
    application.redirectUris.add(redirectUri)
    application.tenantDomainSuffix = 'app.example'
    application.customLoginPageUrl = 'https://app.example/find'
    expect(await configuration()).toMatchObject({
      redirectUri,
      loginUrlTenantDomainSuffix: 'app.example',
      customApplicationLoginPageUrl: 'https://app.example/find',
    })
  })

  it('may write the placeholder or the name of this tenant, and no other', async () => {
    const registered = 'http://{tenant_name}.localhost:3000/callback'
    wristband.registerRedirectUri(registered)
    const at = (uri: string): string => authorizeUrl(wristband, { redirect_uri: uri })
    const literal = await signInAda(at(registered))
    expect(literal.origin).toBe('http://acme.localhost:3000')
    expect((await redeem(wristband, literal, { redirect_uri: registered })).status).toBe(200)
    const filled = 'http://acme.localhost:3000/callback'
    const { location } = await browser.visit(at(filled))
    expect(new URL(location).searchParams.has('tenant_name')).toBe(false)
    expect((await redeem(wristband, new URL(location), { redirect_uri: filled })).status).toBe(200)
    expect((await browser.visit(at('http://globex.localhost:3000/callback'))).status).toBe(400)
  })

  it('is told which field of a token request is missing', async () => {
    const missing = { grant_type: 'authorization_code', redirect_uri: redirectUri }
    expect(await errorOf(requestToken(wristband, missing))).toBe('400 invalid_request')
    expect(await errorOf(requestToken(wristband, { grant_type: 'refresh_token' }))).toBe('400 invalid_request')
  })
})

describe('claims', () => {
  const userinfo = async (tokens: Tokens): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const answer = await fetch(`${wristband.url}/api/v1/oauth2/userinfo`, { headers })
    return (await answer.json()) as Record<string, unknown>
  }

  it('can be custom, in each place apart', async () => {
    const custom = { access: { plan: 'gold' }, id: { seat: null }, userinfo: { class: '4b' } }
    wristband.application.customClaims = custom
    const tokens = await tokensOf(redeem(wristband, await signInAda()))
    expect(decodeJwt(tokens.access_token).custom_claims).toEqual(custom.access)
    expect(decodeJwt(tokens.id_token).custom_claims).toEqual(custom.id)
    expect(await userinfo(tokens)).toMatchObject({ custom_claims: custom.userinfo })
  })

  it.each([
    ['openid', []],
    ['openid email', ['email', 'email_verified']],
    ['openid phone', ['phone_number', 'phone_number_verified']],
    ['openid roles', ['roles']],
    [
      'openid profile',
      'birthdate family_name given_name locale name nickname picture preferred_username updated_at zoneinfo'.split(' '),
    ],
  ])('of userinfo follow the scope %s', async (scope, names) => {
    const tokens = await tokensOf(redeem(wristband, await signInAda(authorizeUrl(wristband, { scope }))))
    const always = ['app_id', 'idp_name', 'sub', 'tnt_id']
    expect(Object.keys(await userinfo(tokens)).sort()).toEqual([...always, ...names].sort())
  })

  it('name the identity provider of a hint that is known', async () => {
    const hinted = authorizeUrl(wristband, { idp_hint: 'example-workspace' })
    const { page, callback } = await signIn(browser, hinted, 'ada')
    expect(page.text).toContain('Sign in to Acme School with example-workspace')
    const tokens = await tokensOf(redeem(wristband, callback))
    expect(decodeJwt(tokens.id_token).idp_name).toBe('example-workspace')
    expect(await userinfo(tokens)).toMatchObject({ idp_name: 'example-workspace' })
    const unknown = authorizeUrl(wristband, { idp_hint: 'nobody', prompt: 'login' })
    const again = await tokensOf(redeem(wristband, await signInAda(unknown)))
    expect(decodeJwt(again.id_token).idp_name).toBe('wristband')
  })
})

describe('a callback', () => {
  const changed = async (): Promise<[string, string][]> => [...(await signInAda()).searchParams]
  const names = async (): Promise<string[]> => (await changed()).map(([name]) => name)

  it.each([
    ['duplicate-code', ['code', 'state', 'tenant_name', 'code']],
    ['duplicate-state', ['code', 'state', 'tenant_name', 'state']],
    ['missing-code', ['state', 'tenant_name']],
    ['missing-state', ['code', 'tenant_name']],
    ['missing-tenant', ['code', 'state']],
    ['error-with-code', ['code', 'state', 'tenant_name', 'error']],
    ['wrong-iss', ['code', 'state', 'tenant_name', 'iss']],
  ] as const)('can have a %s', async (mutation, expected) => {
    wristband.mutateCallback(mutation)
    expect(await names()).toEqual(expected)
  })

  it('can name another tenant or state, or be changed by a function, and then is itself again', async () => {
    wristband.mutateCallback('wrong-tenant')
    expect(await changed()).toContainEqual(['tenant_name', 'globex'])
    browser = openBrowser()
    wristband.mutateCallback('wrong-state')
    expect(await changed()).toContainEqual(['state', 'another-state'])
    browser = openBrowser()
    wristband.mutateCallback((answer) => answer.append('extra', 'yes'))
    expect(await changed()).toContainEqual(['extra', 'yes'])
    browser = openBrowser()
    wristband.mutateCallback('missing-code', { times: 9 })
    wristband.clearFaults()
    expect(await names()).toEqual(['code', 'state', 'tenant_name'])
  })
})
