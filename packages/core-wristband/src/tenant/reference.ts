import { wristbandError } from '../model/errors.ts'

declare const nameBrand: unique symbol

/** The name of a tenant, safe to be a label of a host. It says where to go, never who someone is. */
export type TenantName = string & { readonly [nameBrand]: 'TenantName' }

// Tested before lower-casing: U+212A and its like turn into ASCII letters by it.
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

/**
 * Makes a tenant's name of one DNS label: ASCII letters, digits and inner hyphens, 1 to 63 characters, no punycode.
 * Upper case becomes lower case.
 *
 * @throws `wristband/tenant_name_invalid`
 * @see https://www.rfc-editor.org/rfc/rfc1123#section-2.1
 */
export function tenantName(value: string): TenantName {
  const name = parseTenantName(value)
  if (name === null) throw wristbandError('wristband/tenant_name_invalid')
  return name
}

/** Like {@link tenantName}, with null for what is no name. */
export function parseTenantName(value: unknown): TenantName | null {
  if (typeof value !== 'string' || !label.test(value)) return null
  const name = value.toLowerCase()
  return name.startsWith('xn--') ? null : (name as TenantName)
}

declare const domainBrand: unique symbol

/** A tenant's own domain, safe to be a host. It says where to go, never who someone is. */
export type CustomDomain = string & { readonly [domainBrand]: 'CustomDomain' }

/** How a caller names a tenant: by its name at Wristband, in any case, or by a domain of its own. */
export type TenantReference = { readonly name: string } | { readonly customDomain: string }

/** The same for reading. */
export interface TenantAddress {
  /** The tenant's name: the first label of its vanity domain, before the `-`. */
  readonly name?: string | undefined
  /** The tenant's own domain. */
  readonly customDomain?: string | undefined
}

/** What is known of where a tenant is, checked: its name, a domain of its own, both or neither. */
export interface KnownTenant {
  readonly name: TenantName | null
  readonly customDomain: CustomDomain | null
}

/**
 * Reads a reference.
 *
 * @throws `wristband/tenant_name_invalid`, `wristband/custom_domain_invalid`
 */
export function knownTenant(reference: TenantReference | null): KnownTenant {
  if (reference === null) return { name: null, customDomain: null }
  const { name, customDomain }: TenantAddress = { ...reference }
  if (name === undefined && customDomain === undefined) throw wristbandError('wristband/tenant_name_invalid')
  return {
    name: name === undefined ? null : tenantName(name),
    customDomain: customDomain === undefined ? null : toCustomDomain(customDomain),
  }
}

/** The reference by which a caller gets back to a tenant; null where nothing is known. */
export function tenantReference({ name, customDomain }: KnownTenant): TenantReference | null {
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

const labels = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/

/** Whether DNS has room for a host name: labels of at most 63 characters, 253 together. */
export function fitsDns(hostname: string): boolean {
  return hostname.length <= 253 && labels.test(hostname) && hostname.split('.').every((label) => label.length <= 63)
}

/** Whether a value is a host name in lower case, with a port or without; no address, no path, no scheme. */
export function isApplicationDomain(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(`https://${value}`)) return false
  const url = new URL(`https://${value}`)
  const named = url.hostname.includes('.') || url.hostname === 'localhost'
  // A host that ends in a number is an IPv4 address, and no tenant's host can be built on it.
  return url.host === value && named && !/\d$/.test(url.hostname) && fitsDns(url.hostname)
}
