import type { ServerResponse } from 'node:http'
import { createRequestState } from '@latchkey/core/adapter'
import { type AnyRequest, rawRequest } from './platform.ts'

const responses = createRequestState<ServerResponse>('nest.response')

/** Remembers the response to a request: Fastify's request does not lead to its reply. */
export function rememberResponse(request: AnyRequest, response: ServerResponse): void {
  responses.set(rawRequest(request), response)
}

/** The response to a request; null where there is none, or none that is known. */
export function findResponse(request: AnyRequest): ServerResponse | null {
  // Express sets `res`.
  const { res } = request as { readonly res?: ServerResponse }
  return res ?? responses.get(rawRequest(request)) ?? null
}
