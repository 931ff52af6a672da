import type { AuthError } from './auth-error.ts'
import { coreError } from './core-errors.ts'

/** The error for a guard or a session that is used where an adapter is not mounted: `core/not_mounted`. */
export function notMounted(): AuthError {
  return coreError('core/not_mounted')
}
