import type { FastifyRequest } from 'fastify'

/** What the log says of a request. */
export interface LoggedRequest extends Record<string, unknown> {
  readonly method: string
  readonly url: string
  readonly host: string
  readonly remoteAddress: string
  readonly remotePort: number
}

/**
 * Fastify's own log fields of a request. The query of one that no route takes is left out: it may be a callback's, code
 * and all, under a path that was registered with a slash too many.
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
