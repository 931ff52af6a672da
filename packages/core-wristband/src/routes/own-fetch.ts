import { parseWebUrl, type RequestLike } from '@latchkey/core/provider'

/**
 * Whether a script of our own page asks: the browser says `same-origin`; where it says nothing (Safari before 16.4), `Origin`
 * or `Referer` is ours. Origins that may otherwise act as the user are none of ours here.
 */
export function isOwnFetch({ headers }: RequestLike, origin: string): boolean {
  const from = headers.get('origin')
  if (from !== null && from !== origin) return false
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return from === origin || parseWebUrl(headers.get('referer'))?.origin === origin
}
