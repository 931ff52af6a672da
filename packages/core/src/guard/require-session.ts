import type { Wiring } from '../context/auth-context.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { coreError } from '../errors/core-errors.ts'
import { checkOptions, invalidOption } from '../errors/options.ts'
import { type Evidence, type Identity, identityAt, type ProviderName } from '../model/identity.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { Incoming } from '../request/request-like.ts'
import { checkOwnPage, isUnsafe } from '../request/request-source.ts'
import { readSession } from './get-session.ts'
import type { SessionGrant } from './results.ts'

/** What a session must prove. All that is named must hold. */
export interface SessionRequirement {
  /** An identity of this provider. Without it the others speak of the identity that the session began with. */
  readonly provider?: ProviderName
  /** The person proved who they are at most this long ago. */
  readonly maxAgeSeconds?: Seconds
  /** What that proof may rest on. Default: any. */
  readonly evidence?: readonly Evidence[]
  /** The id of the tenant. */
  readonly tenant?: string
  /** `allow` accepts requests that change state from other sites. Default `refuse`. */
  readonly crossOrigin?: 'refuse' | 'allow'
}

/** Reads the session of a request and refuses the request if the session does not meet the requirement. */
export async function requireSession(
  wiring: Wiring,
  incoming: Incoming,
  { requirement: given, writable }: { readonly requirement: SessionRequirement; readonly writable: boolean },
): Promise<SessionGrant> {
  const requirement = checkRequirement(given, [...wiring.providers.keys()])
  if (isUnsafe(incoming.method) && requirement.crossOrigin !== 'allow') {
    const { origin } = wiring.origins.resolve(incoming)
    checkOwnPage(incoming, { origin, trustedOrigins: wiring.trustedOrigins })
  }
  const reading = await readSession(wiring, incoming, writable)
  try {
    meetRequirement(reading.session, requirement, wiring.clock())
  } catch (error) {
    if (isAuthError(error) && error.code === 'auth/step_up_required') {
      wiring.emit({ at: wiring.clock(), type: 'step_up.required', code: error.code }, undefined)
    }
    throw error
  }
  // `reading` itself: its headers are made when they are read.
  return Object.assign(reading, { kind: 'session' as const, session: reading.session })
}

const kinds: readonly unknown[] = ['auth_time', 'acr', 'requested'] satisfies Evidence[]

const requirementNames = ['provider', 'maxAgeSeconds', 'evidence', 'tenant', 'crossOrigin']

/**
 * Refuses a requirement that could not hold what it seems to say: a misspelt or empty member would let everyone pass.
 *
 * @returns The requirement's own members.
 * @throws `core/invalid_option`
 */
function checkRequirement(given: SessionRequirement, providers: readonly string[]): SessionRequirement {
  const requirement = checkOptions('requireSession', given, requirementNames)
  for (const [name, value] of Object.entries(requirement)) {
    if (value === undefined) throw invalidOption('requireSession', name, 'must not be undefined')
  }
  const { provider, maxAgeSeconds, evidence, tenant, crossOrigin } = requirement
  if (provider !== undefined && !providers.includes(provider)) {
    throw invalidOption('requireSession', 'provider', 'must be the name of an installed provider')
  }
  if (maxAgeSeconds !== undefined && !(Number.isFinite(maxAgeSeconds) && maxAgeSeconds >= 0)) {
    throw invalidOption('requireSession', 'maxAgeSeconds', 'must be a number of seconds')
  }
  if (
    evidence !== undefined &&
    !(Array.isArray(evidence) && evidence.length > 0 && evidence.every((kind) => kinds.includes(kind)))
  ) {
    throw invalidOption('requireSession', 'evidence', `must be a list of at least one of ${kinds.join(', ')}`)
  }
  if (tenant !== undefined && (typeof tenant !== 'string' || tenant === '')) {
    throw invalidOption('requireSession', 'tenant', "must be a tenant's id")
  }
  if (crossOrigin !== undefined && crossOrigin !== 'refuse' && crossOrigin !== 'allow') {
    throw invalidOption('requireSession', 'crossOrigin', "must be 'refuse' or 'allow'")
  }
  return requirement
}

/**
 * Checks a session against a requirement.
 *
 * @throws `auth/session_required`, `auth/step_up_required`, `auth/tenant_required`
 */
function meetRequirement(
  session: Session | null,
  requirement: SessionRequirement,
  now: Seconds,
): asserts session is Session {
  const provider: string | undefined = requirement.provider ?? session?.primary
  const cause = provider === undefined ? {} : { cause: { provider } }
  if (session === null || provider === undefined) throw coreError('auth/session_required', cause)
  const identity = identityAt(session.identities, provider)
  if (identity === undefined || !isFresh(identity, requirement, now)) throw coreError('auth/step_up_required', cause)
  if (requirement.tenant !== undefined && identity.tenant?.id !== requirement.tenant) {
    throw coreError('auth/tenant_required', cause)
  }
}

function isFresh(identity: Identity, { maxAgeSeconds, evidence }: SessionRequirement, now: Seconds): boolean {
  if (maxAgeSeconds === undefined && evidence === undefined) return true
  if (identity.authenticatedAt === undefined || identity.evidence === undefined) return false
  if (evidence !== undefined && !evidence.includes(identity.evidence)) return false
  const ageSeconds = now - identity.authenticatedAt
  return maxAgeSeconds === undefined || (ageSeconds >= 0 && ageSeconds <= maxAgeSeconds)
}
