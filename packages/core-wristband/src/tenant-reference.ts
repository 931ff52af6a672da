import { isApplicationDomain } from './domains.ts'
import { wristbandError } from './errors.ts'
import { type TenantName, tenantName } from './tenant-name.ts'

declare const brand: unique symbol

/** A tenant's own domain, safe to be a host. It says where to go, never who someone is. */
export type CustomDomain = string & { readonly [brand]: 'CustomDomain' }

/** How a caller names a tenant: by its name at Wristband, in any case, or by a domain of its own. */
export type TenantReference = { readonly name: string } | { readonly customDomain: string }

/** What is known of where a tenant is: its name, a domain of its own, both or neither. */
export interface TenantAddress {
  readonly name: TenantName | null
  readonly customDomain: CustomDomain | null
}

/**
 * Reads a reference.
 *
 * @throws `wristband/tenant_name_invalid`, `wristband/custom_domain_invalid`
 */
export function tenantAddress(reference: TenantReference | null): TenantAddress {
  if (reference === null) return { name: null, customDomain: null }
  const { name, customDomain } = { name: undefined, customDomain: undefined, ...reference }
  if (name === undefined && customDomain === undefined) throw wristbandError('wristband/tenant_name_invalid')
  return {
    name: name === undefined ? null : tenantName(name),
    customDomain: customDomain === undefined ? null : toCustomDomain(customDomain),
  }
}

/** The reference by which a caller gets back to an address; null where nothing is known. */
export function tenantReference({ name, customDomain }: TenantAddress): TenantReference | null {
  if (customDomain === null) return name === null ? null : { name }
  return name === null ? { customDomain } : { name, customDomain }
}

/** @throws `wristband/custom_domain_invalid` */
export function toCustomDomain(value: string): CustomDomain {
  const domain = parseCustomDomain(value)
  if (domain === null) throw wristbandError('wristband/custom_domain_invalid')
  return domain
}

/** Like {@link toCustomDomain}, with null for what is no domain: a host of several labels, in lower case. */
export function parseCustomDomain(value: unknown): CustomDomain | null {
  return isApplicationDomain(value) && value.includes('.') ? (value as CustomDomain) : null
}
