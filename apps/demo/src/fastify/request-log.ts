import type { FastifyRequest } from 'fastify'

/** The log fields of a request. */
export interface LoggedRequest extends Record<string, unknown> {
  readonly method: string
  readonly url: string
  readonly host: string
  readonly remoteAddress: string
  readonly remotePort: number
}

/**
 * Returns Fastify's own log fields of a request. The query is left out if no route matches: it may be that of a callback
 * with its code, under a path that was registered with a wrong slash.
 */
export function loggedRequest({ method, url, host, ip, socket, is404 }: FastifyRequest): LoggedRequest {
  return {
    method,
    url: is404 ? url.replace(/[?;#].*/s, '') : url,
    host,
    remoteAddress: ip,
    remotePort: socket.remotePort ?? 0,
  }
}
