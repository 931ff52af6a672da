import { coreError } from '../errors/core-errors.ts'
import { checkOptions, invalidOption } from '../options.ts'
import type { BearerClaims } from '../provider/contract.ts'
import type { ProviderName } from '../session/identity.ts'

/** What an access token must prove. All that is named must hold. */
export interface BearerRequirement {
  /** The provider whose token it must be. Default: any installed one that verifies tokens. */
  readonly provider?: ProviderName
  /** Who must hold it. Default `user`: a machine's token passes only where it is asked for. */
  readonly subject?: 'user' | 'machine' | 'any'
  /** Scopes that it must have, all of them. */
  readonly scopes?: readonly string[]
  /** The id of the tenant. */
  readonly tenant?: string
}

const known = ['provider', 'subject', 'scopes', 'tenant']

/**
 * Refuses a requirement that could not hold what it seems to say.
 *
 * @returns The requirement's own members alone.
 * @throws `core/invalid_option`
 */
export function checkBearerRequirement(given: BearerRequirement, providers: readonly string[]): BearerRequirement {
  const requirement = checkOptions('requireBearer', given, known)
  for (const [name, value] of Object.entries(requirement)) {
    if (value === undefined) throw invalidOption('requireBearer', name, 'must not be undefined')
  }
  const { provider, subject, scopes, tenant } = requirement
  if (provider !== undefined && !providers.includes(provider)) {
    throw invalidOption('requireBearer', 'provider', 'must be the name of an installed provider that verifies tokens')
  }
  if (subject !== undefined && !['user', 'machine', 'any'].includes(subject)) {
    throw invalidOption('requireBearer', 'subject', "must be 'user', 'machine' or 'any'")
  }
  if (scopes !== undefined && !(Array.isArray(scopes) && scopes.length > 0 && scopes.every(isText))) {
    throw invalidOption('requireBearer', 'scopes', 'must be a list with at least one scope')
  }
  if (tenant !== undefined && !isText(tenant)) throw invalidOption('requireBearer', 'tenant', "must be a tenant's id")
  return requirement
}

/**
 * Checks the claims of a verified token against a requirement.
 *
 * @throws `auth/bearer_refused`, `auth/scope_required`, `auth/tenant_required`
 */
export function meetBearerRequirement(claims: BearerClaims, requirement: BearerRequirement): void {
  const { subject = 'user', scopes = [], tenant } = requirement
  const cause = { cause: { provider: claims.provider } }
  if (subject !== 'any' && claims.kind !== subject) throw coreError('auth/bearer_refused', cause)
  if (!scopes.every((scope) => claims.scopes.includes(scope))) throw coreError('auth/scope_required', cause)
  if (tenant !== undefined && claims.tenant !== tenant) throw coreError('auth/tenant_required', cause)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
