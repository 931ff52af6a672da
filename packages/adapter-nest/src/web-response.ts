import { addToResponse } from './ask-auth.ts'
import { type AnyRequest, type PlatformResponse, rawResponse } from './platform.ts'

/** Answers a request with a `Response` through the platform, so that the app's own hooks see it. */
export async function sendResponse(
  { request, response }: { readonly request: AnyRequest; readonly response: PlatformResponse },
  answer: Response,
): Promise<void> {
  const raw = rawResponse(response)
  const body = answer.body === null ? undefined : Buffer.from(await answer.arrayBuffer())
  await addToResponse({ request, response: raw }, [...answer.headers])
  // Fastify's `handlerTimeout` was faster.
  if (raw.headersSent) return
  if ('raw' in response) {
    const type = answer.headers.get('content-type')
    if (type !== null) response.header('content-type', type)
    response.code(answer.status).send(body)
  } else {
    response.statusCode = answer.status
    response.end(body)
  }
}
