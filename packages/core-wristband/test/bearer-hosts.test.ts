import type { BearerRequirement } from '@latchkey/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, type AppOptions, createApp, tenantIds } from './app.ts'
import { clientId, startVendor, type Vendor } from './vendor.ts'

const acme = 'https://acme.invo.example'
let vendor: Vendor
beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())
beforeEach(() => vendor.reset())

const machine = { sub: clientId, sub_kind: 'client', tnt_id: undefined }
const refused = { code: 'auth/tenant_required', status: 403 }

/** What `requireBearer` says to an access token at an address of the app, and `requireSessionOrBearer` alike. */
async function ask(
  app: App,
  url: string,
  { claims = {}, requirement = {} }: { claims?: Record<string, unknown>; requirement?: BearerRequirement } = {},
) {
  const authorization = `Bearer ${await vendor.accessToken(claims)}`
  const request = new Request(url, { headers: { authorization } })
  const [one] = await Promise.allSettled([app.auth.requireBearer(request, requirement)])
  const either = app.auth.requireSessionOrBearer(request, { session: {}, bearer: requirement })
  const [other] = await Promise.allSettled([either])
  if (one.status === 'rejected') {
    expect(other).toMatchObject({ status: 'rejected', reason: { code: (one.reason as { code?: string }).code } })
    throw one.reason
  }
  expect(other).toMatchObject({ status: 'fulfilled', value: { kind: 'bearer', bearer: one.value.bearer } })
  return one.value
}

describe('an access token with subdomain tenancy', () => {
  const create = (client: AppOptions['client'] = {}) =>
    createApp(vendor, {
      client,
      provider: { tenancy: { kind: 'subdomain' } },
      auth: { baseUrl: ['https://invo.example', 'https://{tenant}.invo.example'] },
    })

  it('is good at its own tenant’s host', async () => {
    const { bearer } = await ask(create(), acme)
    expect(bearer.tenant).toBe('id-of-acme')
  })

  it.each([
    ['another tenant’s host', 'https://globex.invo.example', {}],
    ['the host of no tenant that the app knows', 'https://initech.invo.example', {}],
    ['a host without a tenant', 'https://invo.example', {}],
    ['a host, if it names another tenant', acme, { tnt_id: 'id-of-evil' }],
    ['a host, if a user’s token names no tenant', acme, { tnt_id: undefined }],
    ['another tenant’s host, if it is a machine of a tenant', 'https://globex.invo.example', { sub_kind: 'client' }],
  ])('is refused at %s', async (_title, url, claims) => {
    await expect(ask(create(), url, { claims, requirement: { kind: 'any' } })).rejects.toMatchObject(refused)
  })

  it('is refused at a host that is not ours', async () => {
    await expect(ask(create(), 'https://acme.evil.example')).rejects.toMatchObject({
      code: 'core/unknown_host',
      status: 421,
    })
  })

  it('of the application itself belongs to no other tenant, and is good at each host that asks for machines', async () => {
    for (const url of [acme, 'https://invo.example']) {
      await ask(create(), url, { claims: machine, requirement: { kind: 'machine' } })
      await expect(ask(create(), url, { claims: machine })).rejects.toMatchObject({ code: 'auth/bearer_refused' })
    }
  })

  it('asks the app’s record of tenants once a minute for each name', async () => {
    const asked: unknown[] = []
    const app = create({
      resolveTenantId: (tenant) => {
        asked.push(tenant)
        return tenantIds.get(tenant.name ?? '') ?? null
      },
    })
    for (let index = 0; index < 3; index += 1) await ask(app, acme)
    expect(asked).toEqual([{ name: 'acme' }])
    vendor.time += 60
    await ask(app, acme)
    expect(asked).toHaveLength(2)
  })

  it('passes nobody while the record cannot be read, and remembers no failure', async () => {
    let isBroken = true
    const app = create({
      resolveTenantId: async ({ name = '' }) => {
        if (isBroken) throw new Error('database')
        return tenantIds.get(name) ?? null
      },
    })
    await expect(ask(app, acme)).rejects.toThrow()
    isBroken = false
    await ask(app, acme)
  })
})

describe('an access token with single tenancy', () => {
  const create = () =>
    createApp(vendor, {
      client: { resolveTenantId: undefined },
      provider: { tenancy: { kind: 'single', tenant: 'acme', tenantId: 'id-of-acme' } },
    })

  it('is good if it is of the one tenant', async () => {
    await ask(create(), 'https://invo.example')
    await ask(create(), 'https://invo.example', { claims: machine, requirement: { kind: 'machine' } })
    for (const tnt_id of ['id-of-globex', undefined]) {
      await expect(ask(create(), 'https://invo.example', { claims: { tnt_id } })).rejects.toMatchObject(refused)
    }
  })
})

it('an access token with query tenancy may be of any tenant', async () => {
  const { bearer } = await ask(createApp(vendor), 'https://invo.example', { claims: { tnt_id: 'id-of-globex' } })
  expect(bearer.tenant).toBe('id-of-globex')
})
