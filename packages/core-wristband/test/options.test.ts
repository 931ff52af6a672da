import { createMemoryStore } from '@latchkey/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWristbandClient, type WristbandMountOptions, wristbandProvider } from '../src/index.ts'
import { type AppOptions, createApp, signIn } from './app.ts'
import { clientId, clientSecret, now, startVendor, type Vendor, withClaims } from './vendor.ts'

let vendor: Vendor
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => vendor.reset())

/** The Wristband identity of a user who signed in with these options; null without a session. */
async function identityWith(options: AppOptions) {
  const app = createApp(vendor, options)
  const browser = app.browser()
  await signIn(vendor, browser)
  const request = new Request('https://invo.example/', { headers: { cookie: browser.cookies.header() } })
  return (await app.auth.getSession(request)).session?.identities.wristband ?? null
}

describe('a provider', () => {
  const options = { clientId, clientSecret, applicationDomain: 'invo.us.wristband.dev' }
  const query: WristbandMountOptions = { tenancy: { kind: 'query' } }

  it('makes its own client, or takes one', () => {
    expect(wristbandProvider({ ...options, ...query }).name).toBe('wristband')
    expect(wristbandProvider({ client: createWristbandClient(options), ...query }).name).toBe('wristband')
    expect(wristbandProvider({ ...options, ...query, client: undefined, resolveTenantId: undefined }).name).toBe(
      'wristband',
    )
  })

  it('refuses a client beside options of a client', () => {
    const client = createWristbandClient(options)
    // @ts-expect-error a client or its options, never both
    expect(() => wristbandProvider({ client, clientId, ...query })).toThrow(
      expect.objectContaining({
        code: 'core/invalid_option',
        cause: { factory: 'wristbandProvider', option: 'clientId' },
      }),
    )
  })

  it('says what is missing where it makes its own client', () => {
    // @ts-expect-error a client id is required
    expect(() => wristbandProvider({ clientSecret, applicationDomain: 'invo.us.wristband.dev', ...query })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option', cause: expect.objectContaining({ option: 'clientId' }) }),
    )
  })

  it.each<[string, WristbandMountOptions['tenancy'], object]>([
    ['single tenancy without a proof of the tenant', { kind: 'single', tenant: 'acme' }, {}],
    ['subdomain tenancy without a proof of the tenant', { kind: 'subdomain' }, {}],
    [
      'two proofs of the tenant',
      { kind: 'single', tenant: 'acme', tenantId: 'id-of-acme' },
      { resolveTenantId: () => 'id-of-acme' },
    ],
    ['an empty proof', { kind: 'single', tenant: 'acme', tenantId: '' }, {}],
  ])('refuses to start with %s', (_title, tenancy, proof) => {
    expect(() => wristbandProvider({ ...options, ...proof, tenancy })).toThrow(
      expect.objectContaining({ code: 'core/invalid_option' }),
    )
  })
})

describe('profile', () => {
  const userinfo = (claims: Record<string, unknown>) => ({
    ...claims,
    roles: [{ id: 'r1', name: 'app:invo:teacher', display_name: 'Teacher' }],
    custom_claims: { plan: 'gold' },
  })

  it('keeps roles as id and name by default, and no custom claims', async () => {
    vendor.behaviour.userinfo = userinfo
    expect((await identityWith({}))?.profile).toEqual({
      name: 'Ada Example',
      roles: [{ id: 'r1', name: 'app:invo:teacher' }],
    })
  })

  it('leaves room for 32 roles in a cookie, at the sign-in and at a refresh', async () => {
    const roles = Array.from({ length: 32 }, (_, index) => ({
      id: `01ARZ3NDEKTSV4RRFFQ69G5F${String(index).padStart(2, '0')}`,
      name: `app:invo:department-${index}:teacher`,
      display_name: 'A teacher of a department with a long name',
      description: 'May read and write everything that belongs to the classes of this department.',
    }))
    vendor.behaviour.userinfo = (claims) => ({ ...claims, roles })
    const app = createApp(vendor)
    const browser = app.browser()
    await signIn(vendor, browser)
    for (const later of [0, 1800]) {
      vendor.time += later
      const { status } = await browser.fetch('/auth/session')
      const request = new Request('https://invo.example/', { headers: { cookie: browser.cookies.header() } })
      const { session } = await app.auth.getSession(request)
      expect([status, session?.identities.wristband?.profile.roles]).toEqual([
        200,
        roles.map(({ id, name }) => ({ id, name })),
      ])
    }
  })

  it('chooses what the session keeps, at the sign-in and at a refresh', async () => {
    vendor.behaviour.userinfo = userinfo
    const profile: WristbandMountOptions['profile'] = ({ name, custom_claims: customClaims }) => ({
      name: String(name).toUpperCase(),
      customClaims: customClaims as { plan: string },
    })
    const app = createApp(vendor, { provider: { profile } })
    const browser = app.browser()
    await signIn(vendor, browser)
    const read = async () => {
      const request = new Request('https://invo.example/', { headers: { cookie: browser.cookies.header() } })
      return (await app.auth.getSession(request)).session?.identities.wristband?.profile
    }
    expect(await read()).toEqual({ name: 'ADA EXAMPLE', customClaims: { plan: 'gold' } })
    vendor.time = now + 1800
    vendor.behaviour.userinfo = (claims) => ({ ...userinfo(claims), name: 'Ada King' })
    expect(await read()).toEqual({ name: 'ADA KING', customClaims: { plan: 'gold' } })
  })

  it('does not lose the domain at which the user signed in', async () => {
    const domain = 'login.acme.example'
    const app = createApp(vendor, { provider: { tenantCustomDomains: [domain], profile: () => ({ name: 'Ada' }) } })
    const browser = app.browser()
    await signIn(vendor, browser, { login: `/auth/wristband/login?tenant_custom_domain=${domain}`, tenant: 'acme' })
    const response = await browser.submit('/auth/logout')
    expect(new URL(response.headers.get('location') ?? '').host).toBe(domain)
  })
})

describe('clockToleranceSeconds', () => {
  const ahead = withClaims((claims) => ({ ...claims, iat: now + 60, auth_time: now + 60 }))

  it('lets the vendor’s clock be that far ahead, for both tokens and auth_time', async () => {
    Object.assign(vendor.behaviour, { idToken: ahead, accessToken: ahead })
    expect(await identityWith({})).toBeNull()
    expect(await identityWith({ client: { clockToleranceSeconds: 59 } })).toBeNull()
    expect(await identityWith({ client: { clockToleranceSeconds: 60 } })).toMatchObject({ authenticatedAt: now })
  })
})

it('a session of another account issuer has ended', async () => {
  const secret = 'an-example-secret-of-32-bytes-or-more'
  const before = createApp(vendor, { client: { accountIssuer: 'https://old.example' }, auth: { secret } })
  const browser = before.browser()
  await signIn(vendor, browser)
  const request = () => new Request('https://invo.example/', { headers: { cookie: browser.cookies.header() } })
  expect((await before.auth.getSession(request())).session?.user.issuer).toBe('https://old.example')
  const after = createApp(vendor, { auth: { secret } })
  expect((await after.auth.getSession(request())).session).toBeNull()
})

it('a client shares its machine tokens through a store that an app has anyway', async () => {
  const store = createMemoryStore()
  const client = (): ReturnType<typeof createWristbandClient> =>
    createWristbandClient({ clientId, clientSecret, applicationDomain: vendor.domain, store, clock: () => now })
  expect(await client().machineToken()).toBe(await client().machineToken())
  expect(vendor.calls()).toEqual(['token'])
})
