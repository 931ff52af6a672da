import type { Identity, PersonKey } from '@latchkey/core'

/** Who an identity is, for records of our own. */
export function personOf({
  provider,
  issuer,
  tenant,
  subject,
}: Pick<Identity, 'provider' | 'issuer' | 'tenant' | 'subject'>): PersonKey {
  return { provider, issuer, subject, ...(tenant === undefined ? {} : { tenant: tenant.id }) }
}
