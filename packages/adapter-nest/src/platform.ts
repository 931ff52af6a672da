import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionContext } from '@nestjs/common'
import { nestError } from './errors.ts'

/** A request of Express or Fastify, as far as they agree. */
export interface PlatformRequest {
  readonly method: string
  readonly originalUrl: string
  readonly headers: IncomingHttpHeaders
  readonly body?: unknown
  /** Node's own, of which Express' request is one. */
  readonly raw?: IncomingMessage
}

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

/** Node's own response. */
export function rawResponse(response: PlatformResponse): ServerResponse {
  return 'raw' in response ? response.raw : response
}

/**
 * The request and the response of a handler.
 *
 * @throws `nest/http_only`
 */
export function httpOf(context: ExecutionContext): {
  readonly request: PlatformRequest
  readonly response: PlatformResponse
} {
  const kind = context.getType<string>()
  if (kind !== 'http') throw nestError('nest/http_only', { cause: { context: kind } })
  const http = context.switchToHttp()
  return { request: http.getRequest(), response: http.getResponse() }
}
