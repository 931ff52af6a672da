import type { RequestSession } from '../context/request-session.ts'
import { coreError } from '../errors/core-errors.ts'
import type { RouteKind } from '../model/route-kind.ts'
import type { Answer } from '../request/answer.ts'
import { type RequestLike, requestTarget } from '../request/request-like.ts'
import type { RequestSource } from '../request/request-source.ts'

/** Where the page that asks about a sign-in posts to, below the base path. */
export const confirmationPath = '/confirm'

/** Where vendors send the browser back to after a sign-out, below the base path. */
export const nextPath = '/logout/next'

/** A route with its whole path. */
export interface MountedRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly accepts: RequestSource
  readonly kind: RouteKind
  /** The provider whose route it is; null for core's own. */
  readonly provider: string | null
  /** Whether the session is read before the route runs: not for one that reads it by itself, or needs none. Default true. */
  readonly readsSession?: boolean
  /** Whether a form that is refused leads to a page of the app, as the end of a login does. Default false. */
  readonly leadsFormsToPages?: boolean
  /** Whether pages of `trustedOrigins` may read its answers: never a route that hands out tokens. Default false. */
  readonly isReadByTrustedPages?: boolean
  run(request: Request, requestSession: RequestSession, body: unknown): Promise<Answer>
}

/** Finds the route of a request. Paths are compared as they were sent, letter for letter. */
export interface RouteTable {
  /** @throws `core/not_found`, `core/method_not_allowed` */
  find(request: RequestLike): MountedRoute
  /** The methods of a path whose answers pages of `trustedOrigins` may read; empty for every other path. */
  methodsForTrustedPages(request: RequestLike): readonly string[]
  /** The paths with such methods. */
  readonly pathsForTrustedPages: readonly string[]
}

/** Makes the table of all routes. */
export function createRouteTable(routes: readonly MountedRoute[]): RouteTable {
  const byPath = new Map<string, readonly MountedRoute[]>()
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route])
  return {
    find(request) {
      const onPath = byPath.get(requestTarget(request).path)
      if (onPath === undefined) throw coreError('core/not_found')
      const route = onPath.find(({ method }) => method === request.method)
      if (route === undefined) {
        throw coreError('core/method_not_allowed', { cause: { allow: onPath.map(({ method }) => method).join(', ') } })
      }
      return route
    },
    methodsForTrustedPages: (request) =>
      (byPath.get(requestTarget(request).path) ?? []).filter(isForTrustedPages).map(({ method }) => method),
    pathsForTrustedPages: routes.filter(isForTrustedPages).map(({ path }) => path),
  }
}

function isForTrustedPages({ isReadByTrustedPages = false }: MountedRoute): boolean {
  return isReadByTrustedPages
}
