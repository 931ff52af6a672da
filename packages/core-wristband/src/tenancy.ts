import { checkOptions, invalidOption } from '@latchkey/core/provider'
import { parseTenantName } from './tenant-name.ts'

/** Where the name of a tenant comes from: the query of the login route (`tenant_name`), else `default`. */
export interface Tenancy {
  readonly kind: 'query'
  /** The tenant of a login that names none. Without it such a login is `wristband/tenant_required`. */
  readonly default?: string
}

/** @throws `core/invalid_option` */
export function checkTenancy(factory: string, tenancy: Tenancy): void {
  checkOptions(factory, tenancy, ['kind', 'default'])
  if (tenancy.kind !== 'query') throw invalidOption(factory, 'tenancy.kind', 'must be `query`')
  if (tenancy.default !== undefined && parseTenantName(tenancy.default) === null) {
    throw invalidOption(factory, 'tenancy.default', 'must be the name of a tenant: one DNS label')
  }
}
