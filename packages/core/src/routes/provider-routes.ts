import type { Wiring } from '../context/auth-context.ts'
import type { Exchange } from '../context/request-session.ts'
import { checkList, invalidOption } from '../errors/options.ts'
import type { AuthProvider, MountedProvider, ProviderHost, ProviderRoute } from '../provider/contract.ts'
import type { RequestSource } from '../request/request-source.ts'
import { outcomeResponse } from './outcome.ts'
import { createRouteContext, type LoginProgress } from './route-context.ts'
import type { MountedRoute } from './route-table.ts'

/** Names that core's own routes and cookies take. */
const reservedNames = ['session', 'logout']

/** Browsers send our cookies along when a vendor sends them back by GET, and leave them out of a vendor's POST. */
const methodsFrom: Readonly<Record<RequestSource, readonly string[]>> = {
  navigation: ['GET'],
  vendor: ['GET'],
  'own-page': ['GET', 'POST'],
  anyone: ['GET', 'POST'],
}

/**
 * Mounts each provider under its name.
 *
 * @throws `core/invalid_option`
 */
export function mountProviders(
  providers: readonly AuthProvider[],
  host: ProviderHost,
): ReadonlyMap<string, MountedProvider> {
  const mounted = new Map<string, MountedProvider>()
  for (const provider of checkList('createAuth', 'providers', providers)) {
    if (typeof provider?.mount !== 'function') throw invalidOption('createAuth', 'providers', 'must hold providers')
    const { name } = provider
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || reservedNames.includes(name) || mounted.has(name)) {
      throw invalidOption('createAuth', 'providers', 'must have names of their own in lower-case letters and digits')
    }
    const instance = provider.mount(host)
    instance.routes.forEach(checkRoute)
    mounted.set(name, instance)
  }
  return mounted
}

/** A route that does not say where its requests come from would be open to all of them. */
function checkRoute({ method, from }: ProviderRoute): void {
  if (methodsFrom[from]?.includes(method)) return
  throw invalidOption('createAuth', 'providers', 'must have routes with a known `from` and a method that it takes')
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
        const progress: LoginProgress = { beganIn: null, restarts: null }
        expireForeignCookies(wiring, exchange, provider)
        const context = createRouteContext(wiring, exchange, { provider, request, body, progress })
        const outcome = await route.handle(request, context)
        return outcomeResponse(wiring, outcome, { provider, exchange, progress })
      },
    })),
  )
}

/** Expires what the scripts of one provider's vendor have left in this browser; see `MountedProvider.foreignCookies`. */
export function expireForeignCookies(wiring: Wiring, { cookies }: Exchange, provider: string): void {
  for (const name of wiring.providers.get(provider)?.foreignCookies ?? []) {
    if (cookies.sent.namesWith(name).includes(name)) cookies.response.expire(name)
  }
}
