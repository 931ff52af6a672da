import { isLoopback } from '@latchkey/core/provider'
import { wristbandError } from './errors.ts'
import type { TenantName } from './tenant-name.ts'

/** The hosts of one Wristband application. */
export interface Domains {
  /** The application's own origin: token endpoint, userinfo, keys. */
  readonly applicationOrigin: string
  /**
   * The origin of a tenant's pages: where its people sign in and out.
   *
   * @throws `wristband/tenant_name_invalid` where the host would be too long.
   */
  tenantOrigin(tenant: TenantName): string
}

const labels = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/

/** Whether a value is a host name in lower case, with a port or without; no address, no path, no scheme. */
export function isApplicationDomain(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(`https://${value}`)) return false
  const url = new URL(`https://${value}`)
  const named = url.hostname.includes('.') || url.hostname === 'localhost'
  // A host that ends in a number is an IPv4 address, and no tenant's host can be built on it.
  return url.host === value && named && !/\d$/.test(url.hostname) && fitsDns(url.hostname)
}

/**
 * The hosts of an application: `{tenant}-{applicationDomain}`, or `{tenant}.{applicationDomain}` with an active custom
 * domain and on loopback, where the scheme is http.
 *
 * @param applicationDomain One that passes {@link isApplicationDomain}.
 */
export function createDomains(applicationDomain: string, customDomain: boolean): Domains {
  const loopback = isLoopback(new URL(`https://${applicationDomain}`).hostname)
  const scheme = loopback ? 'http' : 'https'
  const separator = loopback || customDomain ? '.' : '-'
  return {
    applicationOrigin: `${scheme}://${applicationDomain}`,
    tenantOrigin(tenant) {
      const host = `${tenant}${separator}${applicationDomain}`
      const url = new URL(`${scheme}://${host}`)
      if (url.host !== host || !fitsDns(url.hostname)) throw wristbandError('wristband/tenant_name_invalid')
      return url.origin
    },
  }
}

function fitsDns(hostname: string): boolean {
  return hostname.length <= 253 && labels.test(hostname) && hostname.split('.').every((label) => label.length <= 63)
}
