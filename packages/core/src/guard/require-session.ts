import type { AuthContext } from '../context/auth-context.ts'
import { clockToleranceSeconds } from '../context/clock-skew.ts'
import { inSession } from '../context/in-session.ts'
import { asAuthError, coreError } from '../errors/core-errors.ts'
import {
  checkRequirement,
  checkRequirementEarly,
  invalidOption,
  type OptionRules,
  option,
  rule,
} from '../errors/options.ts'
import { type AuthTimeSource, type Identity, identityAt, type ProviderName, userKey } from '../model/identity.ts'
import type { Session } from '../model/session.ts'
import type { Seconds } from '../model/time.ts'
import type { RequestLike } from '../request/request-like.ts'
import { sessionFrom } from '../session/record.ts'
import type { AuthenticatedSession } from './results.ts'

/**
 * What a session must prove. All that is named must hold. A member that is present and `undefined` is refused
 * (`core/invalid_option`): it would let everyone pass.
 */
export interface SessionRequirement {
  /** An identity of this provider. Without it the others speak of `session.user`. */
  readonly provider?: ProviderName
  /** The user authenticated at most this long ago. */
  readonly maxAuthAgeSeconds?: Seconds
  /** What that authentication may rest on. Default: any. */
  readonly authTimeSources?: readonly AuthTimeSource[]
  /** The tenant's id. */
  readonly tenant?: string
  /** Asked last; anything but `true` is 403 `auth/forbidden`. Synchronous: a promise is not `true`. */
  readonly where?: (session: Session) => boolean
  /** `allow` accepts requests of other sites, also those that change state. Default `refuse`. */
  readonly crossOrigin?: 'refuse' | 'allow'
}

const authTimeSources: readonly AuthTimeSource[] = ['auth_time', 'acr', 'requested']

const rules: OptionRules<SessionRequirement> = {
  provider: option.text,
  maxAuthAgeSeconds: rule('must be a number of seconds', (value) => Number.isFinite(value) && (value as number) >= 0),
  authTimeSources: option.filledList(option.oneOf(authTimeSources)),
  tenant: option.text,
  where: option.function,
  crossOrigin: option.oneOf(['refuse', 'allow']),
}

/**
 * Refuses a requirement that could not hold what it seems to say.
 *
 * @returns The requirement's own members.
 * @throws `core/invalid_option`
 */
export function checkSessionRequirement(
  { providers }: AuthContext,
  requirement: SessionRequirement,
): SessionRequirement {
  const checked = checkRequirement('requireSession', requirement, rules)
  if (checked.provider !== undefined && !providers.has(checked.provider)) {
    throw invalidOption('requireSession', 'provider', 'must be the name of an installed provider')
  }
  return checked
}

/**
 * Refuses where the guard is made, before there is an auth, what can be refused there: all but the name of a provider
 * that is not installed.
 *
 * @returns The requirement's own members.
 * @throws `core/invalid_option`
 */
export function checkSessionRequirementEarly(requirement: SessionRequirement): SessionRequirement {
  return checkRequirementEarly('requireSession', requirement, rules)
}

/** Any session will do. */
export const anySession: SessionRequirement = /* @__PURE__ */ checkSessionRequirementEarly({})

/** Reads the session of a request and refuses the request if the session does not meet the requirement. */
export async function requireSession(
  context: AuthContext,
  request: RequestLike,
  { requirement: given, readOnly }: { readonly requirement: SessionRequirement; readonly readOnly: boolean },
): Promise<AuthenticatedSession> {
  const requirement = checkSessionRequirement(context, given)
  let session: Session | null = null
  try {
    const sender = requirement.crossOrigin === 'allow' ? 'any' : 'refuse'
    return await inSession(context, { request, readOnly, sender }, ({ record }) => {
      session = record === null ? null : sessionFrom(record)
      meetRequirement(session, requirement, context.clock())
      return { kind: 'session' as const, session }
    })
  } catch (thrown) {
    reportRefusal(context, asAuthError(thrown), session)
    throw thrown
  }
}

function reportRefusal(
  context: AuthContext,
  { code, hint }: { readonly code: `${string}/${string}`; readonly hint: string },
  session: Session | null,
): void {
  context.emit(
    {
      at: context.clock(),
      type: code === 'auth/step_up_required' ? 'step_up.required' : 'request.refused',
      code,
      hint,
      ...(session === null ? {} : { user: userKey(session.user) }),
    },
    undefined,
  )
}

/**
 * Checks a session against a requirement.
 *
 * @throws `auth/session_required`, `auth/step_up_required`, `auth/tenant_required`, `auth/forbidden`
 */
export function meetRequirement(
  session: Session | null,
  requirement: SessionRequirement,
  now: Seconds,
): asserts session is Session {
  const provider: string | undefined = requirement.provider ?? session?.user.provider
  const cause = provider === undefined ? {} : { cause: { provider } }
  if (session === null || provider === undefined) throw coreError('auth/session_required', cause)
  const identity = identityAt(session.identities, provider)
  if (identity === undefined || !isFresh(identity, requirement, now)) {
    throw coreError('auth/step_up_required', isOfFuture(identity, requirement, now) ? ofFuture(provider) : cause)
  }
  if (requirement.tenant !== undefined && identity.tenant?.id !== requirement.tenant) {
    throw coreError('auth/tenant_required', cause)
  }
  if (requirement.where !== undefined) meetPredicate(requirement.where(session))
}

/**
 * Refuses what a `where` answers unless it is `true` itself: a promise of `false` is truthy.
 *
 * @throws `auth/forbidden`
 */
export function meetPredicate(answer: unknown): void {
  if (answer === true) return
  if (typeof (answer as { then?: unknown } | null | undefined)?.then !== 'function') throw coreError('auth/forbidden')
  // Nobody waits for it: what it rejects with must not end the process.
  Promise.resolve(answer).catch(() => {})
  throw coreError('auth/forbidden', { hint: '`where` answered a promise: it must be synchronous.' })
}

/** Whether the proof is of a process whose clock is too far ahead: so would the next one be. */
function isOfFuture(
  { authenticatedAt }: Partial<Identity> = {},
  { maxAuthAgeSeconds }: SessionRequirement,
  now: Seconds,
): boolean {
  return (
    maxAuthAgeSeconds !== undefined && authenticatedAt !== undefined && now - authenticatedAt < -clockToleranceSeconds
  )
}

function ofFuture(provider: string): Parameters<typeof coreError>[1] {
  return {
    cause: { provider, signInHelps: false },
    hint: 'The proof is of a process or vendor whose clock is ahead: keep the clocks of all within a second (NTP).',
  }
}

function isFresh(
  identity: Identity,
  { maxAuthAgeSeconds, authTimeSources: sources }: SessionRequirement,
  now: Seconds,
): boolean {
  if (maxAuthAgeSeconds === undefined && sources === undefined) return true
  if (identity.authenticatedAt === undefined || identity.authTimeSource === undefined) return false
  if (sources !== undefined && !sources.includes(identity.authTimeSource)) return false
  if (maxAuthAgeSeconds === undefined) return true
  const ageSeconds = now - identity.authenticatedAt
  // Of a process whose clock is ahead: within the tolerance it counts as made now, beyond it as never.
  return ageSeconds >= -clockToleranceSeconds && ageSeconds <= maxAuthAgeSeconds
}
