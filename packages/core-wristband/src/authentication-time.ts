import type { Json, Seconds } from '@latchkey/core/provider'
import { wristbandError } from './errors.ts'
import type { WristbandTransaction } from './transaction.ts'

const clockToleranceSeconds = 10

/**
 * When the person proved who they are, from the `auth_time` of a verified ID token; undefined where it says nothing
 * that can be used.
 *
 * @throws `wristband/authentication_too_old` where the sign-in asked for more.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export function authenticationTime(
  claim: Json | undefined,
  { issuedAt, maxAgeSeconds }: Pick<WristbandTransaction, 'issuedAt' | 'maxAgeSeconds'>,
  now: Seconds,
): Seconds | undefined {
  const usable =
    typeof claim === 'number' && Number.isSafeInteger(claim) && claim > 0 && claim <= now + clockToleranceSeconds
  const authenticatedAt = usable ? Math.min(claim, now) : undefined
  if (maxAgeSeconds !== null) {
    // Measured from the request: that is when Wristband had to decide, and typing a password takes its time.
    const oldest = issuedAt - maxAgeSeconds - clockToleranceSeconds
    if (authenticatedAt === undefined || authenticatedAt < oldest)
      throw wristbandError('wristband/authentication_too_old')
  }
  return authenticatedAt
}
