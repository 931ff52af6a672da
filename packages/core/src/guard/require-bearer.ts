import type { Wiring } from '../context/auth-context.ts'
import { decodeBase64url } from '../crypto/index.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { asAuthError, coreError } from '../errors/core-errors.ts'
import { checkOptions, invalidOption } from '../errors/options.ts'
import type { ProviderName } from '../model/identity.ts'
import type { BearerClaims, BearerVerifier } from '../provider/contract.ts'
import type { Incoming } from '../request/request-like.ts'
import { uncached } from '../request/response.ts'
import type { BearerGrant } from './results.ts'

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

const mostCharacters = 16_384

/** Verifies the access token of a request and refuses the request if it does not meet the requirement. */
export async function requireBearer(
  wiring: Wiring,
  incoming: Incoming,
  given: BearerRequirement,
): Promise<BearerGrant> {
  const verifiers = [...wiring.providers].flatMap(([name, { bearer }]) =>
    bearer === undefined ? [] : [{ name, bearer }],
  )
  const requirement = checkBearerRequirement(
    given,
    verifiers.map(({ name }) => name),
  )
  try {
    const token = bearerToken(incoming)
    const issuer = unverifiedIssuer(token)
    const candidate = verifiers.find(
      ({ name, bearer }) =>
        (requirement.provider === undefined || requirement.provider === name) && bearer.issuers.includes(issuer),
    )
    if (candidate === undefined) throw coreError('auth/bearer_invalid', { cause: { reason: 'unknown issuer' } })
    const bearer = await verify(candidate.bearer, token)
    meetBearerRequirement(bearer, requirement)
    return { kind: 'bearer', bearer, headers: uncached }
  } catch (thrown) {
    const error = asAuthError(thrown)
    wiring.emit({ at: wiring.clock(), type: 'bearer.refused', code: error.code, hint: error.hint }, undefined)
    throw error
  }
}

/** Whether a request presents an access token, good or bad. */
export function presentsBearer({ headers }: Incoming): boolean {
  return /^bearer\b/i.test(headers.get('authorization') ?? '')
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken({ headers }: Incoming): string {
  const header = headers.get('authorization')
  if (header === null) throw coreError('auth/bearer_required')
  const [, token] = (header.length <= mostCharacters && /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)) || []
  if (token === undefined) throw coreError('auth/bearer_invalid', { cause: { reason: 'malformed header' } })
  return token
}

/** The `iss` of a token, only to find out who is to verify it. */
function unverifiedIssuer(token: string): string {
  const payload = decodeBase64url(token.split('.')[1] ?? '')
  try {
    const { iss } = JSON.parse(new TextDecoder().decode(payload ?? new Uint8Array())) as { iss?: unknown }
    if (typeof iss === 'string') return iss
  } catch {
    // Falls through to the refusal.
  }
  throw coreError('auth/bearer_invalid', { cause: { reason: 'no issuer' } })
}

/** A token that is refused is the caller's fault and always 401; a vendor that fails is not. */
async function verify(verifier: BearerVerifier, token: string): Promise<BearerClaims> {
  try {
    return await verifier.verify(token)
  } catch (error) {
    if (isAuthError(error) && error.status < 500) {
      throw coreError('auth/bearer_invalid', { hint: error.hint, cause: { reason: error.code } })
    }
    throw error
  }
}

const requirementNames = ['provider', 'subject', 'scopes', 'tenant']

/**
 * Refuses a requirement that could not hold what it seems to say.
 *
 * @returns The requirement's own members alone.
 * @throws `core/invalid_option`
 */
function checkBearerRequirement(given: BearerRequirement, providers: readonly string[]): BearerRequirement {
  const requirement = checkOptions('requireBearer', given, requirementNames)
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
function meetBearerRequirement(claims: BearerClaims, requirement: BearerRequirement): void {
  const { subject = 'user', scopes = [], tenant } = requirement
  const cause = { cause: { provider: claims.provider } }
  if (subject !== 'any' && claims.kind !== subject) throw coreError('auth/bearer_refused', cause)
  if (!scopes.every((scope) => claims.scopes.includes(scope))) throw coreError('auth/scope_required', cause)
  if (tenant !== undefined && claims.tenant !== tenant) throw coreError('auth/tenant_required', cause)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
