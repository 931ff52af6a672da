import { type Auth, createAuth, createVault } from '@latchkey/core'
import { createWristband, wristbandProvider } from '@latchkey/core-wristband'

const tenantIds = new Map([['acme', 'the-tnt_id-of-acme']])

const wristband = createWristband({
  clientId: 'your-client-id',
  clientSecret: 'an-example-secret',
  applicationDomain: 'invo-example.us.wristband.dev',
  tenantId: (tenant) => ('name' in tenant ? (tenantIds.get(tenant.name) ?? null) : null),
})

export const auth: Auth = createAuth({
  baseUrl: 'https://invo.example',
  vault: createVault({ secrets: ['an-example-secret-of-32-bytes-or-more'] }),
  providers: [wristbandProvider({ client: wristband, tenancy: { kind: 'query', default: 'acme' } })],
})

export async function greet(request: Request): Promise<string> {
  const { session } = await auth.requireSession(request, { provider: 'wristband' })
  return `Hello ${session.identities.wristband?.profile.name ?? 'you'}`
}
