import { type PlatformResponse, rawResponse } from './platform.ts'
import { keepHeaders } from './response-headers.ts'

/** Sends a `Response` through the platform, so that the app's own hooks see it. */
export async function sendResponse(platform: PlatformResponse, response: Response): Promise<void> {
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer())
  // Fastify's `handlerTimeout` was faster.
  if (rawResponse(platform).headersSent) return
  keepHeaders(rawResponse(platform), { headers: [...response.headers] })
  if ('raw' in platform) {
    const type = response.headers.get('content-type')
    if (type !== null) platform.header('content-type', type)
    platform.code(response.status).send(body)
  } else {
    platform.statusCode = response.status
    platform.end(body)
  }
}
