import type { IncomingHttpHeaders } from 'node:http'
import type { RequestLike } from '@latchkey/core'

/** A request of Node's frameworks, as an auth reads it. */
export function incomingOf({
  method,
  url,
  headers,
}: {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}): RequestLike {
  const get = (name: string): string | null => headers[name.toLowerCase()]?.toString() ?? null
  return { method, url, headers: { get } }
}
