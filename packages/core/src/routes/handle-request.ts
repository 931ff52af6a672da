import type { AuthContext } from '../context/auth-context.ts'
import { openRequestSession, type RequestSession, sessionHeaders } from '../context/request-session.ts'
import type { AuthError } from '../errors/auth-error.ts'
import { asAuthError } from '../errors/core-errors.ts'
import { checkSource } from '../request/request-source.ts'
import { errorResponse, withNoStore } from '../request/response.ts'
import { callbackKey, fromPlain, isFinal, relayCallback, replaySeconds, toPlain } from './callback.ts'
import type { MountedRoute, RouteTable } from './route-table.ts'

/** A request to one of the routes, as the adapter passed it. */
interface RouteRequest {
  readonly request: Request
  readonly body: unknown
  readonly frameworkRequest: unknown
}

/** Answers a request to one of the routes; whatever goes wrong becomes an answer too. */
export async function handleRequest(
  context: AuthContext,
  routes: RouteTable,
  routeRequest: RouteRequest,
): Promise<Response> {
  const { request } = routeRequest
  let route: MountedRoute | undefined
  try {
    const found = routes.find(request)
    route = found
    const relayed = await relayCallback(context, request, found)
    if (relayed !== null) return withNoStore(relayed)
    const { origin } = context.origins.resolve(request)
    checkSource(found.accepts, request, { origin, trustedOrigins: context.trustedOrigins })
    const key = await callbackKey(context, { request, origin, route: found })
    if (key === null) return await runRoute(context, found, routeRequest)
    const work = async () => toPlain(await runRoute(context, found, routeRequest))
    return fromPlain(await context.vault.once(key, { kind: 'callback', lifetime: replaySeconds, work, keeps: isFinal }))
  } catch (error) {
    return refuse(context, error, { routeRequest, route })
  }
}

async function runRoute(context: AuthContext, route: MountedRoute, routeRequest: RouteRequest): Promise<Response> {
  let requestSession: RequestSession | undefined
  try {
    const { frameworkRequest } = routeRequest
    const reads = route.readsSession ?? true
    requestSession = await openRequestSession(context, routeRequest.request, { frameworkRequest, reads })
    return withSession(await route.run(routeRequest.request, requestSession, routeRequest.body), requestSession)
  } catch (error) {
    const response = refuse(context, error, { routeRequest, route, signingIn: requestSession?.signingIn })
    return requestSession === undefined ? response : withSession(response, requestSession)
  }
}

/** What was refused. */
interface RefusedRoute {
  readonly route: MountedRoute | undefined
  /** The provider whose sign-in it was, where only the route itself knows it. */
  readonly signingIn?: string | null | undefined
}

function refuse(
  context: AuthContext,
  thrown: unknown,
  { routeRequest, ...of }: RefusedRoute & { readonly routeRequest: RouteRequest },
): Response {
  const error = asAuthError(thrown)
  reportRefusal(context, error, { ...of, frameworkRequest: routeRequest.frameworkRequest })
  return errorResponse(error, routeRequest.request, { ...context, forms: true })
}

/** A response of a route with the cookies of its session; what the route itself forbids caches stays. */
function withSession(response: Response, requestSession: RequestSession): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of sessionHeaders(requestSession)) {
    if (name === 'set-cookie') headers.append(name, value)
    else headers.set(name, value)
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

function reportRefusal(
  context: AuthContext,
  { code, hint, cause }: AuthError,
  { route, signingIn = null, frameworkRequest }: RefusedRoute & { readonly frameworkRequest: unknown },
): void {
  const provider = signingIn ?? route?.provider ?? undefined
  const { reason } = (cause ?? {}) as { readonly reason?: unknown }
  const why = { at: context.clock(), code, hint, ...(typeof reason === 'string' ? { reason } : {}) }
  const isLogin = route?.accepts === 'navigation' || route?.accepts === 'provider-callback'
  context.emit(
    provider !== undefined && (isLogin || signingIn !== null)
      ? { ...why, type: 'sign_in.refused', provider }
      : { ...why, type: 'request.refused', provider },
    frameworkRequest,
  )
}
