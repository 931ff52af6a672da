import { BoundedMap, type MountedProvider, type Seconds } from '@latchkey/core/provider'
import type { Application } from '../application/application.ts'
import { parseTenantName, type TenantName } from '../tenant/reference.ts'
import type { Tenancy } from '../tenant/tenancy.ts'

type IsValidFor = NonNullable<MountedProvider<'wristband'>['isValidFor']>

/**
 * Makes what decides whether an identity, or an access token, may be used on a host. With `subdomain` it must belong to
 * the tenant of the host's label, with `single` to the one tenant, with `query` to any. An identity has proven the name
 * of its tenant, an access token names its id. An access token of a machine without a tenant is the application's own
 * and belongs to no other tenant: it passes.
 */
export function createHostCheck(application: Application, tenancy: Tenancy): IsValidFor {
  if (tenancy.kind === 'query') return () => true
  const idOf = createIdLookup(application)
  const tenantId = tenancy.kind === 'single' ? tenancy.tenantId : undefined
  return async (presented, host) => {
    const name = parseTenantName(tenancy.kind === 'single' ? tenancy.tenant : host.tenant)
    if (presented.kind === 'identity') {
      const { tenant } = presented.identity
      return name !== null && tenant?.name === name && (tenantId === undefined || tenant.id === tenantId)
    }
    const { kind, tenant } = presented.bearer
    if (tenant === undefined) return kind === 'machine'
    return name !== null && tenant === (await idOf(name))
  }
}

const maxTenants = 1000

const knownSeconds = 60

const unknownSeconds = 10

interface Lookup {
  readonly id: string | null
  readonly askAgainAt: Seconds
}

/** Asks the app's record of tenants, and remembers an id for a minute and an unknown tenant for 10 seconds. */
function createIdLookup({ resolveTenantId, clock }: Application): (name: TenantName) => Promise<string | null> {
  const lookups = new BoundedMap<TenantName, Lookup>(maxTenants)
  return async (name) => {
    const known = lookups.get(name)
    if (known !== undefined && known.askAgainAt > clock()) return known.id
    const id = (await resolveTenantId?.({ name })) ?? null
    lookups.set(name, { id, askAgainAt: clock() + (id === null ? unknownSeconds : knownSeconds) })
    return id
  }
}
