import { type AuthContext, contextOf } from '../context/auth-context.ts'
import { checkRate } from '../context/rate-limit.ts'
import { sha256 } from '../crypto/index.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { asAuthError, coreError } from '../errors/core-errors.ts'
import { checkRequirement, checkRequirementEarly, type OptionRules, option } from '../errors/options.ts'
import { isPending } from '../model/awaitable.ts'
import type { ProviderName } from '../model/identity.ts'
import type { Seconds } from '../model/time.ts'
import type { BearerToken, BearerVerifier, ReadToken } from '../provider/contract.ts'
import type { RequestLike } from '../request/request-like.ts'
import { noStore } from '../request/response.ts'
import { meetPredicate } from './require-session.ts'
import type { AuthenticatedBearer } from './results.ts'

/**
 * What an access token must prove. All that is named must hold. A member that is present and `undefined` is refused
 * (`core/invalid_option`): it would let everyone pass.
 */
export interface BearerRequirement {
  /** The provider whose token it must be. Default: any installed one that verifies tokens. */
  readonly provider?: ProviderName
  /** Who must hold it. Default `user`: a machine's token passes only where it is asked for. */
  readonly kind?: NonNullable<BearerToken['kind']> | 'any'
  /** Scopes that it must have, all of them. */
  readonly scopes?: readonly string[]
  /** The id of the tenant. */
  readonly tenant?: string
  /** Asked last; anything but `true` is 403 `auth/forbidden`. Synchronous: a promise is not `true`. */
  readonly where?: (token: BearerToken) => boolean
}

const mostCharacters = 16_384

const rules: OptionRules<BearerRequirement> = {
  provider: option.text,
  kind: option.oneOf(['user', 'machine', 'any']),
  scopes: option.filledList(option.text),
  tenant: option.text,
  where: option.function,
}

/**
 * Refuses a requirement that could not hold what it seems to say.
 *
 * @returns The requirement's own members.
 * @throws `core/invalid_option`
 */
function checkBearerRequirement({ bearers }: AuthContext, requirement: BearerRequirement): BearerRequirement {
  const checked = checkRequirement('requireBearer', requirement, rules)
  bearers.check(checked.provider)
  return checked
}

/**
 * Refuses where the guard is made, before there is an auth, what can be refused there: all but the name of a provider
 * that is not installed.
 *
 * @returns The requirement's own members.
 * @throws `core/invalid_option`
 */
export function checkBearerRequirementEarly(requirement: BearerRequirement): BearerRequirement {
  return checkRequirementEarly('requireBearer', requirement, rules)
}

/** Any user's access token will do. */
export const anyUser: BearerRequirement = /* @__PURE__ */ checkBearerRequirementEarly({})

/**
 * Refuses at the start of an app whose guards know their auth by then a requirement that leaves open which of several
 * providers is to judge a token. Elsewhere the first request finds it.
 *
 * @throws `core/invalid_option`
 */
export function checkBearerChoice(auth: object, requirement: BearerRequirement | undefined): void {
  if (requirement !== undefined) contextOf(auth)?.bearers.requireChoice(requirement.provider)
}

/** Verifies the access token of a request and refuses the request if it does not meet the requirement. */
export async function requireBearer(
  context: AuthContext,
  request: RequestLike,
  given: BearerRequirement,
): Promise<AuthenticatedBearer> {
  const requirement = checkBearerRequirement(context, given)
  try {
    const { origin, tenant } = context.origins.resolve(request)
    const token = bearerToken(request)
    // To wait for what is there already costs a turn each.
    const hashing = sha256(token)
    const digest = isPending(hashing) ? await hashing : hashing
    const recalling = context.bearers.recall(digest, requirement.provider)
    const recalled = isPending(recalling) ? await recalling : recalling
    const found = recalled ?? context.bearers.find(token, requirement.provider)
    const { name, provider } = found.by
    if (context.rateLimit !== undefined) {
      await checkRate(context.rateLimit, { kind: 'bearer', provider: name, frameworkRequest: undefined })
    }
    const bearer = 'bearer' in found ? found.bearer : await verify(found.by.verifier, token, { jwt: found.jwt, digest })
    if (provider.isValidFor !== undefined) {
      const judging = provider.isValidFor({ kind: 'bearer', bearer }, { origin, tenant })
      const isValid: unknown = isPending(judging) ? await judging : judging
      if (isValid !== true) throw coreError('auth/tenant_required', { cause: { provider: bearer.provider } })
    }
    if (bearer.kind !== 'machine') {
      const at = context.revocations.revokedAt(bearer, provider.accountIssuers)
      requireLater(bearer, isPending(at) ? await at : at)
    }
    meetRequirement(bearer, requirement)
    return { kind: 'bearer', bearer, headers: noStore }
  } catch (thrown) {
    const { code, hint } = asAuthError(thrown)
    context.emit({ at: context.clock(), type: 'request.refused', code, hint }, undefined)
    throw thrown
  }
}

/** Whether a request presents an access token, good or bad. */
export function presentsBearer({ headers }: RequestLike): boolean {
  return /^bearer\b/i.test(headers.get('authorization') ?? '')
}

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken({ headers }: RequestLike): string {
  const header = headers.get('authorization')
  if (header === null) throw coreError('auth/bearer_required')
  const [scheme = ''] = (header.length <= mostCharacters && /^bearer +/i.exec(header)) || []
  if (scheme === '') throw coreError('auth/bearer_invalid', { cause: { reason: 'malformed header' } })
  // What is behind the scheme is read as a JWT, or was: no other form of it passes.
  return header.slice(scheme.length)
}

/** A token that is refused is the caller's fault and always 401; a vendor that fails is not. */
async function verify(verifier: BearerVerifier, token: string, read: ReadToken): Promise<BearerToken> {
  try {
    return await verifier.verify(token, read)
  } catch (error) {
    if (isAuthError(error) && error.status < 500) {
      throw coreError('auth/bearer_invalid', { hint: error.hint, cause: { reason: error.code } })
    }
    throw error
  }
}

/** How far the clocks of the vendor and of who revokes may differ. */
const clockToleranceSeconds = 10

/**
 * Refuses a user's token that was issued before the user was revoked.
 *
 * @param at When that was; null if never.
 * @throws `auth/bearer_revoked`
 */
function requireLater({ claims: { iat }, provider }: BearerToken, at: Seconds | null): void {
  if (at === null || (typeof iat === 'number' && iat > at + clockToleranceSeconds)) return
  throw coreError('auth/bearer_revoked', { cause: { provider } })
}

/**
 * Checks a verified token against a requirement.
 *
 * @throws `auth/bearer_refused`, `auth/scope_required`, `auth/tenant_required`, `auth/forbidden`
 */
function meetRequirement(token: BearerToken, requirement: BearerRequirement): void {
  const { kind = 'user', scopes = [], tenant, where } = requirement
  const cause = { cause: { provider: token.provider } }
  if (kind !== 'any' && token.kind !== kind) throw coreError('auth/bearer_refused', cause)
  if (!scopes.every((scope) => token.scopes.includes(scope))) throw coreError('auth/scope_required', cause)
  if (tenant !== undefined && token.tenant !== tenant) throw coreError('auth/tenant_required', cause)
  if (where !== undefined) meetPredicate(where(token))
}
