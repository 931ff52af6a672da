import { checkOptions, invalidOption, type OptionRules, option, required, rule } from '@latchkey/core/provider'
import { parseTenantName } from './reference.ts'

/** Where the name of a tenant comes from. */
export type Tenancy =
  /** The `{tenant}` label of the host, where `baseUrl` has one. Needs `resolveTenantId`. */
  | { readonly kind: 'subdomain' }
  /** The query of the login route (`tenant_name`), else `default`, else what the user tells Wristband. */
  | { readonly kind: 'query'; readonly default?: string | undefined }
  /** There is one. Its id (`tnt_id`) is proven by `tenantId`, or by `resolveTenantId` of the client. */
  | { readonly kind: 'single'; readonly tenant: string; readonly tenantId?: string | undefined }

type TenancyRules<Kind extends Tenancy['kind']> = OptionRules<Extract<Tenancy, { readonly kind: Kind }>>

const tenantName = rule('must be the name of a tenant: one DNS label', (value) => parseTenantName(value) !== null)

const subdomainRules: TenancyRules<'subdomain'> = { kind: option.text }

const queryRules: TenancyRules<'query'> = { kind: option.text, default: tenantName }

const singleRules: TenancyRules<'single'> = { kind: option.text, tenant: required(tenantName), tenantId: option.text }

/** @throws `core/invalid_option` */
export function checkTenancy(factory: string, tenancy: Tenancy): Tenancy {
  const name = `${factory}.tenancy`
  switch (tenancy.kind) {
    case 'subdomain':
      return checkOptions(name, tenancy, subdomainRules)
    case 'query':
      return checkOptions(name, tenancy, queryRules)
    case 'single':
      return checkOptions(name, tenancy, singleRules)
    default:
      tenancy satisfies never
      throw invalidOption(name, 'kind', 'must be `subdomain`, `query` or `single`')
  }
}

/** The tenant's name that does not depend on a request. */
export function configuredTenant(tenancy: Tenancy): string | null {
  if (tenancy.kind === 'single') return tenancy.tenant
  return tenancy.kind === 'query' ? (tenancy.default ?? null) : null
}
