import type { AuthContext } from '../context/auth-context.ts'
import { type Attempt, checkRate } from '../context/rate-limit.ts'
import { isAuthError } from '../errors/auth-error.ts'
import { invalidOption } from '../errors/options.ts'
import type { RouteKind } from '../model/route-kind.ts'
import type { AuthProvider, MountedProvider, ProviderHost, ProviderRoute } from '../provider/contract.ts'
import type { RequestSource } from '../request/request-source.ts'
import { seeOther } from '../request/response.ts'
import { expireForeignCookies } from './foreign-cookies.ts'
import { loadAnswering } from './load-answering.ts'
import type { LoginProgress } from './route-context.ts'
import type { MountedRoute } from './route-table.ts'

/** Words that core's own routes, cookies and every object have. */
const reservedNames = ['session', 'logout', 'callback', 'confirm', 'constructor', 'prototype']

/** Browsers send our cookies along when a vendor sends them back by GET, and leave them out of a vendor's POST. */
const methodsOf: Readonly<Record<RequestSource, readonly string[]>> = {
  navigation: ['GET'],
  'provider-callback': ['GET'],
  'same-origin': ['GET', 'POST'],
  any: ['GET', 'POST'],
}

/**
 * Mounts each provider under its name, which stands in paths, cookie names and object keys.
 *
 * @throws `core/invalid_option`
 */
export function mountProviders(
  providers: readonly AuthProvider[],
  hostFor: (provider: string) => ProviderHost,
): ReadonlyMap<string, MountedProvider> {
  const mounted = new Map<string, MountedProvider>()
  for (const provider of providers) {
    const { name } = provider
    if (!isName(name) || reservedNames.includes(name) || mounted.has(name)) {
      throw invalidOption('createAuth', 'providers', 'must have names of their own in lower-case letters and digits')
    }
    const instance = provider.mount(hostFor(name))
    if (!Array.isArray(instance.accountIssuers)) {
      throw invalidOption('createAuth', 'providers', 'must say whose accounts they sign in: `accountIssuers`')
    }
    instance.routes.forEach(checkRoute)
    mounted.set(name, instance)
  }
  return mounted
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z][a-z0-9]{0,30}$/.test(name)
}

/** A route that does not say where its requests come from would be open to all of them. */
function checkRoute({ method, accepts }: ProviderRoute): void {
  if (Object.hasOwn(methodsOf, accepts) && methodsOf[accepts].includes(method)) return
  throw invalidOption('createAuth', 'providers', 'must have routes with a known `accepts` and a method that it takes')
}

/** The routes of all providers, each as one that gives an answer. */
export function providerRoutes(context: AuthContext): readonly MountedRoute[] {
  return [...context.providers].flatMap(([provider, mounted]) =>
    mounted.routes.map((route) => ({
      method: route.method,
      path: `${context.basePath}/${provider}${route.path}`,
      accepts: route.accepts,
      kind: attemptOf(route) ?? 'other',
      provider,
      async run(request, requestSession, body) {
        const { createRouteContext, loginStart, outcomeAnswer, providerError } = await loadAnswering()
        const progress: LoginProgress = { provenIn: null, revocations: null, restarts: null }
        expireForeignCookies(context, requestSession, provider)
        const kind = attemptOf(route)
        // A callback is asked about once its `state` is ours.
        if (kind !== null && kind !== 'callback')
          await checkRate(context.rateLimit, { kind, provider, frameworkRequest: requestSession.frameworkRequest })
        const isLogin = route.accepts === 'navigation'
        const start = await loginStart(context, requestSession, { provider, request, isLogin })
        const run = { provider, request, body, progress, start }
        try {
          const outcome = await route.handle(request, createRouteContext(context, requestSession, run))
          const isSignIn = !(outcome instanceof Response) && outcome.kind === 'signed-in'
          // Nobody looked for a session that this sign-in would replace.
          if (isSignIn && requestSession.arrival?.brings === 'nothing') throw providerError(provider, 'invalid_state')
          return await outcomeAnswer(context, outcome, { provider, requestSession, progress })
        } catch (error) {
          if (requestSession.record !== null && isStrayCallback(error, provider)) return seeOther('/')
          throw error
        }
      },
    })),
  )
}

/** Whether a callback belongs to no login: vendors put links to it into e-mails. A user who is signed in goes on. */
function isStrayCallback(error: unknown, provider: string): boolean {
  return isAuthError(error) && error.code === `${provider}/missing_state`
}

type ProviderAttempt = Extract<Attempt['kind'], RouteKind>

/** What a request of a route attempts; null for what is not limited. */
function attemptOf({ method, accepts, attempt }: ProviderRoute): ProviderAttempt | null {
  if (attempt !== undefined) return attempt
  if (accepts === 'navigation') return 'login'
  if (accepts === 'provider-callback') return 'callback'
  return method === 'POST' ? 'launch' : null
}
