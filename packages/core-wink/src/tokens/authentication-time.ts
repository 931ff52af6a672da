import type { JsonObject, Seconds } from '@latchkey/core/provider'
import { clockToleranceSeconds } from './access-token.ts'

/** When a user proved who they are, and what says so. */
export type AuthenticationTime =
  | { readonly authenticatedAt: Seconds; readonly authTimeSource: 'auth_time' | 'requested' }
  | { readonly authenticatedAt?: never; readonly authTimeSource?: never }

/**
 * A signed `auth_time` wins, also where it is older than a login that we forced: then Wink did not ask again. Wink's
 * samples carry 0, which says nothing.
 *
 * @param forcedAt When a login with `prompt=login` began; null where none was forced.
 */
export function authenticationTime(
  claims: readonly JsonObject[],
  { forcedAt, now }: { readonly forcedAt: Seconds | null; readonly now: Seconds },
): AuthenticationTime {
  for (const { auth_time: signed } of claims) {
    if (Number.isSafeInteger(signed) && Number(signed) > 0 && Number(signed) <= now + clockToleranceSeconds) {
      return { authenticatedAt: Math.min(Number(signed), now), authTimeSource: 'auth_time' }
    }
  }
  return forcedAt === null ? {} : { authenticatedAt: forcedAt, authTimeSource: 'requested' }
}
