import { type Answer, toAnswer } from '@latchkey/core/adapter'
import { addHeaders, answerBytes, type NodeHeaders } from '@latchkey/core/adapter/node'
import type { AnyReply } from './mounted-auth.ts'

/** Sends a `Response` through Fastify, so that the app's own hooks see it. Resolves when it is sent. */
export async function sendResponse(reply: AnyReply, response: Response): Promise<void> {
  await sendAnswer(reply, toAnswer(response))
}

/** The same for what `answerRoute` answered. */
export async function sendAnswer(reply: AnyReply, answer: Answer): Promise<void> {
  const body = await answerBytes(answer)
  // Fastify's `handlerTimeout` was faster: a second answer would log the whole URL.
  if (reply.sent) return
  reply.code(answer.status)
  addHeaders(headersOf(reply), answer.headers)
  await reply.send(body)
}

function headersOf(reply: AnyReply): NodeHeaders {
  return {
    getHeader: (name) => reply.getHeader(name),
    // Fastify itself adds a Set-Cookie to those that are there.
    setHeader: (name, value) => reply.removeHeader(name).header(name, value),
  }
}
