import { parseUrl } from '../model/url.ts'
import { navigationOf } from './navigation.ts'
import type { RequestLike } from './request-like.ts'
import { isProven, type OwnOrigins } from './request-source.ts'

/**
 * Whether a page of ours, or of a trusted origin, sent this request: the proof that a login needs to link to the session.
 * A link elsewhere, an address that was typed and a redirect of another site's request are none.
 *
 * Where the browser does not say it, because it sends no `Sec-Fetch-Site` (Safari before 16.4) or a service worker made
 * every navigation `same-origin`, the `Referer` must be ours.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isFromOwnPage(request: RequestLike, own: OwnOrigins): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (request.method !== 'GET') return site !== 'none' && isProven(request, own)
  if (site === 'same-origin' && navigationOf(request) !== 'service-worker') return true
  const referer = parseUrl(request.headers.get('referer') ?? '')?.origin
  if (referer === undefined) return false
  if (site === null || site === 'same-origin') return referer === own.origin || own.trustedOrigins.has(referer)
  // Beside `cross-site` the Referer tells who began a chain of redirects that another site was in.
  return site === 'same-site' && own.trustedOrigins.has(referer)
}
