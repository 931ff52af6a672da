import { type Identity, invalidOption, type ProviderHost } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import { type CustomDomainPolicy, createCustomDomainCheck } from '../application/custom-domains.ts'
import type { Wristband } from '../client/wristband-client.ts'
import { type CustomDomain, parseTenantName } from '../tenant/reference.ts'
import type { Tenancy } from '../tenant/tenancy.ts'

/** A Wristband application as routes see it. */
export interface MountedApplication {
  readonly client: Wristband
  readonly application: Application
  readonly tenancy: Tenancy
  readonly loginPath: string
  readonly callbackPath: string
  /** The origin of a tenant's own host, with `{tenant}` for its name; null without `subdomain`. */
  readonly tenantRoot: string | null
  /** What Wristband is told of our callback. */
  redirectUri(context: { readonly origin: string }): string
  isAllowedDomain(domain: CustomDomain): Promise<boolean>
  /** Whether an identity may be used on a host. */
  holds(identity: Pick<Identity, 'tenant'>, on: { readonly tenant: string | null }): boolean
}

/** What is mounted. */
export interface ApplicationMount {
  readonly client: Wristband
  readonly application: Application
  readonly tenancy: Tenancy
  readonly customDomains: CustomDomainPolicy
}

/**
 * Puts an application on a host.
 *
 * @throws `core/invalid_option` for `subdomain` without a host per tenant
 */
export function mountApplication(mount: ApplicationMount, host: ProviderHost): MountedApplication {
  const { application, tenancy } = mount
  const isSubdomain = tenancy.kind === 'subdomain'
  const tenantRoot = isSubdomain ? host.origins.tenantRoot : null
  if (isSubdomain && tenantRoot === null) {
    throw invalidOption('wristbandProvider', 'tenancy', 'is `subdomain`, but no `baseUrl` of createAuth has `{tenant}`')
  }
  const callbackPath = `${host.basePath}/wristband/callback`
  // Registered once for all tenants: Wristband fills the name in.
  const placeholder = tenantRoot === null ? null : `${tenantRoot.replace('{tenant}', '{tenant_name}')}${callbackPath}`
  return {
    client: mount.client,
    application,
    tenancy,
    loginPath: `${host.basePath}/wristband/login`,
    callbackPath,
    tenantRoot,
    redirectUri: ({ origin }) => placeholder ?? `${origin}${callbackPath}`,
    isAllowedDomain: createCustomDomainCheck(application, mount.customDomains),
    holds({ tenant }, on) {
      switch (tenancy.kind) {
        case 'subdomain':
          return tenant?.name !== undefined && tenant.name === on.tenant
        case 'single':
          // Without a record of tenants no name is ever proven.
          return application.tenantId === undefined || tenant?.name === parseTenantName(tenancy.tenant)
        case 'query':
          return true
        default:
          return tenancy satisfies never
      }
    },
  }
}
