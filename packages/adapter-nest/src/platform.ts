import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { RequestLike } from '@latchkey/core/adapter'
import { type Connection, isUpgrade, toRequestLike, wholeRequest } from '@latchkey/core/adapter/node'
import type { ExecutionContext } from '@nestjs/common'
import { nestError } from './errors.ts'

declare module '@latchkey/core' {
  interface FrameworkRequests {
    /** The request of Nest's platform. */
    nest: PlatformRequest
  }
}

/** A request of Express or Fastify, as far as they agree: what callbacks of the auth get as `frameworkRequest`. */
export interface PlatformRequest {
  /** The method, in capitals. */
  readonly method: string
  /** The path with its query, as it was requested. */
  readonly url: string
  /** The path with its query, as the request line had it. */
  readonly originalUrl: string
  /** The headers, by names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** The name of the host, as the platform reads it. */
  readonly hostname: string
  /** `http` or `https`, as the platform reads it. */
  readonly protocol: string
  /** The address of the caller, as the platform reads it. */
  readonly ip?: string | undefined
  /** The parameters of the route. */
  readonly params: unknown
  /** The parsed query. */
  readonly query: unknown
  /** The parsed body. */
  readonly body?: unknown
  /** Node's own request, on Fastify; on Express the request is Node's own. */
  readonly raw?: IncomingMessage | undefined
}

/** A request of the platform or, in a middleware on Fastify and in an upgrade, Node's own. */
export type AnyRequest = PlatformRequest | IncomingMessage

/** A reply of Fastify. */
export interface FastifyReply {
  readonly raw: ServerResponse
  readonly sent: boolean
  code(status: number): this
  header(name: string, value: string): this
  send(body: Buffer | undefined): this
}

/** Express' response is Node's own. */
export type PlatformResponse = ServerResponse | FastifyReply

/** Node's own request, which is one and the same however an app came by it. */
export function rawRequest(request: AnyRequest): object {
  return ('raw' in request ? request.raw : undefined) ?? request
}

/** Node's own response. */
export function rawResponse(response: PlatformResponse): ServerResponse {
  return 'raw' in response ? response.raw : response
}

/** What core reads of a request. */
export function requestLike(request: AnyRequest): RequestLike {
  return toRequestLike(wholeRequest(request))
}

/** What is closed when a request is over: of an upgrade, and where no response is known, the socket. */
export function connectionOf(request: AnyRequest, response: ServerResponse | null): Connection {
  if (response !== null && !isUpgrade(request)) return response
  // On Express, and in an upgrade, the request is Node's own.
  const { socket } = rawRequest(request) as IncomingMessage
  return socket
}

/** A request, and the response to it that is still to come. */
export interface HttpExchange {
  readonly request: AnyRequest
  /** Null where there is none: for an upgrade, and in a middleware on Fastify. */
  readonly response: ServerResponse | null
}

/**
 * The request and the response of a handler.
 *
 * @throws `nest/http_only`
 */
export function exchangeOf(context: ExecutionContext): HttpExchange {
  const kind = context.getType<string>()
  if (kind !== 'http') throw nestError('nest/http_only', { cause: { context: kind } })
  const http = context.switchToHttp()
  return { request: http.getRequest<PlatformRequest>(), response: rawResponse(http.getResponse<PlatformResponse>()) }
}
