import { coreError } from '../errors/core-errors.ts'
import type { RequestSource } from '../provider/contract.ts'
import type { Incoming } from './incoming.ts'

/** Whose requests count as our own. */
export interface OwnOrigins {
  /** The origin at which the request arrived. */
  readonly origin: string
  /** Others that may act as the signed-in person. */
  readonly trustedOrigins: readonly string[]
}

/**
 * Refuses a request that a route must not act on.
 *
 * @throws `core/not_a_navigation`, `core/cross_origin`
 */
export function checkSource(source: RequestSource, incoming: Incoming, own: OwnOrigins): void {
  switch (source) {
    case 'navigation':
      return checkNavigation(incoming)
    case 'own-page':
      return checkOwnPage(incoming, own)
    case 'vendor':
    case 'anyone':
      return
    default:
      source satisfies never
  }
}

/**
 * Refuses prefetches and requests by scripts: each would begin a login that no one waits for.
 *
 * @throws `core/not_a_navigation`
 */
function checkNavigation({ headers }: Incoming): void {
  const destination = headers.get('sec-fetch-dest')
  const purpose = `${headers.get('sec-purpose') ?? ''} ${headers.get('purpose') ?? ''}`
  if ((destination !== null && destination !== 'document') || purpose.includes('prefetch')) {
    throw coreError('core/not_a_navigation')
  }
}

/**
 * Refuses requests by other sites, same-site siblings included: a sibling tenant and another port of localhost are
 * same-site.
 *
 * @throws `core/cross_origin`
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function checkOwnPage({ headers }: Incoming, { origin, trustedOrigins }: OwnOrigins): void {
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
