import type { Handler } from '../server/router.ts'
import { isWebOrigin } from './authorization.ts'
import type { WinkState } from './state.ts'

/** Lets pages of the registered web origins read an endpoint's answers, the errors among them, and nobody else's. */
export const withCors =
  (state: WinkState, handle: Handler): Handler =>
  async (request, context) => {
    const response = await handle(request, context)
    for (const [name, value] of corsHeaders(state, request)) response.headers.set(name, value)
    return response
  }

/** OPTIONS …/token: the SDK sends no preflight; a page that adds a header does. */
export const preflight =
  (state: WinkState): Handler =>
  (request) => {
    const headers = new Headers(corsHeaders(state, request))
    if (headers.has('access-control-allow-origin')) {
      headers.set('access-control-allow-methods', 'POST, OPTIONS')
      headers.set('access-control-allow-headers', 'Accept, Authorization, Content-Type, Origin, X-Requested-With')
      headers.set('access-control-max-age', '3600')
    }
    return new Response(null, { status: 204, headers })
  }

function corsHeaders(state: WinkState, request: Request): [name: string, value: string][] {
  const origin = request.headers.get('origin') ?? ''
  if (state.switches.tokenCors === 'any') return [['access-control-allow-origin', '*']]
  const allowed = state.switches.tokenCors === 'exact' && isWebOrigin(state, origin)
  return allowed
    ? [
        ['access-control-allow-origin', origin],
        ['access-control-allow-credentials', 'true'],
        ['vary', 'Origin'],
      ]
    : [['vary', 'Origin']]
}
