import { type Answer, toAnswer } from '@latchkey/core/adapter'
import { answerBytes } from '@latchkey/core/adapter/node'
import { addToResponse } from './ask-auth.ts'
import { type AnyRequest, type PlatformResponse, rawResponse } from './platform.ts'

/** Answers a request with a `Response` through the platform, so that the app's own hooks see it. */
export async function sendResponse(exchange: Exchange, response: Response): Promise<void> {
  await sendAnswer(exchange, toAnswer(response))
}

/** The same for what `answerRoute` answered. */
export async function sendAnswer({ request, response }: Exchange, answer: Answer): Promise<void> {
  const raw = rawResponse(response)
  const body = await answerBytes(answer)
  await addToResponse({ request, response: raw }, answer.headers)
  // Fastify's `handlerTimeout` was faster.
  if (raw.headersSent) return
  if ('raw' in response) {
    const type = answer.headers.find(([name]) => name === 'content-type')?.[1]
    if (type !== undefined) response.header('content-type', type)
    response.code(answer.status).send(body)
  } else {
    response.statusCode = answer.status
    response.end(body)
  }
}

interface Exchange {
  readonly request: AnyRequest
  readonly response: PlatformResponse
}
