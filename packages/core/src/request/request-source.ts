import { coreError } from '../errors/core-errors.ts'
import { parseUrl } from '../model/url.ts'
import { checkNavigation } from './navigation.ts'
import type { RequestLike } from './request-like.ts'

/**
 * Where a route's requests come from, and so what is checked before it runs.
 *
 * - `navigation`: a GET by which a user's browser opens a page. Prefetches and background requests are refused.
 * - `provider-callback`: a GET by which a vendor sends the browser back. One that names a `state`, and brings no cookie of a
 *   login of this provider that is under way, has no session, and signs nobody in.
 * - `same-origin`: a request by a page of ours; other sites are refused.
 * - `any`: nothing is checked.
 */
export type RequestSource = 'navigation' | 'provider-callback' | 'same-origin' | 'any'

/** Whose requests count as our own. */
export interface OwnOrigins {
  /** The origin at which the request arrived. */
  readonly origin: string
  /** Others that may act as the signed-in user. */
  readonly trustedOrigins: ReadonlySet<string>
}

/**
 * Refuses a request that a route must not act on.
 *
 * @throws `core/not_a_navigation`, `core/cross_origin`
 */
export function checkSource(source: RequestSource, request: RequestLike, own: OwnOrigins): void {
  switch (source) {
    case 'navigation':
      return checkNavigation(request)
    case 'same-origin':
      return checkOwnPage(request, own)
    case 'provider-callback':
    case 'any':
      return
    default:
      source satisfies never
  }
}

/**
 * Refuses requests by other sites, same-site siblings included: a sibling tenant and another port of localhost are
 * same-site.
 *
 * @throws `core/cross_origin`
 * @see https://www.w3.org/TR/fetch-metadata/
 */
function checkOwnPage(request: RequestLike, own: OwnOrigins): void {
  if (!isProven(request, own)) throw coreError('core/cross_origin')
}

/**
 * Whether a request may read and write the session as the user. One that names a foreign origin never may, whatever its
 * method: that is every CORS request, event stream and WebSocket of another page. A method that may change state, and an
 * upgrade, also need proof that a page of ours sent them.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function mayActAsUser(request: RequestLike, own: OwnOrigins): boolean {
  if (isForeign(request, own)) return false
  return !(isUnsafe(request.method) || opensSocket(request)) || isProven(request, own)
}

/** Whether a method may change state. */
function isUnsafe(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method)
}

/** Whether a request opens a socket: by `Upgrade` in HTTP/1.1, by CONNECT in HTTP/2. */
function opensSocket({ method, headers }: RequestLike): boolean {
  return method === 'CONNECT' || (headers.get('upgrade') ?? '') !== ''
}

/** A page of our own with the policy `no-referrer` sends `Origin: null` with a form, and `Sec-Fetch-Site: same-origin`. */
function isForeign({ headers }: RequestLike, own: OwnOrigins): boolean {
  const from = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  return from !== null && site !== 'same-origin' && site !== 'none' && !isOneOf(from, own)
}

/** Whether the headers prove that a page of ours, or of a trusted origin, sent a request. */
export function isProven(request: RequestLike, own: OwnOrigins): boolean {
  const { method, headers } = request
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return true
  // Safari before 16.4 sends no `Sec-Fetch-Site`, and no `Origin` with a GET of a page: the `Referer` says it then.
  const isPlainGet = method === 'GET' && !opensSocket(request)
  const referer = site === null && isPlainGet ? parseUrl(headers.get('referer') ?? '')?.origin : undefined
  const from = headers.get('origin') ?? referer ?? null
  return from !== null && (own.trustedOrigins.has(from) || (site === null && from === own.origin))
}

function isOneOf(from: string, { origin, trustedOrigins }: OwnOrigins): boolean {
  return from === origin || trustedOrigins.has(from)
}
