import type { JsonObject, Seconds } from '@latchkey/core/provider'
import { authenticationTime } from '@latchkey/oidc/verify'

/** When a user proved who they are, and what says so. */
export type AuthenticationTime =
  | { readonly authenticatedAt: Seconds; readonly authTimeSource: 'auth_time' | 'requested' }
  | { readonly authenticatedAt?: never; readonly authTimeSource?: never }

/** What else tells the time. */
export interface AuthenticationTimeContext {
  /** When a login with `prompt=login` began; null if none was forced. */
  readonly forcedAt: Seconds | null
  readonly now: Seconds
  readonly clockToleranceSeconds: Seconds
}

/**
 * A signed `auth_time` wins, also where it is older than a login that we forced: then Wink did not ask again. Wink's
 * samples carry 0, which says nothing.
 */
export function authenticationOf(
  claims: readonly JsonObject[],
  { forcedAt, now, clockToleranceSeconds }: AuthenticationTimeContext,
): AuthenticationTime {
  const signed = authenticationTime(claims, { now, clockToleranceSeconds })
  if (signed !== undefined) return { authenticatedAt: signed, authTimeSource: 'auth_time' }
  return forcedAt === null ? {} : { authenticatedAt: forcedAt, authTimeSource: 'requested' }
}
