import { coreError } from '../errors/core-errors.ts'
import type { RequestLike } from './request-like.ts'

/**
 * How a browser opens a page with a request. This is the one place that decides it; docs/navigations.md has what browsers
 * send in each way of opening a page.
 *
 * | a page is opened | `Sec-Fetch-Mode`, `Sec-Fetch-Dest` | here |
 * |---|---|---|
 * | typed, bookmark, link, redirect, form, reload, back, restored tab, new tab, in-app browser | `navigate`, `document` | `document` |
 * | the same, below a service worker that passes requests on; also a link with `download`, or a frame below a worker | `navigate`, `empty` | `service-worker` |
 * | by a browser that sends neither (Safari before 16.4), or a command line | absent | `unknown` |
 * | frame, object, embed | `navigate`, `iframe` … | null |
 * | fetch, beacon, ping, image, script | `cors`, `no-cors`, `same-origin` | null |
 * | WebSocket: Chromium sends neither | absent, or `websocket` | null |
 * | prefetch, prerender, preview: a header tells the purpose | any, also `navigate`, `document` | null |
 *
 * `fetch()` cannot make `navigate` (Fetch, section 5.4).
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
 * @see https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header
 */
export type Navigation = 'document' | 'service-worker' | 'unknown'

/** The standard's, and those of browsers that do not know it: WebKit, older Chromium, older Firefox. */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/** See {@link Navigation}; null if no page is opened. */
export function navigationOf({ method, headers }: RequestLike): Navigation | null {
  const mode = headers.get('sec-fetch-mode')
  const destination = headers.get('sec-fetch-dest')
  const purpose = purposeHeaders.map((name) => headers.get(name) ?? '').join(' ')
  if (method === 'HEAD' || /prefetch|prerender|preview/i.test(purpose)) return null
  if (method === 'CONNECT' || /websocket/i.test(headers.get('upgrade') ?? '')) return null
  if (mode === null && destination === null) return 'unknown'
  if (mode !== null && mode !== 'navigate') return null
  if (destination === null || destination === 'document') return 'document'
  return destination === 'empty' && mode === 'navigate' ? 'service-worker' : null
}

/** Whether the browser shows the answer as a page, rather than handing it to a script. */
export function opensPage(request: RequestLike): boolean {
  const navigation = navigationOf(request)
  if (navigation === 'unknown') return (request.headers.get('accept') ?? '').includes('text/html')
  return navigation !== null
}

/**
 * Whether a navigation may end or change something: it opens a page of its own. Below a service worker that cannot be told
 * from a frame of another host or a download, so it may not there. A browser that says nothing must ask for HTML.
 */
export function opensDocument(request: RequestLike): boolean {
  return navigationOf(request) !== 'service-worker' && opensPage(request)
}

/**
 * Refuses prefetches and requests by scripts: each would begin a login that no one waits for.
 *
 * @throws `core/not_a_navigation`
 */
export function checkNavigation(request: RequestLike): void {
  if (navigationOf(request) === null) throw coreError('core/not_a_navigation')
}
