import type { AuthError } from '../errors/auth-error.ts'
import { type Exchange, exchangeHeaders, openExchange, uncached } from '../exchange.ts'
import { relayCallback } from '../login/relay.ts'
import { asAuthError, refusalResponse } from '../request/refusal.ts'
import { checkSource } from '../request/request-source.ts'
import type { Wiring } from '../wiring.ts'
import type { MountedRoute, RouteTable } from './route-table.ts'

/** Answers a request to one of the routes; whatever goes wrong becomes an answer too. */
export async function handleRequest(
  wiring: Wiring,
  routes: RouteTable,
  { request, body, native }: { readonly request: Request; readonly body: unknown; readonly native: unknown },
): Promise<Response> {
  let route: MountedRoute | undefined
  let exchange: Exchange | undefined
  try {
    route = routes.find(request)
    const relayed =
      route.from === 'vendor' && route.provider !== null ? await relayCallback(wiring, request, route.provider) : null
    if (relayed !== null) return uncachedResponse(relayed)
    const { origin } = wiring.origins.resolve(request)
    checkSource(route.from, request, { origin, trustedOrigins: wiring.trustedOrigins })
    exchange = await openExchange(wiring, request, native)
    return withHeaders(await route.run(request, exchange, body), exchange)
  } catch (thrown) {
    const error = asAuthError(thrown)
    reportRefusal(wiring, error, { route, native })
    const response = refusalResponse(error, request, wiring)
    return exchange === undefined ? response : withHeaders(response, exchange)
  }
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
