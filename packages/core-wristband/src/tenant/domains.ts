import { isLoopback } from '@latchkey/core/provider'
import { wristbandError } from '../model/errors.ts'
import { type CustomDomain, fitsDns, type TenantName } from './reference.ts'

/** The hosts of the tenants of one Wristband application. */
export interface Domains {
  /**
   * The origin of a tenant's pages: where its users sign in and out.
   *
   * @throws `wristband/tenant_name_invalid` where the host would be too long.
   */
  tenantOrigin(tenant: TenantName): string
}

/**
 * The hosts of an application's tenants: `{tenant}-{applicationDomain}`, or `{tenant}.{applicationDomain}` with an active
 * custom domain and on `localhost`. On loopback the scheme is http.
 *
 * @param applicationDomain One that passes {@link isApplicationDomain}.
 */
export function createDomains(applicationDomain: string, customDomain: boolean): Domains {
  const scheme = schemeOf(applicationDomain)
  // `acme-localhost` would be no loopback host.
  const isPlainLocalhost = new URL(`https://${applicationDomain}`).hostname === 'localhost'
  const separator = isPlainLocalhost || customDomain ? '.' : '-'
  return {
    tenantOrigin(tenant) {
      const host = `${tenant}${separator}${applicationDomain}`
      const url = new URL(`${scheme}://${host}`)
      if (url.host !== host || !fitsDns(url.hostname)) throw wristbandError('wristband/tenant_name_invalid')
      return url.origin
    },
  }
}

/** The application's own origin. */
export function applicationOriginOf(applicationDomain: string): string {
  return `${schemeOf(applicationDomain)}://${applicationDomain}`
}

/** The origin of a tenant's own domain. */
export function customDomainOrigin(domain: CustomDomain): string {
  return `${schemeOf(domain)}://${domain}`
}

function schemeOf(host: string): 'http' | 'https' {
  return isLoopback(new URL(`https://${host}`).hostname) ? 'http' : 'https'
}
