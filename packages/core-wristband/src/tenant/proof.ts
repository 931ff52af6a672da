import type { Awaitable, JsonObject } from '@latchkey/core/provider'
import { wristbandError } from '../model/errors.ts'
import type { KnownTenant, TenantAddress } from './reference.ts'

/**
 * The app's own record of its tenants: the `tnt_id` that a tenant must prove, or null where there is no such tenant. It is
 * asked with a name or with a custom domain, one at a time.
 */
export type ResolveTenantId = (tenant: TenantAddress) => Awaitable<string | null>

/**
 * The id that a tenant must prove; undefined where the app keeps no record of its tenants, or no tenant is known.
 *
 * @throws `wristband/tenant_unknown`, `wristband/tenant_mismatch` where name and domain are two tenants'
 */
export async function expectedTenantId(
  { name, customDomain }: KnownTenant,
  resolve: ResolveTenantId | undefined,
): Promise<string | undefined> {
  if (resolve === undefined) return undefined
  const ids: string[] = []
  if (name !== null) ids.push(await tenantIdOf({ name }, resolve))
  if (customDomain !== null) ids.push(await tenantIdOf({ customDomain }, resolve))
  const [id] = ids
  if (ids.some((other) => other !== id)) throw wristbandError('wristband/tenant_mismatch')
  return id
}

async function tenantIdOf(address: TenantAddress, resolve: ResolveTenantId): Promise<string> {
  const id = await resolve(address)
  // A lookup in a plain object answers undefined or a method, and an empty id proves nothing.
  if (typeof id !== 'string' || id === '') throw wristbandError('wristband/tenant_unknown')
  return id
}

/**
 * The one tenant that all `tnt_id` claims name: token endpoint, issuer, client and redirect URI are shared by all
 * tenants, so a code of another tenant redeems here.
 *
 * @param sources The claims of each verified token, and of userinfo; those without `tnt_id` are passed over.
 * @returns Undefined where none has one.
 * @throws `wristband/tenant_mismatch`
 */
export function provenTenantId(sources: readonly JsonObject[], expected: string | undefined): string | undefined {
  const ids = sources
    .map((claims) => (Object.hasOwn(claims, 'tnt_id') ? claims.tnt_id : undefined))
    .filter((id) => id !== undefined && id !== null)
  const [id] = ids
  if (id === undefined) return undefined
  const agreed = typeof id === 'string' && id !== '' && ids.every((other) => other === id)
  if (!agreed || (expected !== undefined && id !== expected)) throw wristbandError('wristband/tenant_mismatch')
  return id
}
