import { wristbandError } from './errors.ts'

declare const brand: unique symbol

/** The name of a tenant, safe to be a label of a host. It says where to go, never who someone is. */
export type TenantName = string & { readonly [brand]: 'TenantName' }

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
