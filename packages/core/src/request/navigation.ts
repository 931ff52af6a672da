import { coreError } from '../errors/core-errors.ts'
import type { RequestLike } from './request-like.ts'

/** Whether a user's browser opens a page with this request, rather than a script fetching something. */
export function isPageNavigation({ method, headers }: RequestLike): boolean {
  if (method !== 'GET') return false
  const destination = headers.get('sec-fetch-dest')
  if (destination !== null) return destination === 'document'
  return (headers.get('accept') ?? '').includes('text/html')
}

/**
 * Refuses prefetches and requests by scripts: each would begin a login that no one waits for.
 *
 * @throws `core/not_a_navigation`
 */
export function checkNavigation({ headers }: RequestLike): void {
  const destination = headers.get('sec-fetch-dest')
  const purpose = `${headers.get('sec-purpose') ?? ''} ${headers.get('purpose') ?? ''}`
  if ((destination !== null && destination !== 'document') || purpose.includes('prefetch')) {
    throw coreError('core/not_a_navigation')
  }
}

/** A form post is followed by the browser itself; a fetch cannot leave the page, so it is told where to go. */
export function isNavigation({ headers }: Request): boolean {
  const mode = headers.get('sec-fetch-mode')
  return mode === null ? (headers.get('accept') ?? '').includes('text/html') : mode === 'navigate'
}
