import { invalidOption } from '../options.ts'
import type { AuthProvider, MountedProvider, ProviderHost } from '../provider/contract.ts'
import { outcomeResponse } from './outcome-response.ts'
import { createRouteContext, type LoginProgress } from './route-context.ts'
import type { MountedRoute } from './route-table.ts'
import type { Wiring } from './wiring.ts'

/** Names that core's own routes and cookies take. */
const reservedNames = ['session', 'logout']

/**
 * Mounts each provider under its name.
 *
 * @throws `core/invalid_option`
 */
export function mountProviders(
  providers: readonly AuthProvider[],
  host: ProviderHost,
): ReadonlyMap<string, MountedProvider> {
  if (!Array.isArray(providers)) throw invalidOption('createAuth', 'providers', 'must be a list')
  const mounted = new Map<string, MountedProvider>()
  for (const provider of providers) {
    const { name } = provider
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || reservedNames.includes(name) || mounted.has(name)) {
      throw invalidOption('createAuth', 'providers', 'must have names of their own in lower-case letters and digits')
    }
    mounted.set(name, provider.mount(host))
  }
  return mounted
}

/** The routes of all providers, each as one that answers with a response. */
export function providerRoutes(wiring: Wiring): readonly MountedRoute[] {
  return [...wiring.providers].flatMap(([provider, mounted]) =>
    mounted.routes.map((route) => ({
      method: route.method,
      path: `${wiring.basePath}/${provider}${route.path}`,
      from: route.from,
      provider,
      async run(request, exchange, body) {
        const progress: LoginProgress = { beganIn: null, restarts: 0 }
        const context = createRouteContext(wiring, exchange, { provider, request, body, progress })
        const outcome = await route.handle(request, context)
        return outcomeResponse(wiring, outcome, { provider, exchange, progress })
      },
    })),
  )
}
