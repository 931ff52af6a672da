import type { Wiring } from '../context/auth-context.ts'
import { type Exchange, exchangeHeaders, openExchange } from '../context/request-session.ts'
import type { AuthError } from '../errors/auth-error.ts'
import { asAuthError } from '../errors/core-errors.ts'
import { checkSource } from '../request/request-source.ts'
import { refusalResponse, uncached } from '../request/response.ts'
import { answerOnce, relayCallback } from './callback.ts'
import type { MountedRoute, RouteTable } from './route-table.ts'

/** A request to one of the routes, as the adapter passed it. */
interface RouteRequest {
  readonly request: Request
  readonly body: unknown
  readonly native: unknown
}

/** Answers a request to one of the routes; whatever goes wrong becomes an answer too. */
export async function handleRequest(wiring: Wiring, routes: RouteTable, asked: RouteRequest): Promise<Response> {
  const { request } = asked
  let found: MountedRoute | undefined
  try {
    const route = routes.find(request)
    found = route
    const relayed =
      route.from === 'vendor' && route.provider !== null ? await relayCallback(wiring, request, route.provider) : null
    if (relayed !== null) return uncachedResponse(relayed)
    const { origin } = wiring.origins.resolve(request)
    checkSource(route.from, request, { origin, trustedOrigins: wiring.trustedOrigins })
    return await answerOnce(wiring, { incoming: request, origin, route }, () => runRoute(wiring, route, asked))
  } catch (error) {
    return refusal(wiring, error, { asked, route: found })
  }
}

async function runRoute(wiring: Wiring, route: MountedRoute, asked: RouteRequest): Promise<Response> {
  let exchange: Exchange | undefined
  try {
    exchange = await openExchange(wiring, asked.request, asked.native)
    return withHeaders(await route.run(asked.request, exchange, asked.body), exchange)
  } catch (error) {
    const response = refusal(wiring, error, { asked, route })
    return exchange === undefined ? response : withHeaders(response, exchange)
  }
}

function refusal(
  wiring: Wiring,
  thrown: unknown,
  { asked, route }: { readonly asked: RouteRequest; readonly route: MountedRoute | undefined },
): Response {
  const error = asAuthError(thrown)
  reportRefusal(wiring, error, { route, native: asked.native })
  return refusalResponse(error, asked.request, wiring)
}

function uncachedResponse(response: Response): Response {
  for (const [name, value] of uncached) response.headers.set(name, value)
  return response
}

/** A response of a route with the cookies of its exchange; what the route itself forbids caches stays. */
function withHeaders(response: Response, exchange: Exchange): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of exchangeHeaders(exchange)) {
    if (name === 'set-cookie') headers.append(name, value)
    else headers.set(name, value)
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

function reportRefusal(
  wiring: Wiring,
  error: AuthError,
  { route, native }: { readonly route: MountedRoute | undefined; readonly native: unknown },
): void {
  const provider = route?.provider ?? null
  const isSignIn = provider !== null && (route?.from === 'navigation' || route?.from === 'vendor')
  const event = {
    at: wiring.clock(),
    type: isSignIn ? ('sign_in.refused' as const) : ('request.refused' as const),
    ...(provider !== null && { provider }),
    code: error.code,
    hint: error.hint,
    ...(error.cause === undefined ? {} : { cause: error.cause as Record<string, string> }),
  }
  wiring.emit(event, native)
}
