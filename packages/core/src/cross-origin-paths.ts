import type { Auth } from './auth.ts'
import { contextOf } from './context/auth-context.ts'

/**
 * The paths at which OPTIONS is core's too: browsers ask there in advance for pages of `trustedOrigins`. Empty where no
 * origin is trusted: OPTIONS is then the app's own everywhere.
 */
export function crossOriginPaths(auth: Auth): readonly string[] {
  const context = contextOf(auth)
  if (context === undefined || context.trustedOrigins.size === 0) return []
  return ['session', 'logout'].map((name) => `${context.basePath}/${name}`)
}
