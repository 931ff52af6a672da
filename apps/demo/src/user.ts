import type { Identity, UserKey } from '@latchkey/core'

/** Who an identity is, for records of our own. */
export function userKey({
  provider,
  issuer,
  tenant,
  subject,
}: Pick<Identity, 'provider' | 'issuer' | 'tenant' | 'subject'>): UserKey {
  return { provider, issuer, subject, ...(tenant === undefined ? {} : { tenant: tenant.id }) }
}
