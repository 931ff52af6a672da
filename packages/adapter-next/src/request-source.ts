import { opensPage, type RequestLike } from '@latchkey/core/adapter'

/** Whether Next's router sent this, to prefetch or to render, rather than a user's browser to open a page. */
export function isRouterFetch(headers: Headers): boolean {
  return [...headers.keys()].some((name) => name === 'rsc' || name.startsWith('next-'))
}

/** Whether a user opens a page with this request, and not for later. */
export function isNavigation(request: Request): boolean {
  return request.method === 'GET' && !isRouterFetch(request.headers) && opensPage(request)
}

/** The URL of a request to a route handler: Next takes its own `basePath` out of it before the handler runs. */
export function wholeUrl({ url }: Request, basePath: string): string {
  if (basePath === '') return url
  const whole = new URL(url)
  // Of the first page Next itself writes `/docs`; it would redirect from `/docs/`.
  whole.pathname = basePath + (whole.pathname === '/' ? '' : whole.pathname)
  return whole.href
}

/** The same GET, marked as browsers mark a script's. */
export function asFetch({ url, headers: given }: Request): Request {
  const headers = new Headers(given)
  headers.set('sec-fetch-mode', 'cors')
  headers.set('sec-fetch-dest', 'empty')
  return new Request(url, { headers })
}

/** A request, as far as its refusal goes, of a user who opens the page at `url`. */
export function navigationTo(url: string): RequestLike {
  return { method: 'GET', url, headers: new Headers({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }) }
}
