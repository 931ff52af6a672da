import { describe, expect, it } from 'vitest'
import type { Application } from '../src/application/application.ts'
import type { WristbandIdentity } from '../src/model/identity.ts'
import { createHostCheck } from '../src/routes/valid-for.ts'

// All that is read of it.
const application = {
  clock: () => 1_800_000_000,
  resolveTenantId: ({ name }: { readonly name?: string }) => (name === 'acme' ? 't-acme' : null),
} as unknown as Application

const isValidFor = createHostCheck(application, { kind: 'subdomain' })

/** Whether an identity whose tenant is this is held at the host of acme, or at another. */
async function isHeld(tenant: WristbandIdentity['tenant'] | undefined, host: string | null = 'acme'): Promise<unknown> {
  const identity = {
    provider: 'wristband',
    issuer: 'https://invo.example',
    subject: 'ada',
    signedInAt: 1_800_000_000,
    tenant,
    profile: {},
  } as unknown as WristbandIdentity
  const origin = `https://${host ?? 'app'}.invo.example`
  return isValidFor({ kind: 'identity', identity }, { origin, tenant: host })
}

describe('an identity at the host of a tenant', () => {
  it('is held if the name of its tenant is proven and is that of the host', async () => {
    expect(await isHeld({ id: 't-acme', name: 'acme' })).toBe(true)
  })

  it.each([
    ['has no tenant', undefined],
    ['has a tenant whose name is not proven', { id: 't-acme' }],
    ['has a tenant whose name is undefined', { id: 't-acme', name: undefined }],
    ['has another tenant', { id: 't-globex', name: 'globex' }],
    ['has a tenant of an empty name', { id: 't-acme', name: '' }],
  ])('is not held if it %s', async (_what, tenant) => {
    expect(await isHeld(tenant)).toBe(false)
  })

  it.each([null, 'globex', 'xn--acme', ''])('is not held at a host whose tenant is %j', async (host) => {
    expect(await isHeld({ id: 't-acme', name: 'acme' }, host)).toBe(false)
  })

  it('without a proven name is not held at a host that has none either', async () => {
    expect(await isHeld({ id: 't-acme' }, null)).toBe(false)
    expect(await isHeld(undefined, null)).toBe(false)
  })
})
