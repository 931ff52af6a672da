import { checkOptions, invalidOption } from '@latchkey/core/provider'
import { parseTenantName } from './reference.ts'

/** Where the name of a tenant comes from. */
export type Tenancy =
  /** The `{tenant}` label of the host, where `baseUrl` has one. Needs `tenantId`. */
  | { readonly kind: 'subdomain' }
  /** The query of the login route (`tenant_name`), else `default`, else what the user tells Wristband. */
  | { readonly kind: 'query'; readonly default?: string }
  /** There is one. */
  | { readonly kind: 'single'; readonly tenant: string }

const members: Readonly<Record<string, readonly string[]>> = {
  subdomain: ['kind'],
  query: ['kind', 'default'],
  single: ['kind', 'tenant'],
}

/** @throws `core/invalid_option` */
export function checkTenancy(factory: string, tenancy: Tenancy): void {
  const known = Object.hasOwn(members, String(tenancy?.kind)) ? members[tenancy.kind] : undefined
  if (known === undefined) throw invalidOption(factory, 'tenancy.kind', 'must be `subdomain`, `query` or `single`')
  checkOptions(factory, tenancy, known)
  if (tenancy.kind === 'single') requireName(factory, 'tenancy.tenant', tenancy.tenant)
  if (tenancy.kind === 'query' && tenancy.default !== undefined) {
    requireName(factory, 'tenancy.default', tenancy.default)
  }
}

/** The tenant's name that does not depend on a request. */
export function configuredTenant(tenancy: Tenancy): string | null {
  if (tenancy.kind === 'single') return tenancy.tenant
  return tenancy.kind === 'query' ? (tenancy.default ?? null) : null
}

function requireName(factory: string, option: string, value: unknown): void {
  if (parseTenantName(value) === null)
    throw invalidOption(factory, option, 'must be the name of a tenant: one DNS label')
}
