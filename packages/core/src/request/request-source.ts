import { coreError } from '../errors/core-errors.ts'
import { checkNavigation } from './navigation.ts'
import type { RequestLike } from './request-like.ts'

/**
 * Where a route's requests come from, and so what is checked before it runs.
 *
 * - `navigation`: a GET by which a user's browser opens a page. Prefetches and background requests are refused.
 * - `provider-callback`: a GET by which a vendor sends the browser back.
 * - `same-origin`: a request by a page of ours; other sites are refused.
 * - `any`: nothing is checked.
 */
export type RequestSource = 'navigation' | 'provider-callback' | 'same-origin' | 'any'

/** Whose requests count as our own. */
export interface OwnOrigins {
  /** The origin at which the request arrived. */
  readonly origin: string
  /** Others that may act as the signed-in user. */
  readonly trustedOrigins: readonly string[]
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
export function checkOwnPage({ headers }: RequestLike, { origin, trustedOrigins }: OwnOrigins): void {
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return
  const from = headers.get('origin')
  if (from !== null && (trustedOrigins.includes(from) || (site === null && from === origin))) return
  throw coreError('core/cross_origin')
}

/** Whether a method may change state. */
export function isUnsafe(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method)
}
