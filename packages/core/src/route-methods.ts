import type { Auth } from './auth.ts'
import { contextOf } from './context/auth-context.ts'
import { methodsOfTheApp } from './request/methods-of-the-app.ts'

/**
 * The paths at which OPTIONS is core's too: browsers ask there in advance for pages of `trustedOrigins`. Empty where no
 * origin is trusted: OPTIONS is then the app's own everywhere.
 */
export function crossOriginPaths(auth: Auth): readonly string[] {
  return contextOf(auth)?.crossOriginPaths ?? []
}

/**
 * The methods of a path of an auth that core answers, its own first. It refuses those that the path does not have: a
 * framework's own 404 would log the whole URL.
 *
 * @param supported Every method that the framework knows.
 */
export function routeMethods(auth: Auth, path: string, supported: readonly string[]): readonly string[] {
  const own = auth.routes.filter((route) => route.path === path).map((route) => route.method)
  const others = supported.filter((method) => !methodsOfTheApp.includes(method))
  return [...new Set([...own, ...others, ...(crossOriginPaths(auth).includes(path) ? ['OPTIONS'] : [])])]
}
