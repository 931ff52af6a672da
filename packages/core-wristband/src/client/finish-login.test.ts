import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createJourneys, redirectUri } from '../../test/journeys.ts'
import { clientId, clientSecret, now, withClaims, without } from '../../test/vendor.ts'

const journeys = createJourneys()
const { client, completed, signIn, refusal, expectNoCall, expectNoUserinfo } = journeys

describe('finishLogin', () => {
  it('proves a user and their tenant', async () => {
    const result = await completed({ start: { returnTo: '/invoices' } })
    expect(result.identity).toEqual({
      provider: 'wristband',
      issuer: journeys.vendor.origin,
      subject: 'user-1',
      tenant: { id: 'id-of-acme', name: 'acme' },
      signedInAt: now,
      authenticatedAt: now - 5,
      authTimeSource: 'auth_time',
      profile: { name: 'Ada Example' },
    })
    expect(result.returnTo).toBe('/invoices')
    expect(journeys.vendor.calls()).toEqual(['token', 'userinfo'])
  })

  it('hands over the tokens without the ID token, due a minute before they expire', async () => {
    const { tokens, identity } = await completed()
    expect(tokens).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      refreshToken: expect.stringMatching(/^example-refresh-token/),
      expiresAt: now + 1800,
      refreshAt: now + 1740,
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      tenantName: 'acme',
    })
    expect(inspect(identity, { depth: null })).not.toContain(tokens.accessToken)
  })

  it('never lets tokens be due for refresh within 10 seconds', async () => {
    journeys.vendor.behaviour.tokenResponse = (body) => ({ ...body, expires_in: 5 })
    expect((await completed()).tokens).toMatchObject({ expiresAt: now + 5, refreshAt: now + 10 })
  })

  it('hands the app its own state back', async () => {
    expect((await completed()).customState).toBeNull()
    const customState = { plan: { seats: 3 } }
    expect((await completed({ start: { customState } })).customState).toEqual(customState)
  })

  it('does without a refresh token', async () => {
    journeys.vendor.behaviour.tokenResponse = without('refresh_token')
    expect((await completed()).tokens).not.toHaveProperty('refreshToken')
  })

  it('redeems the code with PKCE, the same redirect URI and Basic authentication', async () => {
    await completed()
    const request = journeys.vendor.journal.find((entry) => entry.path.endsWith('/token'))
    const form = new URLSearchParams(request?.body)
    expect([...form.keys()].sort()).toEqual(['code', 'code_verifier', 'grant_type', 'redirect_uri'])
    expect(form.get('redirect_uri')).toBe(redirectUri)
    expect(request?.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`)
  })

  it('keys users by the account issuer, whichever issuer signs', async () => {
    const { origin, behaviour } = journeys.vendor
    const custom = 'https://auth.invo.example'
    behaviour.idToken = withClaims((claims) => ({ ...claims, iss: custom }))
    const migrating = client({ issuers: [origin, custom] })
    expect((await completed({ wristband: migrating })).identity.issuer).toBe(origin)
    const migrated = client({ issuers: [custom, origin], accountIssuer: 'https://invo.us.wristband.dev' })
    expect((await completed({ wristband: migrated })).identity.issuer).toBe('https://invo.us.wristband.dev')
  })

  it('has no authenticatedAt without auth_time', async () => {
    journeys.vendor.behaviour.idToken = withClaims(without('auth_time'))
    const { identity } = await completed()
    expect(identity).not.toHaveProperty('authenticatedAt')
    expect(identity).not.toHaveProperty('authTimeSource')
  })

  it('takes an opaque access token', async () => {
    journeys.vendor.behaviour.accessToken = 'an.opaque.token'
    expect((await completed()).identity.tenant).toEqual({ id: 'id-of-acme', name: 'acme' })
  })
})

describe('finishLogin and errors of the vendor', () => {
  const fail = (error: string) => (url: URL) => {
    url.searchParams.delete('code')
    url.searchParams.set('error', error)
    url.searchParams.set('error_description', '<script>Vendor text</script>')
  }

  it('begins again where the user must sign in', async () => {
    const result = await signIn({ callback: fail('login_required') })
    expect(result).toEqual({ kind: 'restart', reason: 'login_required', tenant: { name: 'acme' } })
    expectNoCall()
  })

  it('begins again where the code has expired or was used', async () => {
    const callback = (url: URL) => url.searchParams.set('code', 'used-before')
    expect(await signIn({ callback })).toEqual({ kind: 'restart', reason: 'invalid_grant', tenant: { name: 'acme' } })
    expectNoUserinfo()
  })

  it('begins again at the tenant that the callback names where nothing is known of it', async () => {
    const restarted = async (query: string) => client().finishLogin(new URL(query, redirectUri), null)
    const missing = { kind: 'restart', reason: 'missing_login_state' }
    expect(await restarted('?code=c&state=s&tenant_name=Acme')).toEqual({ ...missing, tenant: { name: 'acme' } })
    expect(await restarted('?code=c&state=s')).toEqual({ ...missing, tenant: null })
    expect(await restarted('?code=c&state=s&tenant_name=evil.example/')).toEqual({ ...missing, tenant: null })
    expect(await restarted('?code=c&state=s&tenant_name=acme&tenant_name=evil')).toEqual({ ...missing, tenant: null })
    expectNoCall()
  })

  it.each([
    ['access_denied', 'wristband/access_denied', 403, 'access_denied'],
    ['invalid_scope', 'wristband/authorization_refused', 400, 'invalid_scope'],
    ['<script>', 'wristband/authorization_refused', 400, 'unknown'],
    ['invalid_grant', 'wristband/authorization_refused', 400, 'invalid_grant'],
  ])('reports the error %s as %s', async (error, code, status, told) => {
    const refused = await refusal({ callback: fail(error) })
    expect(refused).toMatchObject({ code, status, cause: { at: 'authorization', error: told } })
    expect(inspect(refused, { depth: null })).not.toContain('script')
    expectNoCall()
  })

  it('reports an error of the token endpoint', async () => {
    const { behaviour } = journeys.vendor
    behaviour.tokenError = { status: 400, body: { error: 'invalid_scope', error_description: 'Vendor text' } }
    const refused = await refusal()
    const cause = { at: 'token', error: 'invalid_scope' }
    expect(refused).toMatchObject({ code: 'wristband/authorization_refused', cause })
    expect(inspect(refused, { depth: null })).not.toContain('Vendor text')
    behaviour.tokenError = { status: 401, body: { error: 'invalid_client' } }
    expect(await refusal()).toMatchObject({ code: 'oidc/client_refused' })
  })

  it('says no secret, code or token in an error', async () => {
    journeys.vendor.behaviour.userinfo = (claims) => ({ ...claims, tnt_id: 'id-of-globex' })
    let code = ''
    const callback = (url: URL) => {
      code = url.searchParams.get('code') ?? ''
    }
    const refused = await refusal({ callback })
    expect(refused).toMatchObject({ code: 'wristband/tenant_mismatch' })
    const said = `${inspect(refused, { depth: null, showHidden: true })}${JSON.stringify(refused)}`
    for (const secret of [clientSecret, code, 'eyJ', 'example-refresh-token']) expect(said).not.toContain(secret)
  })
})
