import { expect, it } from 'vitest'
import type { Application } from '../src/application/application.ts'
import { startLogin } from '../src/client/start-login.ts'

/** An application whose hosts of tenants are made wrongly: at this address. */
function applicationAt(tenantOrigin: string): Application {
  // All that a login reads of it.
  return {
    origin: 'https://invo.example',
    scopes: ['openid'],
    resolveTenantId: undefined,
    clock: () => 1_800_000_000,
    configuration: { read: async () => ({ domains: { tenantOrigin: () => tenantOrigin }, redirectUri: null }) },
    connection: async () => ({ oidc: { clientId: 'example-client', metadata: {} } }),
  } as unknown as Application
}

const options = { tenant: { name: 'acme' }, redirectUri: 'https://app.example/auth/wristband/callback' }

it('sends a login to the origin of its tenant', async () => {
  const { url } = await startLogin(applicationAt('https://acme-invo.example'), options)
  expect(url.origin).toBe('https://acme-invo.example')
})

it.each([
  'https://evil.example/acme-invo.example',
  'https://evil.example?acme-invo.example',
  'https://acme-invo.example:443',
  'https://ACME-invo.example',
])('begins no login where the address is not the origin of its host: %s', async (tenantOrigin) => {
  await expect(startLogin(applicationAt(tenantOrigin), options)).rejects.toMatchObject({
    code: 'wristband/tenant_name_invalid',
  })
})
