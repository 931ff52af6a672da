import type { RequestLike } from '@latchkey/core/adapter'
import type { PlatformRequest } from './platform.ts'

/** What core reads of a request, without copying it. */
export function toIncoming({ method, originalUrl, headers }: PlatformRequest): RequestLike {
  return {
    method,
    url: originalUrl,
    headers: { get: (name) => headerText(headers[name.toLowerCase()]) },
  }
}

/**
 * The request as a `Request`, and its body if the app has parsed it: then the stream is empty. Only path and query are
 * the caller's: the host decides nothing.
 */
export async function toRequest(request: PlatformRequest): Promise<{ readonly request: Request; body?: unknown }> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    const text = headerText(value)
    if (text !== null && !name.startsWith(':')) headers.set(name, text)
  }
  const { method, body } = request
  const given = body ?? request.raw ?? request
  const bytes = isRaw(given) ? given : isStream(given) ? await readBytes(given) : undefined
  const init = { method, headers, body: method === 'GET' || method === 'HEAD' ? null : (bytes ?? null) }
  const web = new Request(new URL(`http://localhost${request.originalUrl}`), init)
  return bytes === undefined ? { request: web, body } : { request: web }
}

function headerText(value: string | string[] | undefined): string | null {
  if (value === undefined) return null
  return Array.isArray(value) ? value.join(', ') : value
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

// Core answers what is over its own, smaller limit with a problem document; of more, nothing is kept.
const mostBytes = 128 * 1024

async function readBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    if (bytes <= mostBytes) chunks.push(chunk)
    bytes += chunk.length
  }
  return Buffer.concat(chunks)
}
