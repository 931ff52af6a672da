import type { HeaderEntries } from '@latchkey/core/adapter'
import { keepCookies, withHeaders } from './response-headers.ts'

const accessDigest = /^NEXT_HTTP_ERROR_FALLBACK;(\d{3})$/

/**
 * Answers what a route handler throws. Next makes such an answer by itself, and keeps cookies in a redirect alone: a refresh
 * would be lost, and with it the session, so that `notFound()` and failures are answered here if there was one.
 *
 * @throws What was thrown, where Next answers with all that is due.
 */
export async function answerThrown(thrown: unknown, due: HeaderEntries): Promise<Response> {
  if (!due.some(([name]) => name === 'set-cookie')) throw thrown
  const digest = digestOf(thrown)
  const [, status] = accessDigest.exec(digest) ?? []
  if (status !== undefined) return withHeaders(new Response(null, { status: Number(status) }), due)
  if (digest !== '') {
    await keepCookies(due)
    throw thrown
  }
  // oxlint-disable-next-line no-console -- as Next does with what it answers
  console.error(thrown)
  return withHeaders(new Response(null, { status: 500 }), due)
}

/** By this Next knows what `redirect()`, `notFound()` and the like have thrown; empty for any other error. */
function digestOf(thrown: unknown): string {
  const { digest } = Object(thrown) as { readonly digest?: unknown }
  return typeof digest === 'string' ? digest : ''
}
