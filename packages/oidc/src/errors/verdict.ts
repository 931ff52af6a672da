import { type AuthError, isAuthError } from '@latchkey/core/provider'

/** Clocks that differ by more are not about to agree. */
const mostSecondsAhead = 300

/**
 * Whether an error is a verdict on tokens, and not a check that cannot be made now and may be in a moment: a status of 500
 * and more, a key that is not published yet, a token that our clock, which is a little behind, takes for one of the future.
 */
export function isVerdict(error: unknown): error is AuthError {
  if (!isAuthError(error) || error.status >= 500) return false
  switch (error.code) {
    case 'oidc/key_not_found':
      return false
    case 'oidc/issued_at_invalid':
    case 'oidc/not_yet_valid': {
      const { secondsAhead } = (error.cause ?? {}) as { readonly secondsAhead?: unknown }
      return !(typeof secondsAhead === 'number' && secondsAhead <= mostSecondsAhead)
    }
    default:
      return true
  }
}
