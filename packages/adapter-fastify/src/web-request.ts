import type { RequestLike } from '@latchkey/core/adapter'
import type { FastifyRequest } from 'fastify'

/** What core reads of a request, without copying it. */
export function toIncoming(request: FastifyRequest): RequestLike {
  return {
    method: request.method,
    url: request.url,
    headers: { get: (name) => headerText(request.headers[name.toLowerCase()]) },
  }
}

/** The request as a `Request`. Only its path and query are the caller's: its host decides nothing. */
export function toRequest(request: FastifyRequest): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    const text = headerText(value)
    if (text !== null && !name.startsWith(':')) headers.set(name, text)
  }
  const body = typeof request.body === 'string' ? request.body : null
  return new Request(new URL(`http://localhost${request.url}`), { method: request.method, headers, body })
}

function headerText(value: string | string[] | undefined): string | null {
  if (value === undefined) return null
  return Array.isArray(value) ? value.join(', ') : value
}
