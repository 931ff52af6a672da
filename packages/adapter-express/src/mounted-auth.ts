import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AskedRequest, type Auth, createRequestState, notMounted, openAskedRequest } from '@latchkey/core/adapter'
import { isUpgrade, openNodeScope, wholeRequest } from '@latchkey/core/adapter/node'
import { expressError } from './errors.ts'

/** A request of Express, which is Node's own. */
export type AnyRequest = IncomingMessage

/** A response of Express, which is Node's own. */
export type AnyResponse = ServerResponse

interface Exchange {
  readonly auth: Auth
  readonly response: AnyResponse
  /** Undefined before the auth is asked. */
  asked?: AskedRequest
}

const exchanges = createRequestState<Exchange>('express.exchange')

/**
 * Lets everything behind it find the auth of a request, and its response.
 *
 * @throws `express/mounted_twice`
 */
export function mountAuth(auth: Auth, request: AnyRequest, response: AnyResponse): void {
  const present = exchanges.get(request)
  if (present === undefined) exchanges.set(request, { auth, response })
  else if (present.auth !== auth) throw expressError('express/mounted_twice')
}

/**
 * The request, with what its guards and handler have asked so far.
 *
 * @throws `core/not_mounted` where no auth is mounted in front of this
 */
export function askedRequest(request: AnyRequest): AskedRequest {
  const exchange = exchangeOf(request)
  exchange.asked ??= openRequest(exchange, request)
  return exchange.asked
}

/** The response to a request. @throws `core/not_mounted` as {@link askedRequest} */
export function responseTo(request: AnyRequest): AnyResponse {
  return exchangeOf(request).response
}

function exchangeOf(request: AnyRequest): Exchange {
  const exchange = exchanges.get(request)
  if (exchange === undefined) throw notMounted()
  return exchange
}

function openRequest({ auth, response }: Exchange, request: AnyRequest): AskedRequest {
  const whole = wholeRequest(request)
  return openAskedRequest({
    auth,
    scope: openNodeScope(whole, response),
    // The answer to a handshake is not written by Node: headers of ours would be lost.
    isReadOnly: () => isUpgrade(whole) || response.headersSent,
    headersSent: () => expressError('express/headers_sent'),
  })
}
