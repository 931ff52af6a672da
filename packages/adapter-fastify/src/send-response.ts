import { addHeaders } from '@latchkey/core/adapter/node'
import type { AnyReply } from './mounted-auth.ts'

/** Sends a `Response` through Fastify, so that the app's own hooks see it. Resolves when it is sent. */
export async function sendResponse(reply: AnyReply, response: Response): Promise<void> {
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer())
  // Fastify's `handlerTimeout` was faster: a second answer would log the whole URL.
  if (reply.sent) return
  reply.code(response.status)
  addHeaders(headersOf(reply), response.headers)
  await reply.send(body)
}

function headersOf(reply: AnyReply): Parameters<typeof addHeaders>[0] {
  return {
    getHeader: (name) => reply.getHeader(name),
    // Fastify itself adds a Set-Cookie to those that are there.
    setHeader: (name, value) => reply.removeHeader(name).header(name, value),
  }
}
