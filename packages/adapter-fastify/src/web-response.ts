import type { FastifyReply } from 'fastify'
import { moveHeaders } from './response-headers.ts'

/** Sends a `Response` through Fastify, so that the app's own hooks see it. */
export async function sendResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer())
  // Fastify's `handlerTimeout` was faster: a second answer would log the whole URL.
  if (reply.sent) return reply
  reply.code(response.status)
  moveHeaders(reply, [...response.headers])
  return reply.send(body)
}
