import type { NextRequest } from 'next/server.js'

/**
 * The request header by which the proxy says that the answer sets the session's cookie by now. Its value is what the
 * browser asked for: path and query. Next puts the cookies of a proxy and those of a route handler into one answer, and
 * takes none away: a handler that may set the same cookie is asked again instead, by a request that needs no refresh.
 *
 * Who makes it up is sent where they were, and no page of another site can make a browser send it.
 *
 * @see https://github.com/vercel/next.js/issues/69785
 */
const headerName = 'x-latchkey-refreshed'

/** Says in a request, for what runs next, that the proxy has refreshed. */
export function markRefreshed(request: NextRequest): void {
  const { pathname, search } = new URL(request.url)
  request.headers.set(headerName, pathname + search)
}

/** Takes out of a request what only the proxy may say in it. Returns whether something was there. */
export function removeMark(request: NextRequest): boolean {
  const isMarked = request.headers.has(headerName)
  request.headers.delete(headerName)
  return isMarked
}

/** Where to send the browser if the proxy has refreshed this request; null if it has not. */
export function refreshedAt(headers: Pick<Headers, 'get'>): string | null {
  const target = headers.get(headerName)
  return target !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(target) ? target : null
}

/** The answer of a route handler to a request that the proxy has refreshed; null to any other. */
export function askedAgain({ headers }: Request): Response | null {
  const location = refreshedAt(headers)
  if (location === null) return null
  return new Response(null, { status: 307, headers: { location, 'cache-control': 'private, no-store' } })
}
