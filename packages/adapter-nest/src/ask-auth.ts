import { createRequestScope, type HeaderEntries, type RequestLike, type RequestScope } from '@latchkey/core/adapter'
import { isUpgrade, openNodeScope, wholeRequest } from '@latchkey/core/adapter/node'
import { keptOf } from './kept-request.ts'
import { type HttpExchange, requestLike } from './platform.ts'

/** A question to an auth about a request. */
export type Question<Answer extends { readonly headers: HeaderEntries }> = (
  request: RequestLike,
  /** `readOnly` where the response can get no headers any more. */
  options: { readonly readOnly: boolean },
) => Promise<Answer>

/**
 * Asks an auth about a request; the headers of its answer reach the response, however that is sent. All questions about a
 * request share one scope: each sees what those before it have done to the session.
 */
export function askAuth<Answer extends { readonly headers: HeaderEntries }>(
  exchange: HttpExchange,
  question: Question<Answer>,
): Promise<Answer> {
  const { request, response } = exchange
  const readOnly = response === null || response.headersSent || isUpgrade(request)
  return scopeOf(exchange).call((current) => question(current, { readOnly }))
}

/** Adds headers to the response, however it is sent, in place of those of earlier answers. */
export async function addToResponse(exchange: HttpExchange, headers: HeaderEntries): Promise<void> {
  await askAuth(exchange, async () => ({ headers }))
}

function scopeOf({ request, response }: HttpExchange): RequestScope {
  // Nothing that is read there can be written: the next question begins anew.
  if (response === null) return createRequestScope(requestLike(request))
  const kept = keptOf(request)
  kept.scope ??= openNodeScope(wholeRequest(request), response)
  return kept.scope
}
