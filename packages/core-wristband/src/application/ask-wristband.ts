import { failureCause } from '@latchkey/oidc'
import { wristbandError } from '../model/errors.ts'
import type { CustomDomain } from '../tenant/reference.ts'
import type { Application } from './application.ts'

/**
 * Whether Wristband confirms a domain of a tenant.
 *
 * @throws `wristband/custom_domain_unconfirmed`, and `core/…` of the transport
 */
export async function askWristband(application: Application, domain: CustomDomain): Promise<boolean> {
  const { http } = await application.connection()
  const { status, headers, body } = await http.json(`${application.origin}/api/v1/custom-domains/validate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenantCustomDomain: domain }),
    endpoint: 'custom_domain',
  })
  const valid: unknown = status === 200 ? (body as { readonly valid?: unknown } | null)?.valid : undefined
  if (typeof valid === 'boolean') return valid
  throw wristbandError('wristband/custom_domain_unconfirmed', { cause: failureCause({ status, headers }) })
}
