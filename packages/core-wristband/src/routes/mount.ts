import { invalidOption, type ProviderHost } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import { type CustomDomainPolicy, createCustomDomainCheck } from '../application/custom-domains.ts'
import type { CustomDomain } from '../tenant/reference.ts'
import type { Tenancy } from '../tenant/tenancy.ts'

/** A Wristband application as routes see it. */
export interface MountedApplication {
  readonly application: Application
  readonly tenancy: Tenancy
  readonly loginPath: string
  readonly callbackPath: string
  /** The origin of a tenant's own host, with `{tenant}` for its name; null without `subdomain`. */
  readonly tenantRoot: string | null
  /** What Wristband is told of our callback. */
  redirectUri(context: { readonly origin: string }): string
  isAllowedDomain(domain: CustomDomain): Promise<boolean>
}

/** What is mounted. */
export interface ApplicationMount {
  readonly application: Application
  readonly tenancy: Tenancy
  readonly tenantCustomDomains: CustomDomainPolicy
}

/**
 * Puts an application on a host.
 *
 * @throws `core/invalid_option` for `subdomain` without a host per tenant
 */
export function mountApplication(mount: ApplicationMount, host: ProviderHost): MountedApplication {
  const { application, tenancy, tenantCustomDomains } = mount
  const isSubdomain = tenancy.kind === 'subdomain'
  const tenantRoot = isSubdomain ? host.origins.tenantRoot : null
  if (isSubdomain && tenantRoot === null) {
    throw invalidOption('wristbandProvider', 'tenancy', 'is `subdomain`, but no `baseUrl` of createAuth has `{tenant}`')
  }
  const callbackPath = `${host.basePath}/wristband/callback`
  // Registered once for all tenants: Wristband fills the name in.
  const placeholder = tenantRoot === null ? null : `${tenantRoot.replace('{tenant}', '{tenant_name}')}${callbackPath}`
  return {
    application,
    tenancy,
    loginPath: `${host.basePath}/wristband/login`,
    callbackPath,
    tenantRoot,
    redirectUri: ({ origin }) => placeholder ?? `${origin}${callbackPath}`,
    isAllowedDomain: createCustomDomainCheck(application, tenantCustomDomains),
  }
}
