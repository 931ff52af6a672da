import type { AuthContext } from '../context/auth-context.ts'
import type { Answer } from '../request/answer.ts'
import { handleRequest, type RouteRequest } from './handle-request.ts'
import type { MountedRoute, RouteTable } from './route-table.ts'

/** Answers a request to one of the routes, and reports that: for an auth with listeners. */
export async function reportAnswer(
  context: AuthContext,
  routes: RouteTable,
  routeRequest: RouteRequest,
): Promise<Answer> {
  const startedAt = performance.now()
  const route = findRoute(routes, routeRequest.request)
  let answer: Promise<Answer> | undefined
  await context.around('route.answered', async () => {
    answer = handleRequest(context, routes, routeRequest)
    const { status } = await answer
    const event = {
      at: context.clock(),
      type: 'route.answered' as const,
      route: route?.kind ?? ('unknown' as const),
      provider: route?.provider ?? undefined,
      status,
      durationMilliseconds: Math.round(performance.now() - startedAt),
    }
    context.emit(event, routeRequest.frameworkRequest)
    return event
  })
  return answer ?? handleRequest(context, routes, routeRequest)
}

function findRoute(routes: RouteTable, request: Request): MountedRoute | null {
  try {
    return routes.find(request)
  } catch {
    return null
  }
}
