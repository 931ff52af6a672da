import type { Handler } from '../server/router.ts'
import type { WinkState } from './state.ts'

/** The gateway before the API: while it is on, it refuses the names by which HTTP libraries call themselves. */
export const behindFirewall =
  (state: WinkState, handle: Handler): Handler =>
  (request, context) => {
    const agent = request.headers.get('user-agent') ?? ''
    if (!state.switches.firewall || !defaultAgents.test(agent)) return handle(request, context)
    context.note('firewall')
    return new Response(
      '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body><h1>403 Forbidden</h1></body>\r\n</html>\r\n',
      {
        status: 403,
        headers: { 'content-type': 'text/html' },
      },
    )
  }

const defaultAgents =
  /^(?:$|node\b|undici\b|node-fetch\b|axios\/|got\b|python-|curl\/|wget\/|go-http-client\/|okhttp\/|java\/|bun\/|deno\/)/i
